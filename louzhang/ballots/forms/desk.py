"""What is typed for a poll at the desk: reasons, hours, who was drawn, what the box held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from louzhang.ballots.actions import PaperTotals
from louzhang.ballots.actions.counting import seats_left
from louzhang.ballots.lifecycle import MISSING
from louzhang.ballots.models import Item, Poll
from louzhang.ballots.rules import STARS, Standing
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.shell.widgets import Words

WORDS_AT_MOST = 500
PAPERS_AT_MOST = 100_000


def _words(label: str, missing: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS_AT_MOST, widget=Words, help_text=help_text,
        error_messages={"required": MISSING[missing]},
    )  # fmt: skip


class MoveForm(VerbForm):
    """The base of what is done with a poll; a verb without inputs has this form."""

    def __init__(self, *args: Any, poll: Poll, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.prepare(poll, at)

    def prepare(self, poll: Poll, at: datetime) -> None:
        """Choices and first values that hang on the poll."""


class WithdrawForm(MoveForm):
    """Why it is called off."""

    reason = _words("为什么撤销", "reason", "投过的票不会打开，直接销毁。")


class DrawForm(MoveForm):
    """Who was drawn, and how."""

    drawn = forms.TypedMultipleChoiceField(
        label="抽中的人", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": MISSING["drawn"], "invalid_choice": MISSING["drawn"]},
    )  # fmt: skip
    words = _words("在哪里、当着谁抽的", "words")

    def prepare(self, poll: Poll, at: datetime) -> None:
        """Those with as many votes."""
        tied = poll.items.filter(standing=Standing.TIED).order_by("position")
        field: Any = self.fields["drawn"]
        field.choices = [(item.pk, item.label) for item in tied]
        field.help_text = f"勾选 {seats_left(poll)} 个。"


class Moment(forms.DateTimeInput):
    """A day and an hour, in the district's time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class HoursForm(MoveForm):
    """When a poll runs."""

    opens_at = forms.DateTimeField(label="开始", widget=Moment, error_messages={"required": "请选择开始的时间。"})
    closes_at = forms.DateTimeField(label="结束", widget=Moment, error_messages={"required": "请选择结束的时间。"})


class ObjectForm(VerbForm):
    """What is wrong with the roll."""

    words = _words("哪里不对", "words", "只有两位计票人能看，计票以后删除。")


class SettleForm(VerbForm):
    """What the counters found."""

    is_upheld = forms.TypedChoiceField(
        label="核对结果", coerce=lambda value: value == "yes",
        choices=[("yes", "说得对，改名册"), ("no", "名册没有错")], widget=forms.RadioSelect,
        error_messages={"required": "请选择核对的结果。"},
    )  # fmt: skip
    words = _words("答复", "words")


MOVE_FORMS: Mapping[str, type[MoveForm]] = {
    "withdraw": WithdrawForm, "draw": DrawForm, "run_off": HoursForm, "set_hours": HoursForm,
}  # fmt: skip


def form_of(verb: str) -> type[MoveForm]:
    """The form of a verb."""
    return MOVE_FORMS.get(verb, MoveForm)


def papers_typed(poll: Poll, items: Sequence[Item], posted: Any) -> PaperTotals:
    """The totals somebody has typed; raises `InputRefused` for a line that is no number."""
    values = range(1, STARS + 1) if poll.is_of_stars else (1,)
    by_item = tuple(
        {value: count for value in values if (count := _number(posted, f"item-{item.pk}-{value}"))} for item in items
    )
    sums = [_number(posted, name) for name in ("papers", "blank", "invalid")]
    return PaperTotals(sums[0], sums[1], sums[2], by_item)


def _number(posted: Any, name: str) -> int:
    typed = number_of(str(posted.get(name, "")).strip())
    if typed is None or typed > PAPERS_AT_MOST:
        raise InputRefused("每一行都要填数字，没有票的填 0。", field=name)
    return typed


def moment_words(at: datetime) -> str:
    """A moment as its field shows it."""
    return clock.local(at).strftime("%Y-%m-%dT%H:%M")
