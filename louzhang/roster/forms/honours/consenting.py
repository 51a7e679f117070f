"""What is typed about people without a post, about photos and ballots, and which form each verb has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django import forms

from louzhang.accounts.models import User
from louzhang.ballots.rules import ELECTORATE_LABELS, Electorate
from louzhang.journal.forms import VerbForm
from louzhang.roster.actions.honours.asking import Question
from louzhang.roster.actions.honours.consenting import NO_PAPER
from louzhang.roster.actions.honours.proposing import NAME_AT_MOST
from louzhang.roster.forms.honours.proposing import CheckForm, ReasonForm, give_choices, words_field
from louzhang.roster.models.honours import HonourKind
from louzhang.roster.queries.honours.months import months_back
from louzhang.shell.widgets import ChipBoxes, ChipRadio
from louzhang.workorders.forms.fields import UuidListField


class PaperForm(VerbForm):
    """That somebody agreed, and that what they signed lies in the office."""

    has_paper = forms.BooleanField(
        label="本人签了字的纸在我手里", error_messages={"required": NO_PAPER},
        help_text="未满 14 岁的，由父母或其他监护人签。",
    )  # fmt: skip


class NeighbourForm(VerbForm):
    """Somebody without a post: a name somebody wrote on paper, or a resident the page knows already."""

    month = forms.ChoiceField(label="哪个月的")
    name = forms.CharField(
        label="姓名", max_length=NAME_AT_MOST, error_messages={"required": "请写姓名。"},
        help_text="登记过的居民，请从“人房登记”里那个人的页面推荐。",
    )  # fmt: skip
    words = words_field("为什么", "words", "公示、证书和光荣榜上用这句话。写做了什么事，不写家里的情况。")
    has_consent = forms.BooleanField(
        label="本人已经在纸上签字，同意参评和公示，纸在我手里", required=False,
        help_text="公示时名字遮盖中间的字。未满 14 岁的，由监护人签。",
    )  # fmt: skip

    def prepare(self, kind: HonourKind, day: date, *, is_known: bool) -> None:
        """Give the months; of a resident the name is known, and the yes may come later."""
        give_choices(self, "month", months_back(day, kind.often))
        if is_known:
            del self.fields["name"]
            self.fields["has_consent"].help_text = "还没有签字的，先不勾，签了再登记；没有本人同意不能公示。"


class PhotoForm(VerbForm):
    """One photo for the wall."""

    photos = UuidListField(label="照片", required=True)


class PhotoPaperForm(PhotoForm, PaperForm):
    """The same for somebody else, with what they signed."""


class BallotForm(VerbForm):
    """Whom to ask until when, and who counts."""

    closes_at = forms.DateTimeField(
        label="投票到什么时候为止", widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "请写投票到什么时候为止。", "invalid": "请写日期和时间。"},
    )  # fmt: skip
    electorate = forms.ChoiceField(
        label="谁来投", choices=list(ELECTORATE_LABELS.items()), widget=ChipRadio, initial=Electorate.HOUSEHOLD
    )
    whom = forms.ChoiceField(
        label="问哪些住户", choices=[("served", "他们服务的住户"), ("all", "整个社区")], widget=ChipRadio,
        initial="served", help_text="被推荐的人里有没有任职的居民，就问整个社区。",
    )  # fmt: skip
    counters = forms.TypedMultipleChoiceField(
        label="两位计票人", coerce=int, widget=ChipBoxes, error_messages={"required": "请选两位计票人。"}
    )

    def prepare(self, people: Sequence[User], *, is_wide: bool) -> None:
        """Give who may count; where nobody is served the whole place is asked."""
        give_choices(self, "counters", [(str(person.pk), person.name) for person in people])
        if is_wide:
            del self.fields["whom"]

    def question(self) -> Question:
        """As the action takes it."""
        said = self.cleaned_data
        return Question(said["closes_at"], said["counters"], said["electorate"], is_wide=said.get("whom") == "all")


MOVE_FORMS: Mapping[str, type[VerbForm]] = {
    "check": CheckForm,
    "decline": ReasonForm,
    "withdraw": VerbForm,
    "award": VerbForm,
    "revoke": ReasonForm,
    "consent": PaperForm,
    "join_wall": PaperForm,
    "leave_wall": VerbForm,
    "withdraw_photo": VerbForm,
    "forget": VerbForm,
}
