"""A poll of its own as an office types it: what is asked, whom, when, by which rules, who counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.ballots.forms.desk import Moment
from louzhang.ballots.models import Poll, TellerDuty
from louzhang.ballots.rules import (
    ELECTORATE_LABELS,
    ITEMS_AT_MOST,
    KIND_LABELS,
    TIE_LABELS,
    Choice,
    Electorate,
    Kind,
    Rules,
    TieRule,
)
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock
from louzhang.kit.phones import InvalidPhone, normal_phone
from louzhang.shell.widgets import ChipBoxes, ChipRadio, Words

LABEL_AT_MOST, NOTE_AT_MOST = 60, 200
OPENS_IN, RUNS_FOR, ROLL_DAYS = timedelta(days=4), timedelta(days=5), 3
Pairs = Sequence[tuple[int, str]]


def _number(label: str, least: int, most: int, initial: int, help_text: str = "") -> forms.IntegerField:
    said = {
        "required": f"请填一个数字，从 {least} 到 {most}。", "invalid": f"请填一个数字，从 {least} 到 {most}。",
        "min_value": f"最少 {least}。", "max_value": f"最多 {most}。",
    }  # fmt: skip
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, initial=initial, help_text=help_text, error_messages=said,
    )  # fmt: skip


def _moment(label: str) -> forms.DateTimeField:
    said = {"required": "请选择日期和时间。", "invalid": "请选择日期和时间。"}
    return forms.DateTimeField(label=label, widget=Moment, error_messages=said)


def _lines(label: str, help_text: str) -> forms.CharField:
    widget = Words({"rows": 6, "data-wanted": ""})
    return forms.CharField(label=label, max_length=8000, required=False, widget=widget, help_text=help_text)


def _people(label: str, help_text: str, *, is_wanted: bool = False) -> forms.TypedMultipleChoiceField:
    widget = ChipBoxes({"data-wanted": ""} if is_wanted else {})
    return forms.TypedMultipleChoiceField(label=label, coerce=int, required=False, widget=widget, help_text=help_text)


class DraftForm(VerbForm):
    """Everything of a poll that serves nothing else."""

    title = forms.CharField(
        label="名称", max_length=60, help_text="居民看得懂的，比如：12号楼楼长推选。",
        error_messages={"required": "请写一个名称，居民看得懂的。"},
    )  # fmt: skip
    note = forms.CharField(
        label="说明",
        max_length=300,
        required=False,
        widget=Words({"rows": 2}),
        help_text="为什么投、怎么投，投票的页面上会显示。",
    )
    kind = forms.ChoiceField(
        label="投什么", choices=[(kind.value, words) for kind, words in KIND_LABELS.items()], widget=ChipRadio,
        initial=Kind.CHOICE, error_messages={"required": "请选投什么。"},
    )  # fmt: skip
    options = _lines("选项", "一行一个。人选的姓名后面空一格，可以写一句介绍，比如：王芳 住2单元，愿意跑腿。")
    questions = _lines("题目", "一行一题，每题一到五颗星，比如：有事找得到人吗。")
    phones = forms.CharField(
        label="候选人、被评的人的手机号", max_length=1000, required=False,
        widget=Words({"rows": 2, "data-private": "", "autocomplete": "off", "inputmode": "tel"}),
        help_text="一行一个，有账号的才填。这些人看不到这次投票的后台，也不能计票、送票、录入。",
    )  # fmt: skip
    areas = forms.TypedMultipleChoiceField(
        label="哪里的人来投", coerce=int, widget=ChipBoxes, error_messages={"required": "请选择哪些地方的人来投。"}
    )
    electorate = forms.ChoiceField(
        label="谁来投", choices=[(each.value, words) for each, words in ELECTORATE_LABELS.items()], widget=ChipRadio,
        initial=Electorate.HOUSEHOLD,
    )  # fmt: skip
    opens_at = _moment("开始投票")
    closes_at = _moment("结束投票")
    objection_days = _number("名册先公示几天", 0, 30, ROLL_DAYS, "公示期里住户可以说名册哪里不对。赶得上开始投票才行。")
    seats = _number("选出几个", 1, ITEMS_AT_MOST, 1)
    picks = _number("每票最多选几个", 1, ITEMS_AT_MOST, 1)
    quorum_percent = _number("至少百分之几参加才算数", 0, 100, 50, "0 是不限。")
    least_percent = _number("得票要超过实投的百分之几", 0, 99, 0, "0 是谁票多谁当选，50 是要过半。")
    tie_rule = forms.ChoiceField(
        label="得票相同时", choices=[(each.value, words) for each, words in TIE_LABELS.items()], widget=ChipRadio,
        initial=TieRule.RUN_OFF, help_text="按先后的，就是上面选项写的先后。",
    )  # fmt: skip
    proxies_at_most = _number("一人最多替别人投几票", 0, 3, 0, "0 是不能委托。")
    has_paper = forms.BooleanField(label="可以用纸票", required=False)
    has_door_box = forms.BooleanField(label="可以送票箱上门", required=False)
    counters = _people(
        "两位计票人", "只有他们看得到名册和谁投过。没有纸票的星级评价可以不选，到时间自动计。", is_wanted=True
    )
    typists = _people("录入纸票的人", "除了计票人以外还要别人录的才选。")
    carriers = _people("送票箱上门的人", "候选人、在任的人和他们家里的人都不行。")

    def __init__(self, *args: Any, places: Pairs, people: Pairs, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["areas"].choices = list(places)
        for name in ("counters", "typists", "carriers"):
            fields[name].choices = list(people)

    def clean_options(self) -> list[Choice]:
        """One option a line: a name, then what is said of it; their order is the precedence."""
        return [self._option(place, line) for place, line in enumerate(self._typed("options"), start=1)]

    def _option(self, place: int, line: str) -> Choice:
        label, _, note = line.partition(" ")
        if len(label) > LABEL_AT_MOST or len(note) > NOTE_AT_MOST:
            raise forms.ValidationError(
                f"第 {place} 行太长：名称最多 {LABEL_AT_MOST} 个字，介绍最多 {NOTE_AT_MOST} 个字。"
            )
        return Choice(label, note.strip(), precedence=place)

    def clean_questions(self) -> list[str]:
        """One question a line."""
        lines = self._typed("questions")
        if any(len(line) > LABEL_AT_MOST for line in lines):
            raise forms.ValidationError(f"有一题太长，最多 {LABEL_AT_MOST} 个字。请缩短。")
        return lines

    def clean_phones(self) -> list[int]:
        """The accounts of these numbers; a number without one keeps nobody away, and so it is not taken."""
        return [self._account(place, line) for place, line in enumerate(self._typed("phones"), start=1)]

    def _account(self, place: int, line: str) -> int:
        try:
            person = User.objects.by_phone(normal_phone(line))
        except InvalidPhone as refusal:
            raise forms.ValidationError(f"第 {place} 行：{refusal}") from None
        if person is None:
            raise forms.ValidationError(f"第 {place} 行的号码没有账号，系统认不出他。请删去这一行，由计票人自己认。")
        return int(person.pk)

    def _typed(self, name: str) -> list[str]:
        lines = str(self.cleaned_data.get(name) or "").splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def clean(self) -> dict[str, Any]:
        """A choice has options, a star sheet questions."""
        said = super().clean() or self.cleaned_data
        asked = {Kind.CHOICE: "options", Kind.STARS: "questions"}.get(said.get("kind", ""))
        if asked is not None and asked not in self.errors and not said.get(asked):
            self.add_error(asked, "请至少写一行。")
        return said

    def drafted(self, areas: Sequence[Area]) -> dict[str, Any]:
        """What the action takes; only for a valid form."""
        said, is_choice = self.cleaned_data, self.cleaned_data["kind"] == Kind.CHOICE
        names = ("seats", "picks") if is_choice else ()
        rules = Rules(
            quorum_percent=said["quorum_percent"], least_percent=said["least_percent"] if is_choice else 0,
            tie_rule=said["tie_rule"], proxies_at_most=said["proxies_at_most"], has_paper=said["has_paper"],
            has_door_box=said["has_door_box"], objection_days=said["objection_days"],
            **{name: said[name] for name in names},
        )  # fmt: skip
        kept = ("title", "note", "kind", "electorate", "opens_at", "closes_at", "counters", "typists", "carriers")
        lines = {"options": said["options"]} if is_choice else {"questions": said["questions"]}
        return {
            **{name: said[name] for name in kept},
            **lines,
            "areas": areas,
            "barred": said["phones"],
            "rules": rules,
        }


def first_draft(at: datetime) -> dict[str, Any]:
    """Hours that leave the roll its days."""
    return {"opens_at": _hour(at + OPENS_IN), "closes_at": _hour(at + OPENS_IN + RUNS_FOR)}


def _hour(at: datetime) -> datetime:
    return clock.local(at).replace(hour=9, minute=0, second=0, microsecond=0)


def draft_like(poll: Poll) -> dict[str, Any]:
    """A poll as first values of another, without its hours; whom it kept away is asked anew."""
    names = (
        "title", "note", "kind", "electorate", "objection_days", "seats", "picks", "quorum_percent", "least_percent",
        "tie_rule", "proxies_at_most", "has_paper", "has_door_box",
    )  # fmt: skip
    lines = "\n".join(f"{item.label} {item.note}".strip() for item in poll.items.order_by("position"))
    tellers = list(poll.tellers.values_list("duty", "user_id"))
    return {name: getattr(poll, name) for name in names} | {
        "options": "" if poll.is_of_stars else lines,
        "questions": lines if poll.is_of_stars else "",
        "counters": [user_id for duty, user_id in tellers if duty == TellerDuty.COUNTER],
        "typists": [user_id for duty, user_id in tellers if duty == TellerDuty.TYPIST],
        "carriers": [user_id for duty, user_id in tellers if duty == TellerDuty.CARRIER],
    }
