"""What is typed about teams, postings, leaves, meetings, sample checks and papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Post
from louzhang.areas.roles import Role
from louzhang.fieldwork.forms.errands import title_of
from louzhang.fieldwork.forms.patrols import PlainCategoryField
from louzhang.fieldwork.queries.handing import stand_ins_of
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.forms.fields import DayField
from louzhang.roster.lifecycle.posted import CHECK, GROUNDS, LEAVE, MEETING, PAPER, POSTING, Tie
from louzhang.roster.models.posted import (
    WORDS_AT_MOST,
    PaperKind,
    PostedTeam,
    Posting,
    Strength,
    TeamMeeting,
)
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words

MISSING = {**POSTING.missing, **LEAVE.missing, **CHECK.missing, **PAPER.missing, **MEETING.missing}
MONTH = 30
SEATED: Mapping[str, frozenset[str]] = {
    Role.OFFICE_STAFF: frozenset({LevelKind.COMMUNITY}),
    Role.GRID_LEAD: frozenset({LevelKind.GRID}),
    Role.GRID_WORKER: frozenset({LevelKind.GRID}),
    Role.CHIEF: frozenset({LevelKind.BUILDING, LevelKind.GROUP}),
    Role.STAIRWELL_HEAD: frozenset({LevelKind.STAIRWELL}),
}


def _words(label: str, missing: str = "", *, required: bool = True, help_text: str = "") -> forms.CharField:
    said = {"max_length": f"文字太长了，请缩短到 {WORDS_AT_MOST} 字以内。"}
    if missing:
        said["required"] = missing
    return forms.CharField(
        label=label, max_length=WORDS_AT_MOST, required=required, widget=Words, help_text=help_text, error_messages=said
    )


def _short(label: str, most: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    said = {"required": f"请填{label}。", "max_length": f"最多 {most} 个字，请缩短。"}
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text, error_messages=said)


def _chosen(label: str, missing: str) -> forms.ChoiceField:
    said = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(label=label, widget=LongSelect, error_messages=said)


class TeamForm(VerbForm):
    """A new team."""

    name = _short("队伍名称", 40, help_text="例如：第一书记、主任助理、党建指导员、四员。")
    document = _short("文件号", 60, required=False)
    area = _chosen("由谁组建和管理", "请选街道或区。")
    starts_on = DayField(label="从哪天")
    ends_on = DayField(label="到哪天")
    days_a_week = forms.IntegerField(
        label="每周到岗几天", min_value=1, max_value=7, initial=2,
        help_text="按工作记录算，不用签到。",
        error_messages={"required": "请填 1 到 7。", "min_value": "请填 1 到 7。", "max_value": "请填 1 到 7。"},
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[Area], at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offices = {str(area.pk): area for area in offices}
        field: Any = self.fields["area"]
        field.choices = [(key, area.name) for key, area in self._offices.items()]
        today = clock.local_date(at)
        self.initial.setdefault("starts_on", today)
        self.initial.setdefault("ends_on", today + timedelta(days=365))

    def given(self) -> dict[str, Any]:
        """With the office itself."""
        said = super().given()
        return said | {"area": self._offices[said["area"]]}


class ProposeForm(VerbForm):
    """Who, from which unit, to which place, good at what."""

    who = _chosen("派谁", "请选派谁去。")
    role = forms.ChoiceField(
        label="做什么", widget=ChipRadio, choices=[(role, Role(role).label) for role in SEATED],
        error_messages={"required": "请选做什么。"},
    )  # fmt: skip
    area = _chosen("派到哪里", "请选派到哪里。")
    strengths = forms.MultipleChoiceField(
        label="长处", required=False, widget=ChipBoxes, choices=Strength.choices,
        help_text="用来和各处的需要对照，只有管理派驻的人看得到。",
    )  # fmt: skip
    starts_on = DayField(label="从哪天")
    ends_on = DayField(label="到哪天")

    def __init__(self, *args: Any, team: PostedTeam, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        today = clock.local_date(at)
        self._people = _members(today)
        who: Any = self.fields["who"]
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, post in self._people.items():
            if post.unit is not None:
                groups.setdefault(post.unit.name, []).append((key, post.user.name))
        who.choices = [("", "请选择"), *groups.items()]
        self._places = {str(area.pk): area for area in _places_of(team)}
        place: Any = self.fields["area"]
        place.choices = [("", "请选择"), *((key, f"{_indent(area)}{area.name}") for key, area in self._places.items())]
        self.initial.setdefault("starts_on", max(today, team.starts_on))
        self.initial.setdefault("ends_on", team.ends_on)

    def clean(self) -> dict[str, Any]:
        """The role must have its seat at the place."""
        said = super().clean() or self.cleaned_data
        area, role = self._places.get(said.get("area", "")), said.get("role", "")
        if area is not None and role and area.level.kind not in SEATED[role]:
            self.add_error(
                "area", f"“{Role(role).label}”要选一个{'、'.join(LevelKind(k).label for k in SEATED[role])}。"
            )
        return said

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        said = super().given()
        post = self._people[said.pop("who")]
        return said | {"user": post.user, "home_unit": post.unit, "area": self._places[said["area"]]}


def _members(today: date) -> dict[str, Post]:
    """People of units that are no office, by "unit:person": whoever is sent comes from one of them."""
    rows = Post.objects.as_of(today).filter(unit__office_area=None, unit__isnull=False, user__ended_at=None)
    rows = rows.select_related("user", "unit").order_by("unit__name", "user__name", "pk")
    return {f"{row.unit_id}:{row.user_id}": row for row in rows[:5000]}


def _places_of(team: PostedTeam) -> list[Area]:
    rows = Area.objects.get_queryset().under_paths([team.area.path]).filter(ended_at=None)
    rows = rows.filter(level__kind__in=sorted(set().union(*SEATED.values()))).select_related("level")
    return list(rows.order_by("path")[:5000])


def _indent(area: Area) -> str:
    return "　" * max(area.level.rank - RANKS[LevelKind.COMMUNITY], 0)


class NeedForm(VerbForm):
    """What a place asks for."""

    area = _chosen("哪里", "请选哪里。")
    strength = forms.ChoiceField(
        label="需要什么样的人", widget=ChipRadio, choices=Strength.choices,
        error_messages={"required": "请选需要什么样的人。"},
    )  # fmt: skip
    note = _short("说明", 120, required=False)

    def __init__(self, *args: Any, places: list[Area], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = {str(area.pk): area for area in places}
        field: Any = self.fields["area"]
        field.choices = [(key, area.name) for key, area in self._places.items()]

    def given(self) -> dict[str, Any]:
        """With the place itself."""
        said = super().given()
        return said | {"area": self._places[said["area"]]}


class MeetingForm(VerbForm):
    """A meeting to come."""

    subject = _short("说什么事", 80)
    place = _short("在哪里", 60)
    starts_at = forms.DateTimeField(
        label="什么时候",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "请选什么时候。", "invalid": "请选一个日期和时间。"},
    )


class DrawForm(VerbForm):
    """What to draw from."""

    since = DayField(label="从哪天")
    last_day = DayField(label="到哪天（含）")
    size = forms.IntegerField(
        label="抽几条", min_value=1, max_value=50, initial=5,
        error_messages={"required": "请填抽几条。", "max_value": "一次最多抽 50 条。", "min_value": "至少抽 1 条。"},
    )  # fmt: skip

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        today = clock.local_date(at)
        self.initial.setdefault("since", today - timedelta(days=MONTH))
        self.initial.setdefault("last_day", today)

    def given(self) -> dict[str, Any]:
        """Up to, not including, the day after the last."""
        said = super().given()
        return {"since": said["since"], "until": said["last_day"] + timedelta(days=1), "size": said["size"]}


class PostedLeaveForm(VerbForm):
    """From when to when, and who stands in; nobody is asked why."""

    starts_on = DayField(label="从哪天")
    last_day = DayField(label="到哪天（含）")
    stand_in = forms.TypedChoiceField(
        label="谁来替岗", coerce=int, widget=LongSelect, error_messages={"required": "请选谁来替岗。"}
    )

    def __init__(self, *args: Any, posting: Posting, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["stand_in"]
        others = stand_ins_of(posting.post, at) if posting.post is not None else []
        chosen.choices = [
            ("", "请选择"),
            *((str(row.user_id), f"{row.user.name}（{title_of(row)}）") for row in others),
        ]

    def given(self) -> dict[str, Any]:
        """The end is the day on which the post comes back."""
        said = super().given()
        return {
            "starts_on": said["starts_on"],
            "ends_on": said["last_day"] + timedelta(days=1),
            "stand_in": User.objects.get(pk=said["stand_in"]),
        }


class PaperForm(VerbForm):
    """A text to the home unit."""

    kind = forms.ChoiceField(
        label="哪一种", widget=ChipRadio, choices=PaperKind.choices, error_messages={"required": "请选哪一种。"}
    )
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    words = _words("内容", PAPER.missing["words"], help_text="写好以后先请本人看，本人看过才能送派出单位。")


class MoveForm(VerbForm):
    """One verb: the fields that its transition names."""

    def __init__(self, *args: Any, step: Transition, row: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in (*step.needs, *step.takes):
            self.fields[name] = FIELDS[name](step, row)

    def given(self) -> dict[str, Any]:
        """People and places as the action takes them."""
        said = super().given()
        if "present" in said:
            said["present"] = [int(each) for each in said["present"]]
        fields: Any = self.fields
        if "area" in said:
            said["area"] = fields["area"].places[said["area"]]
        if "category" in said:
            said["category"] = fields["category"].leaf(said["category"])
        return said


def _ground(_step: Transition, row: Posting) -> forms.Field:
    own = Tie.PERSON in row.relations_now
    choices = [(key, label) for key, label in GROUNDS.items() if not own or key == "withdraw"]
    return forms.ChoiceField(
        label="哪一种", widget=ChipRadio, choices=choices, error_messages={"required": POSTING.missing["ground"]}
    )


def _present(_step: Transition, row: TeamMeeting) -> forms.Field:
    people = Posting.objects.filter(team=row.team).select_related("user").order_by("user__name").distinct()
    choices = {str(each.user_id): each.user.name for each in people}
    return forms.MultipleChoiceField(label="到会的", required=False, widget=ChipBoxes, choices=list(choices.items()))


class TaskPlaceField(forms.ChoiceField):
    """Where a task is to be done: a community or grid of the team's ground."""

    def __init__(self, team: PostedTeam) -> None:
        rows = Area.objects.get_queryset().under_paths([team.area.path]).filter(ended_at=None)
        rows = rows.filter(level__kind__in=[LevelKind.COMMUNITY, LevelKind.GRID, LevelKind.BUILDING])
        self.places = {str(area.pk): area for area in rows.select_related("level").order_by("path")[:5000]}
        choices = [("", "请选择"), *((key, f"{_indent(area)}{area.name}") for key, area in self.places.items())]
        said = {"required": MEETING.missing["area"], "invalid_choice": MEETING.missing["area"]}
        super().__init__(label="在哪里", widget=LongSelect, choices=choices, error_messages=said)


def _category() -> forms.Field:
    field = PlainCategoryField(label="哪类事")
    field.offer()
    return field


FIELDS: Mapping[str, Callable[[Transition, Any], forms.Field]] = {
    "reason": lambda step, row: _words("理由", MISSING["reason"]),
    "words": lambda step, row: _words(step.label if step.verb != "write" else "内容", MISSING["words"]),
    "minutes": lambda step, row: _words("会议记录", MISSING["minutes"]),
    "remark": lambda step, row: _words(
        "我的意见", required=False, help_text="可以不写。写了会和这份材料一起送派出单位，一个字也不改。"
    ),
    "ground": _ground,
    "present": _present,
    "category": lambda step, row: _category(),
    "area": lambda step, row: TaskPlaceField(row.team),
}
