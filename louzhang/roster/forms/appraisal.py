"""What is typed about appraisals: a scheme, tasks of a month, scores, an objection and its answer, a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.models import SceneKind
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.register.forms.fields import DayField
from louzhang.roster.actions.appraisal.objecting import WORDS_AT_MOST
from louzhang.roster.actions.appraisal.reviewing import WORDS_AT_MOST as HEARD_AT_MOST
from louzhang.roster.indicators import KINDS
from louzhang.roster.lifecycle.appraisal import DECISIONS, REVIEW_LABELS
from louzhang.roster.models.appraisal import (
    COMMENDED_AT_MOST,
    HOURS_AT_MOST,
    NAME_LENGTH,
    WEIGHT_AT_MOST,
    WORDS_LENGTH,
)
from louzhang.roster.presets.appraisal import SchemeDraft, Weighed
from louzhang.roster.queries.appraisal.desk import Line, Sheet
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words

POINTS = [("0", "没看到"), *((str(points), f"{points} 分") for points in range(5, 0, -1))]


class SchemeForm(VerbForm):
    """A scheme: whom, where, from when, the indicators with their weights; those left empty are not part of it."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写一个名称。"})
    role = forms.ChoiceField(label="考核谁", choices=[(role.value, role.label) for role in FIELD_ROLES])
    area = forms.TypedChoiceField(label="在哪里", coerce=int, widget=LongSelect)
    commend_most = forms.IntegerField(label="每月最多表扬几人", min_value=1, max_value=COMMENDED_AT_MOST)
    pass_mark = forms.IntegerField(
        label="及格线", min_value=0, max_value=100, help_text="区间的上端还低于它，才算没有及格；填 0 就是不设。"
    )
    criteria = forms.CharField(
        label="常用打分项", required=False, widget=Words({"rows": 4, "data-grow": ""}),
        help_text="一行一项，每个月可以按当月任务改。",
    )  # fmt: skip
    asks_stars = forms.BooleanField(label="每月请服务的住户匿名打星", required=False)

    def __init__(self, *args: Any, places: Sequence[Area], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["area"]
        chosen.choices = [(area.pk, area.name) for area in places]
        for kind in KINDS.values():
            self.fields[f"weight_{kind.key}"] = forms.IntegerField(
                label=f"{kind.label}占多少", required=False, min_value=1, max_value=WEIGHT_AT_MOST,
                help_text=kind.words,
            )  # fmt: skip
            self.fields[f"label_{kind.key}"] = forms.CharField(
                label=f"{kind.label}怎么说", required=False, max_length=WORDS_LENGTH
            )
        self.fields["hours"] = forms.IntegerField(
            label="提问多少小时以内回答", required=False, min_value=1, max_value=HOURS_AT_MOST
        )

    def pairs(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Label, weight and words of every kind, for the table of the page."""
        return [(kind.label, self[f"weight_{kind.key}"], self[f"label_{kind.key}"]) for kind in KINDS.values()]

    def plain(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in ("name", "role", "area", "commend_most", "pass_mark", "asks_stars", "criteria")]

    def draft(self) -> SchemeDraft:
        """As the action takes it."""
        said = self.cleaned_data
        weighed = [
            Weighed(
                kind.key, said[f"weight_{kind.key}"], said[f"label_{kind.key}"] or "",
                (said["hours"] or 24) if kind.needs_hours else None,
            )
            for kind in KINDS.values()
            if said[f"weight_{kind.key}"]
        ]  # fmt: skip
        return SchemeDraft(
            name=said["name"], role=said["role"], indicators=tuple(weighed), commend_most=said["commend_most"],
            pass_mark=said["pass_mark"], criteria=tuple(_lines(said["criteria"])), asks_stars=said["asks_stars"],
        )  # fmt: skip


def first_of_scheme(draft: SchemeDraft) -> dict[str, Any]:
    """What the form shows of a preset."""
    found: dict[str, Any] = {
        "name": draft.name, "role": draft.role, "commend_most": draft.commend_most, "pass_mark": draft.pass_mark,
        "criteria": "\n".join(draft.criteria), "asks_stars": draft.asks_stars, "hours": 24,
    }  # fmt: skip
    for weighed in draft.indicators:
        found |= {f"weight_{weighed.kind}": weighed.weight, f"label_{weighed.kind}": weighed.label}
    return found


def _lines(typed: str) -> list[str]:
    return [" ".join(line.split()) for line in typed.splitlines() if line.strip()]


class CriteriaForm(VerbForm):
    """The tasks of a month, a line each."""

    criteria = forms.CharField(
        label="本月打分项", widget=Words({"rows": 6, "data-grow": ""}), help_text="按当月任务写，一行一项。",
        error_messages={"required": "请至少写一项。"},
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        return {"criteria": _lines(self.cleaned_data["criteria"])}


class AppraisersForm(VerbForm):
    """Who gives scores."""

    user_ids = forms.TypedMultipleChoiceField(label="请谁打分", coerce=int, required=False, widget=ChipBoxes)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["user_ids"]
        chosen.choices = people


class StarsForm(VerbForm):
    """Two who count the star sheets, and until when households may fill them in."""

    counters = forms.TypedMultipleChoiceField(
        label="计票人", coerce=int, widget=ChipBoxes, help_text="选两位，不能是这个月被考核的人。",
        error_messages={"required": "请选两位计票人。"},
    )  # fmt: skip
    closes_on = DayField(label="填到哪天")

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["counters"]
        chosen.choices = people

    def given(self) -> dict[str, Any]:
        """As the action takes it: open to the end of the day."""
        said = super().given()
        closes = clock.day_start(said["closes_on"] + timedelta(days=1))
        return {"counters": said["counters"], "closes_at": closes}


class ScoresForm(VerbForm):
    """The own sheet: a number for each person and task. Rows left whole without a number are not sent."""

    def __init__(self, *args: Any, sheets: Sequence[Sheet], tasks: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sheets, self.tasks = sheets, tasks
        for sheet in sheets:
            for place, points in enumerate(sheet.points):
                self.fields[_cell(sheet.who.user_id, place)] = forms.ChoiceField(
                    label=f"{sheet.who.place} {sheet.who.name}：{tasks[place]}", choices=POINTS, required=False,
                    initial=str(points),
                )  # fmt: skip

    def rows(self) -> list[tuple[Sheet, list[tuple[str, forms.BoundField]]]]:
        """A line for each person: the tasks with their fields."""
        return [
            (sheet, [(task, self[_cell(sheet.who.user_id, place)]) for place, task in enumerate(self.tasks)])
            for sheet in self.sheets
        ]

    def given(self) -> dict[str, Any]:
        """The numbers by person, of those who got any or had some before."""
        found: dict[int, list[int]] = {}
        for sheet in self.sheets:
            cells = [self.cleaned_data.get(_cell(sheet.who.user_id, place)) for place in range(len(self.tasks))]
            points = [int(cell or 0) for cell in cells]
            if any(points) or any(sheet.points):
                found[sheet.who.user_id] = points
        return {"points": found}


def _cell(user_id: int, place: int) -> str:
    return f"p{user_id}_{place}"


class PublishForm(VerbForm):
    """Whose names are published: chosen from the best group."""

    commended = forms.TypedMultipleChoiceField(label="表扬谁", coerce=int, required=False, widget=ChipBoxes)
    seen_digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, best: Sequence[Line], most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["commended"]
        chosen.choices = [(line.who.user_id, f"{line.who.name}（{line.who.place}）") for line in best]
        chosen.help_text = f"第一档里的人不分先后，最多选 {most} 位；只公布选中的名字。"


class ObjectionForm(VerbForm):
    """Which figure, and what is wrong with it."""

    kind = forms.ChoiceField(label="哪个数字", error_messages={"required": "请选哪个数字。"})
    words = forms.CharField(
        label="哪里不对", max_length=WORDS_AT_MOST, widget=Words({"rows": 4, "data-grow": ""}),
        error_messages={"required": "请写一句哪里不对。"},
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["kind"]
        chosen.choices = kinds


class AnswerForm(VerbForm):
    """The answer of the community: a reason, and what is to be added where the figure was wrong."""

    reason = forms.CharField(
        label="答复", max_length=WORDS_AT_MOST, widget=Words({"rows": 4, "data-grow": ""}),
        error_messages={"required": "请写一句理由，本人会看到。"},
    )  # fmt: skip
    cases = forms.IntegerField(label="件数加几（减就填负数）", required=False, help_text="数字没错就都留空。")
    good = forms.IntegerField(label="其中做好的加几", required=False)


class HearForm(VerbForm):
    """What the person says."""

    words = forms.CharField(
        label="本人的话", max_length=HEARD_AT_MOST, widget=Words({"rows": 6, "data-grow": ""}),
        error_messages={"required": "请把本人的话写下来。"},
    )  # fmt: skip
    way = forms.ChoiceField(label="怎么听的", widget=ChipRadio)

    def __init__(self, *args: Any, ways: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["way"]
        chosen.choices = list(ways.items())
        if len(ways) == 1:
            chosen.initial, chosen.widget = next(iter(ways)), forms.HiddenInput()


class DecideForm(VerbForm):
    """What people decide, and why."""

    decision = forms.ChoiceField(
        label="决定", widget=ChipRadio, choices=[(state.value, REVIEW_LABELS[state]) for state in DECISIONS],
        error_messages={"required": "请选一个决定。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="为什么", max_length=HEARD_AT_MOST, widget=Words({"rows": 4, "data-grow": ""}),
        error_messages={"required": "请写一句为什么。"},
    )  # fmt: skip


class SceneForm(VerbForm):
    """The scene under which staff may be compared."""

    kind = forms.ChoiceField(label="情形", choices=SceneKind.choices)
    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写明是什么情形。"})
    document = forms.CharField(
        label="依据的文件（文号）", max_length=80, error_messages={"required": "请写明依据哪个文件。"}
    )
    starts_on = DayField(label="从哪天")
    ends_on = DayField(label="到哪天")


def month_of(typed: str) -> date:
    """The first day of a month in an address (2026-03); raises `InputRefused`."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise InputRefused("没有这个月份，请从列表里选。", field="month") from None


ROLES = dict(Role.choices)
