"""What is typed in studios, cases and talks among chiefs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.journal.forms import VerbForm
from louzhang.roster.actions.training.studios import MeetingDraft, StudioDraft
from louzhang.roster.actions.training.writings import CaseDraft
from louzhang.roster.forms.training.lessons import MomentField, OfOffice
from louzhang.roster.models.training import Byline, CourseSubject
from louzhang.roster.models.training.studios import ABOUT_LENGTH, NAME_LENGTH, PLACE_LENGTH
from louzhang.roster.models.training.writings import ANSWER_LENGTH, CASE_LENGTH, TITLE_LENGTH
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words

People = Iterable[tuple[User, str]]


def _choices(people: People) -> list[tuple[str, str]]:
    return [(str(user.pk), f"{user.name}（{place}）") for user, place in people]


class StudioForm(OfOffice):
    """A studio."""

    name = forms.CharField(label="工作室名称", max_length=NAME_LENGTH, error_messages={"required": "请写名称。"})
    lead = forms.TypedChoiceField(
        label="带头人", coerce=int, widget=LongSelect, error_messages={"required": "请选带头人。"}
    )
    about = forms.CharField(label="带什么", max_length=ABOUT_LENGTH, required=False)

    def for_people(self, people: People) -> StudioForm:
        """Give those who could lead it."""
        field: Any = self.fields["lead"]
        field.choices = [("", "请选择"), *_choices(people)]
        return self

    def draft(self) -> StudioDraft:
        """As the action takes it."""
        said = self.cleaned_data
        return StudioDraft(said["name"], User.objects.get(pk=said["lead"]), said["about"])


class JoinForm(VerbForm):
    """Who learns there from today on."""

    user = forms.TypedChoiceField(
        label="谁来学", coerce=int, widget=LongSelect, error_messages={"required": "请选成员。"}
    )

    def for_people(self, people: People) -> JoinForm:
        """Give those who could."""
        field: Any = self.fields["user"]
        field.choices = [("", "请选择"), *_choices(people)]
        return self


class HandForm(VerbForm):
    """Who leads it from today on."""

    lead = forms.TypedChoiceField(
        label="谁来带", coerce=int, widget=LongSelect, error_messages={"required": "请选带头人。"}
    )

    def for_people(self, people: People) -> HandForm:
        """Give those who could."""
        field: Any = self.fields["lead"]
        field.choices = [("", "请选择"), *_choices(people)]
        return self


class MeetingForm(VerbForm):
    """What about, where, when."""

    topic = forms.CharField(label="聊什么", max_length=ABOUT_LENGTH, error_messages={"required": "请写聊什么。"})
    place = forms.CharField(label="在哪里", max_length=PLACE_LENGTH, error_messages={"required": "请写在哪里。"})
    starts_at = MomentField(label="什么时候")

    def draft(self) -> MeetingDraft:
        """As the action takes it."""
        said = self.cleaned_data
        return MeetingDraft(said["topic"], said["place"], said["starts_at"])


class MinutesForm(VerbForm):
    """Who came, what was learnt."""

    came = forms.TypedMultipleChoiceField(label="谁来了", coerce=int, required=False, widget=ChipBoxes)
    minutes = forms.CharField(
        label="聊了什么，学到什么", max_length=2000, widget=Words({"rows": 6, "data-grow": ""}),
        error_messages={"required": "请写聊了什么、学到什么。"},
    )  # fmt: skip

    def for_members(self, members: Iterable[User]) -> MinutesForm:
        """Give those who could have come."""
        field: Any = self.fields["came"]
        field.choices = [(str(user.pk), user.name) for user in members]
        return self


class CaseForm(VerbForm):
    """A case."""

    title = forms.CharField(label="题目", max_length=TITLE_LENGTH, error_messages={"required": "请写一个题目。"})
    words = forms.CharField(
        label="经过和办法", max_length=CASE_LENGTH, widget=Words({"rows": 10, "data-grow": ""}),
        help_text="发生了什么、怎么办的、下次还这样做吗。不写姓名、电话、门牌，让人认不出是谁。",
        error_messages={"required": "请写经过和办法。"},
    )  # fmt: skip
    subject = forms.ChoiceField(
        label="关于什么", choices=CourseSubject.choices, widget=ChipRadio, initial=CourseSubject.CASES
    )
    byline = forms.ChoiceField(label="署名", choices=Byline.choices, widget=ChipRadio, initial=Byline.NAME)

    def draft(self) -> CaseDraft:
        """As the action takes it."""
        said = self.cleaned_data
        return CaseDraft(said["title"], said["words"], said["subject"], said["byline"])


class ConfirmForm(VerbForm):
    """The writer's word that nobody can be recognised."""

    is_confirmed = forms.BooleanField(
        label="我看过了，案例里认不出任何一个人", required=True,
        error_messages={"required": "请先确认案例里认不出任何一个人。"},
    )  # fmt: skip


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(
        label="为什么", max_length=200, widget=Words({"rows": 3, "data-grow": ""}),
        error_messages={"required": "请写一句理由。"},
    )  # fmt: skip


class SayForm(VerbForm):
    """Something said, and under what it is read."""

    words = forms.CharField(
        label="说什么", max_length=ANSWER_LENGTH, widget=Words({"rows": 4, "data-grow": ""}),
        help_text="不写居民的姓名、电话、门牌。", error_messages={"required": "请写几句话。"},
    )  # fmt: skip
    byline = forms.ChoiceField(label="署名", choices=Byline.choices, widget=ChipRadio, initial=Byline.PLACE)
