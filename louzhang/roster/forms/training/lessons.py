"""What is typed about courses, lessons, materials, rules and postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.fieldwork.queries.handing import stand_ins_for
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock
from louzhang.register.forms.fields import DayField
from louzhang.roster.actions.training.courses import CourseDraft, MaterialDraft
from louzhang.roster.actions.training.lessons import LessonDraft
from louzhang.roster.actions.training.postings import PostingDraft
from louzhang.roster.models.training import Course, CourseKind, CourseSubject, Enrolment, HostLevel, Lesson, Tier
from louzhang.roster.models.training.courses import LINK_LENGTH, NAME_LENGTH, TEXT_LENGTH, WORDS_LENGTH
from louzhang.roster.models.training.lessons import PLACE_LENGTH
from louzhang.roster.models.training.postings import HOST_LENGTH
from louzhang.roster.models.training.reach import READER_ROLES
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words
from louzhang.workorders.forms.fields import UuidListField

ROLES = [(role.value, role.label) for role in READER_ROLES]
MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and a time, chosen with the device's own picker."""

    def __init__(self, *, label: str, **options: Any) -> None:
        said = {"required": "请填日期和时间。", "invalid": "请填日期和时间。"}
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
        super().__init__(label=label, widget=widget, input_formats=[MOMENT], error_messages=said, **options)


def chosen_area(areas: Sequence[Area], typed: str) -> Area:
    """The area chosen, else the first."""
    return next((area for area in areas if str(area.pk) == typed), areas[0])


class OfOffice(VerbForm):
    """The base of what an office lays down: which of its offices, where it has several."""

    area = forms.ChoiceField(label="由哪里办", required=False)

    def for_places(self, areas: Iterable[Area]) -> Any:
        """Give the offices to choose from; a single one is not asked."""
        choices = [(str(area.pk), area.name) for area in areas]
        field: Any = self.fields["area"]
        field.choices = choices
        if len(choices) <= 1:
            field.widget = forms.HiddenInput()
        return self


class CourseForm(OfOffice):
    """A course."""

    name = forms.CharField(label="课程名称", max_length=NAME_LENGTH, error_messages={"required": "请写课程名称。"})
    kind = forms.ChoiceField(
        label="什么时候学", choices=CourseKind.choices, widget=ChipRadio, error_messages={"required": "请选一样。"}
    )
    tier = forms.TypedChoiceField(
        label="级别", choices=[("", "不分级"), *Tier.choices], coerce=int, empty_value=None, required=False,
        help_text="只有分级的课要选。",
    )  # fmt: skip
    subject = forms.ChoiceField(
        label="学什么", choices=CourseSubject.choices, widget=ChipRadio, error_messages={"required": "请选学什么。"}
    )
    roles = forms.MultipleChoiceField(
        label="给谁讲", choices=ROLES, widget=ChipBoxes, error_messages={"required": "请选这门课给谁讲。"}
    )
    about = forms.CharField(
        label="讲什么", max_length=WORDS_LENGTH, required=False, widget=Words({"rows": 3, "data-grow": ""})
    )

    def draft(self) -> CourseDraft:
        """As the action takes it."""
        said = self.cleaned_data
        names = ("name", "kind", "subject", "roles", "tier", "about")
        return CourseDraft(**{name: said[name] for name in names})


def first_of_course(course: Course) -> dict[str, Any]:
    """What stands there now."""
    names = ("name", "kind", "subject", "roles", "tier", "about")
    return {name: getattr(course, name) for name in names}


class MaterialForm(VerbForm):
    """Something to read."""

    title = forms.CharField(label="题目", max_length=NAME_LENGTH, error_messages={"required": "请写题目。"})
    text = forms.CharField(
        label="正文", max_length=TEXT_LENGTH, required=False, widget=Words({"rows": 8, "data-grow": ""}),
        help_text="直接贴上来，手机上就能读。",
    )  # fmt: skip
    link = forms.CharField(label="网址", max_length=LINK_LENGTH, required=False, help_text="别处的视频、文章。")
    photos = UuidListField(label="文件", required=False, help_text="图片、PDF 或 Word。")

    def draft(self) -> MaterialDraft:
        """As the action takes it."""
        said = self.cleaned_data
        return MaterialDraft(said["title"], said["text"], said["link"], said["photos"])


class LessonForm(VerbForm):
    """A lesson: when, where, seats, who teaches."""

    place = forms.CharField(label="在哪里", max_length=PLACE_LENGTH, error_messages={"required": "请写在哪里上课。"})
    starts_at = MomentField(label="开始")
    ends_at = MomentField(label="结束")
    seats = forms.IntegerField(label="座位", min_value=1, initial=30, error_messages={"required": "请填有多少座位。"})
    trainer = forms.CharField(
        label="谁来讲", max_length=PLACE_LENGTH, required=False, help_text="老师或专家，写单位也行。"
    )
    trainer_account = forms.TypedChoiceField(
        label="谁来登记签到", coerce=int, empty_value=None, required=False, widget=LongSelect,
        help_text="本单位的人都可以登记；也可以请讲课的人登记。",
    )  # fmt: skip
    round_number = forms.IntegerField(label="专家巡讲第几轮", min_value=1, required=False, help_text="不是巡讲就空着。")

    def for_people(self, people: Iterable[tuple[User, str]]) -> LessonForm:
        """Give those who may enter the sheet."""
        field: Any = self.fields["trainer_account"]
        field.choices = [("", "不另外指定"), *((str(user.pk), f"{user.name}（{place}）") for user, place in people)]
        return self

    def draft(self) -> LessonDraft:
        """As the action takes it."""
        said = self.cleaned_data
        who = said["trainer_account"]
        return LessonDraft(
            place=said["place"], starts_at=said["starts_at"], ends_at=said["ends_at"], seats=said["seats"],
            trainer=said["trainer"], trainer_account=User.objects.get(pk=who) if who else None,
            round_number=said["round_number"],
        )  # fmt: skip


def first_of_lesson(lesson: Lesson) -> dict[str, Any]:
    """What stands there now."""
    names = ("place", "seats", "trainer", "round_number", "starts_at", "ends_at")
    return {name: getattr(lesson, name) for name in names} | {"trainer_account": lesson.trainer_account_id or ""}


def usual_times(at: datetime) -> dict[str, Any]:
    """A week from today at nine, for two and a half hours."""
    day = clock.day_start(clock.local_date(at) + timedelta(days=7))
    return {"starts_at": day + timedelta(hours=9), "ends_at": day + timedelta(hours=11, minutes=30)}


class CallOffForm(VerbForm):
    """Why not."""

    reason = forms.CharField(
        label="为什么取消", max_length=200, widget=Words({"rows": 3, "data-grow": ""}),
        error_messages={"required": "请写一句为什么取消，报了名的人都会看到。"},
    )  # fmt: skip


class CodeForm(VerbForm):
    """The digits shown in the room."""

    code = forms.CharField(
        label="屏幕上的六位数", max_length=12, error_messages={"required": "请填屏幕上的六位数。"},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "data-private": ""}),
    )  # fmt: skip


class RuleForm(OfOffice):
    """Who needs which course by when."""

    role = forms.ChoiceField(label="谁", choices=ROLES, widget=ChipRadio, error_messages={"required": "请选谁要学。"})
    course = forms.ChoiceField(label="哪门课", widget=LongSelect, error_messages={"required": "请选课程。"})
    within_days = forms.IntegerField(label="任命后几天内", min_value=1, required=False, help_text="岗前的课填这一样。")
    every_months = forms.IntegerField(label="每几个月一次", min_value=1, required=False, help_text="轮训的课填这一样。")

    def for_courses(self, courses: Iterable[Course]) -> Any:
        """Give the courses to choose from."""
        field: Any = self.fields["course"]
        field.choices = [("", "请选择"), *((str(row.uid), f"{row.name}（{row.sort}）") for row in courses)]
        return self


class PostingForm(VerbForm):
    """Where to, from when to when, and who stands in."""

    host = forms.CharField(label="到哪个社区", max_length=HOST_LENGTH, error_messages={"required": "请写到哪个社区。"})
    level = forms.ChoiceField(
        label="哪一级", choices=HostLevel.choices, widget=ChipRadio, error_messages={"required": "请选一样。"}
    )
    starts_on = DayField(label="从哪天")
    ends_on = DayField(label="到哪天（含）")
    stand_in = forms.TypedChoiceField(
        label="谁来替岗", coerce=int, widget=LongSelect, error_messages={"required": "请选谁来替岗。"}
    )

    def for_post(self, post: Post, at: datetime) -> PostingForm:
        """Give those who could stand in."""
        field: Any = self.fields["stand_in"]
        rows = stand_ins_for(post.area, at, but=[post.user_id])
        field.choices = [("", "请选择"), *((str(row.user_id), f"{row.user.name}（{_seat(row)}）") for row in rows)]
        return self

    def draft(self) -> PostingDraft:
        """As the action takes it: the end is the day on which the post comes back."""
        said = self.cleaned_data
        return PostingDraft(
            said["host"], said["level"], said["starts_on"], said["ends_on"] + timedelta(days=1),
            User.objects.get(pk=said["stand_in"]),
        )  # fmt: skip


def _seat(post: Post) -> str:
    return f"{post.area} {post.title or post.get_role_display()}"


class ReportForm(VerbForm):
    """What was learnt."""

    words = forms.CharField(
        label="学到了什么", max_length=2000, widget=Words({"rows": 8, "data-grow": ""}),
        help_text="看到了什么好办法，回来打算怎么用。", error_messages={"required": "请写学到了什么。"},
    )  # fmt: skip


class SheetForm(VerbForm):
    """The signed sheet, typed in."""

    came = forms.TypedMultipleChoiceField(label="签了到的", coerce=int, required=False, widget=ChipBoxes)
    others = forms.TypedMultipleChoiceField(
        label="没报名也来了的", coerce=int, required=False, widget=forms.SelectMultiple({"size": 8}),
        help_text="按住 Ctrl 可以选几个。",
    )  # fmt: skip

    def for_people(self, enrolled: Iterable[Enrolment], others: Iterable[tuple[User, str]]) -> SheetForm:
        """Give those with a seat or waiting, and those the lesson is for who are in no list."""
        came: Any = self.fields["came"]
        rows = list(enrolled)
        came.choices = [(str(row.user_id), f"{row.seat or '候补'} {row.user.name}") for row in rows]
        known = {row.user_id for row in rows}
        field: Any = self.fields["others"]
        field.choices = [(str(user.pk), f"{user.name}（{place}）") for user, place in others if user.pk not in known]
        return self
