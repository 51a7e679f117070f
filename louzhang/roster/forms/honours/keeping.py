"""What is typed about kinds, bonuses, letters, lists of people, and by people about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from louzhang.accounts.models import User
from louzhang.areas.models import Area, LevelKind
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.forms import VerbForm
from louzhang.roster.actions.honours.kinds import KindDraft
from louzhang.roster.actions.membership import Told
from louzhang.roster.forms.honours.proposing import words_field
from louzhang.roster.models.honours import HonourKind, LetterKind, Often, Whom
from louzhang.roster.models.honours.kinds import BONUS_AT_MOST, NAME_LENGTH, NOTICE_AT_MOST
from louzhang.roster.models.honours.letters import ADDRESSEE_LENGTH, TEXT_AT_MOST
from louzhang.roster.models.membership import BRANCH_LENGTH, OTHER_LENGTH, Education, MemberKind, Skill
from louzhang.shell.widgets import ChipBoxes, ChipRadio, LongSelect, Words

ROLES = [(role.value, Role(role).label) for role in FIELD_ROLES]
LEVELS = [(kind.value, kind.label) for kind in (LevelKind.COMMUNITY, LevelKind.STREET, LevelKind.DISTRICT)]
SAY = {"required": "请填写这一项。", "invalid": "请填整数。"}


class KindForm(VerbForm):
    """One kind of honour as the district writes it."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请填写名称。"})
    words = forms.CharField(label="给谁、为什么", max_length=120, required=False)
    whom = forms.ChoiceField(label="给", choices=Whom.choices, widget=ChipRadio, initial=Whom.PERSON)
    whom_roles = forms.MultipleChoiceField(
        label="评哪些职务", choices=ROLES, widget=ChipBoxes, required=False, help_text="给人的才选；不选就是都可以。"
    )
    level = forms.ChoiceField(label="由哪一级给", choices=LEVELS, widget=ChipRadio, initial=LevelKind.COMMUNITY)
    often = forms.ChoiceField(label="多久一次", choices=Often.choices, widget=ChipRadio, initial=Often.MONTH)
    most = forms.IntegerField(label="一次最多几个", min_value=1, max_value=99, required=False, help_text="空着是不限。")
    notice_days = forms.IntegerField(
        label="公示几个工作日", min_value=0, max_value=NOTICE_AT_MOST, initial=5, error_messages=SAY,
        help_text="填 0 就是不公示，页面上会写明。",
    )  # fmt: skip
    bonus_yuan = forms.IntegerField(
        label="奖金（元）", min_value=0, max_value=BONUS_AT_MOST, initial=0, error_messages=SAY,
        help_text="只发给志愿者；在编和下派的人按本单位的规定。",
    )  # fmt: skip
    has_wall = forms.BooleanField(label="可以上光荣榜（本人同意才上）", required=False, initial=True)
    for_residents = forms.BooleanField(
        label="没有任职的居民也可以评", required=False, help_text="本人同意才能评，不发奖金。"
    )
    reason = forms.CharField(
        label="为什么改（文件名称、文号）", max_length=200,
        error_messages={"required": "请写明为什么改，例如文件的名称和文号。"},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: HonourKind | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind is None:
            del self.fields["reason"]
        else:
            del self.fields["whom"]

    def draft(self) -> KindDraft:
        """As the action takes it."""
        said = self.cleaned_data
        kind = self.kind
        return KindDraft(
            name=said["name"].strip(), words=said["words"].strip(), whom=kind.whom if kind else said["whom"],
            whom_roles=tuple(said["whom_roles"]), level=said["level"], often=said["often"], most=said["most"],
            notice_days=said["notice_days"], bonus_yuan=said["bonus_yuan"], has_wall=said["has_wall"],
            for_residents=said["for_residents"],
            hangs=kind.hangs if kind else False, code=kind.code if kind else "",
        )  # fmt: skip


def kind_initial(kind: HonourKind) -> dict[str, Any]:
    """What stands in a kind now."""
    names = ("name", "words", "whom_roles", "level", "often", "most", "notice_days", "bonus_yuan", "has_wall",
             "for_residents")  # fmt: skip
    return {name: getattr(kind, name) for name in names}


class RevealForm(VerbForm):
    """Why a whole account is opened."""

    reason = forms.CharField(
        label="为什么要看完整的账号", max_length=200, help_text="会留下记录，本人也能看到。",
        error_messages={"required": "请写明为什么要看完整的账号，这会留下记录。"},
    )  # fmt: skip


class AccountForm(VerbForm):
    """Where the own bonuses go."""

    bank = forms.CharField(label="开户银行", max_length=40, required=False)
    number = forms.CharField(
        label="账号", max_length=40, required=False, help_text="加密保存，页面和名单上只显示末四位；清空就删除。",
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "data-private": ""}),
    )  # fmt: skip


class LetterForm(VerbForm):
    """A text about somebody."""

    subject = forms.TypedChoiceField(
        label="写给谁看（信里说的人）", coerce=int, widget=LongSelect, error_messages={"required": "请选一个人。"}
    )
    kind = forms.ChoiceField(label="用途", choices=LetterKind.choices, widget=ChipRadio, initial=LetterKind.PRAISE)
    addressee = forms.CharField(
        label="信给哪里", max_length=ADDRESSEE_LENGTH, help_text="单位或组织的名称。",
        error_messages={"required": "请写明信给哪里。"},
    )  # fmt: skip
    text = forms.CharField(
        label="正文", max_length=TEXT_AT_MOST, widget=Words({"rows": 8, "data-grow": ""}),
        help_text="本人会先看到这段话，同意以后才能打印。", error_messages={"required": "请写下信的内容。"},
    )  # fmt: skip

    def prepare(self, people: Sequence[tuple[User, str]]) -> None:
        """Give who serves here; without anybody the form is for another text to the same person."""
        if not people:
            del self.fields["subject"]
            del self.fields["kind"]
            return
        field: Any = self.fields["subject"]
        field.choices = [("", "请选择"), *((str(user.pk), label) for user, label in people)]


class ExportPeopleForm(VerbForm):
    """Which place, what for."""

    area = forms.TypedChoiceField(label="哪里", coerce=int, widget=LongSelect)
    purpose = forms.CharField(
        label="导出来做什么", max_length=100, help_text="会留下记录。",
        error_messages={"required": "请写明导出来做什么。", "max_length": "请写在 100 个字以内。"},
    )  # fmt: skip

    def prepare(self, areas: Sequence[Area]) -> None:
        """Give the places of the actor's offices."""
        top = min((area.depth for area in areas), default=0)
        field: Any = self.fields["area"]
        field.choices = [(str(area.pk), "　" * (area.depth - top) + area.name) for area in areas]


class OwnEntryForm(VerbForm):
    """Education and skills."""

    education = forms.ChoiceField(label="学历", choices=[("", "不填"), *Education.choices], required=False)
    skills = forms.MultipleChoiceField(label="特长、证书", choices=Skill.choices, widget=ChipBoxes, required=False)
    other = forms.CharField(label="还有别的", max_length=OTHER_LENGTH, required=False)
    has_agreed = forms.BooleanField(
        label="我同意社区和上级办公室看到这些，只用来安排培训和分工；可以随时删除",
        error_messages={"required": "请先勾选同意，再保存。"},
    )


class MemberForm(VerbForm):
    """What a member says."""

    kind = forms.ChoiceField(
        label="正式还是预备", choices=MemberKind.choices, widget=ChipRadio, error_messages={"required": "请选一项。"}
    )
    since_year = forms.IntegerField(
        label="哪一年起",
        required=False,
        min_value=1940,
        max_value=2100,
        error_messages={"invalid": "请填四位数的年份。"},
    )
    branch = forms.CharField(label="所在支部", max_length=BRANCH_LENGTH, required=False)
    is_listed = forms.BooleanField(
        label="也同意写在社区导出给党组织的名册里", required=False, help_text="不勾就只算进人数。"
    )

    def told(self) -> Told:
        """As the action takes it."""
        said = self.cleaned_data
        return Told(said["kind"], said["since_year"], said["branch"], is_listed=said["is_listed"])


class _PaperForm(VerbForm):
    """What both papers share: whose it is, and that it is here."""

    user = forms.TypedChoiceField(
        label="谁签的纸", coerce=int, widget=LongSelect, error_messages={"required": "请选一个人。"}
    )
    has_paper = forms.BooleanField(
        label="本人签了字的纸在我手里",
        error_messages={"required": "请确认本人签了字的纸在您手里。先请本人同意，再登记。"},
    )

    def prepare(self, people: Sequence[tuple[User, str]]) -> None:
        """Give who serves below the secretary."""
        field: Any = self.fields["user"]
        field.choices = [("", "请选择"), *((str(user.pk), label) for user, label in people)]


class EntryPaperForm(_PaperForm, OwnEntryForm):
    """Education and skills from a paper."""

    has_agreed = None  # type: ignore[assignment]  # the paper says so
    field_order = ("user", "education", "skills", "other", "has_paper")


class MemberPaperForm(_PaperForm, MemberForm):
    """Membership from a paper."""

    field_order = ("user", "kind", "since_year", "branch", "is_listed", "has_paper")


class CancelForm(VerbForm):
    """Why a bonus is not paid."""

    reason = words_field("原因", "reason", "例如：本人不要，或已由别的单位发。")
