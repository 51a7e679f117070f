"""What is typed on a day's list: why not today, what is to be added, to whom something is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from louzhang.areas.models import Area
from louzhang.fieldwork.actions.days import MINUTES_AT_MOST, WORDS_AT_MOST, add_item, move_item
from louzhang.fieldwork.models import TITLE_LENGTH, DayItem, DayList, Why
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.shell.widgets import ChipRadio, LongSelect, Words


class RefuseForm(VerbForm):
    """Why not today."""

    why = forms.ChoiceField(
        label="为什么今天不做", choices=Why.choices, widget=ChipRadio, error_messages={"required": "请选一个原因。"}
    )
    words = forms.CharField(
        label="补充一句", required=False, max_length=WORDS_AT_MOST, widget=Words({"rows": 3, "data-grow": ""}),
        help_text="社区能看到，好另作安排。不写别人的病情。",
    )  # fmt: skip


class AddForm(VerbForm):
    """Something the community lays on a day."""

    title = forms.CharField(
        label="做什么", max_length=TITLE_LENGTH, error_messages={"required": "请用一句话写要做什么。"},
        help_text="一句话，不写居民的病情和号码。",
    )  # fmt: skip
    area = forms.ChoiceField(label="在哪里", widget=LongSelect, required=False)
    minutes = forms.IntegerField(
        label="大约几分钟", required=False, min_value=1, max_value=MINUTES_AT_MOST, help_text="不填按 20 分钟算。"
    )

    def prepare(self, places: list[tuple[str, str]]) -> None:
        """Give the places to choose from."""
        chosen: Any = self.fields["area"]
        chosen.choices = [("", "不定在哪里"), *places]


class MoveForm(VerbForm):
    """To whom a line is given."""

    to = forms.ChoiceField(label="交给谁", widget=ChipRadio, error_messages={"required": "请选交给谁。"})

    def prepare(self, days: list[tuple[str, str]]) -> None:
        """Give the days to choose from."""
        chosen: Any = self.fields["to"]
        chosen.choices = days


def once_on_item(
    posted: Mapping[str, Any],
    uid: UUID,
    verb: str,
    action: Callable[..., DayItem],
    *,
    actor: Actor,
    at: datetime,
    form: VerbForm | None = None,
) -> None:
    """Do something with a line once per entry id; raises the form's first error, and the action's."""
    typed = form or VerbForm(data=dict(posted.items()))
    if not typed.is_valid():
        raise first_refusal(typed)
    given = typed.given()

    def perform() -> Mapping[str, Any]:
        action(uid=uid, actor=actor, at=at, entry_id=typed.cleaned_data["entry_id"], **given)
        return {"verb": verb}

    body = {"act": f"day_item.{verb}", "row": str(uid), **plain_body(typed)}
    once(actor=actor, entry_id=typed.cleaned_data["entry_id"], body=body, at=at, perform=perform)


def add_once(form: AddForm, day_list: DayList, *, actor: Actor, at: datetime) -> None:
    """Lay something on a day once per entry id."""
    if not form.is_valid():
        raise first_refusal(form)
    given = form.given()
    area = Area.objects.filter(pk=given["area"]).first() if given["area"] else None

    def perform() -> Mapping[str, Any]:
        item = add_item(
            list_uid=day_list.uid, title=given["title"], area=area, minutes=given["minutes"], actor=actor, at=at,
            entry_id=form.cleaned_data["entry_id"],
        )  # fmt: skip
        return {"item": item.pk}

    body = {"act": "day_list.add", "row": str(day_list.uid), **plain_body(form)}
    once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)


def move_once(form: MoveForm, item: DayItem, *, actor: Actor, at: datetime) -> None:
    """Give a line to somebody else once per entry id."""
    if not form.is_valid():
        raise first_refusal(form)

    def perform() -> Mapping[str, Any]:
        entry_id = form.cleaned_data["entry_id"]
        moved = move_item(uid=item.uid, to_uid=UUID(form.cleaned_data["to"]), actor=actor, at=at, entry_id=entry_id)
        return {"item": moved.pk}

    body = {"act": "day_item.move", "row": str(item.uid), **plain_body(form)}
    once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)
