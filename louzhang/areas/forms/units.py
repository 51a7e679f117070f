"""What is typed about units, posts, titles and settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.areas.models import PostKind, Title, UnitKind
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.areas.settings_registry import Entry
from louzhang.kit import clock, phones
from louzhang.shell.widgets import ChipRadio, Day, Words

ADDED_KINDS = [(kind.value, kind.label) for kind in UnitKind if kind != UnitKind.OFFICE]


class UnitForm(forms.Form):
    """Name, public phone and duties of a unit."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写单位名称。"})
    phone = forms.CharField(
        label="公开电话",
        max_length=20,
        required=False,
        help_text="居民和社区都能看到的值班电话，不要填个人手机号。",
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    duties = forms.CharField(
        label="职责",
        max_length=200,
        required=False,
        widget=Words({"rows": 2}),
        help_text="管什么，用几个词说清，交办时会显示。",
    )

    def clean_phone(self) -> str:
        """Digits and the signs between them."""
        typed: str = self.cleaned_data["phone"].strip()
        if typed and (not set(typed) <= set("0123456789-+ ()转") or sum(sign.isdigit() for sign in typed) < 3):
            raise forms.ValidationError("电话只能有数字和短横线，比如 024-12345678。")
        return typed


class AddUnitForm(UnitForm):
    """A new unit: what kind, what it is called."""

    kind = forms.ChoiceField(label="类型", choices=ADDED_KINDS, widget=ChipRadio)
    field_order = ("kind", "name", "phone", "duties")


class TitleForm(forms.Form):
    """A title and the role it stands for."""

    name = forms.CharField(label="职务名称", max_length=20, error_messages={"required": "请填写职务名称。"})
    role = forms.ChoiceField(
        label="对应的角色",
        choices=[("", "请选择"), *Role.choices],
        help_text="角色决定能办什么事，名称只是本区的叫法。",
        error_messages={"required": "请选择角色。"},
    )


class PersonFields(forms.Form):
    """Somebody known, found by name or exact phone: what is typed and who is chosen."""

    words = forms.CharField(
        label="姓名两个字，或完整的手机号",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @property
    def typed(self) -> str:
        """The words as typed, also of a form that is not valid."""
        return str(self["words"].value() or "").strip()

    @property
    def chosen(self) -> UUID | None:
        """The person chosen, also of a form that is not valid elsewhere."""
        value = self.cleaned_data.get("person") if self.is_bound else None
        return value if isinstance(value, UUID) else None


class StandInForm(PersonFields):
    """Who acts beside the holder."""


class NamedStandInForm(StandInForm):
    """The same beside an appointment, where it may be left out."""

    def clean(self) -> dict[str, Any]:
        """Words alone name nobody."""
        said = super().clean() or self.cleaned_data
        if said.get("words") and said.get("person") is None:
            self.add_error("words", "请先查找并选一个替岗人，或清空这一格。")
        return said


def usual_kind(role: str) -> PostKind:
    """On what terms a role is mostly held."""
    return PostKind.VOLUNTEER if role in FIELD_ROLES[:2] else PostKind.PAID


class AppointForm(PersonFields):
    """A post at one place: which role under which title, who, on what terms, from when."""

    seat = forms.ChoiceField(label="职务", error_messages={"required": "请选择职务。"})
    name = forms.CharField(
        label="姓名",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )
    phone = PhoneField(
        required=False,
        help_text="用来登录，加密保存。",
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off", "data-private": ""}),
    )
    kind = forms.ChoiceField(label="性质", choices=PostKind.choices, widget=ChipRadio)
    starts_on = forms.DateField(label="从哪天起", widget=Day)
    ends_on = forms.DateField(label="到哪天止", required=False, widget=Day, help_text="这一天不再任职；没有定就留空。")

    def __init__(self, *args: Any, roles: Sequence[Role], titles: Iterable[Title], **options: Any) -> None:
        super().__init__(*args, **options)
        self.titles = {title.pk: title for title in titles}
        seat, kind = self.fields["seat"], self.fields["kind"]
        assert isinstance(seat, forms.ChoiceField)
        seat.choices = _seats(roles, self.titles.values())
        seat.initial = seat.choices[0][0] if seat.choices else None
        kind.initial = usual_kind(roles[0]) if roles else PostKind.PAID

    def clean(self) -> dict[str, Any]:
        """Exactly one person: one that was found, or a new one; an end after the start."""
        said = super().clean() or self.cleaned_data
        has_new = bool(said.get("name") or said.get("phone") or "phone" in self.errors)
        if said.get("person") is None and not has_new:
            self.add_error("words", "请先查找并选一个人；还没有登记的，在下面填姓名和手机号。")
        if has_new and said.get("person") is not None:
            self.add_error("name", "已经选了一个人。要登记新人员，请先清空上面的选择。")
        elif has_new and not said.get("name"):
            self.add_error("name", "请填写新人员的姓名。")
        elif has_new and not said.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "请填写新人员的手机号。")
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "结束的日期要在开始的日期以后。")
        return said

    def role_and_title(self) -> tuple[Role, Title | None]:
        """What the chosen seat stands for."""
        role, _, title = self.cleaned_data["seat"].partition(":")
        return Role(role), self.titles.get(int(title)) if title else None


def _seats(roles: Sequence[Role], titles: Iterable[Title]) -> list[tuple[str, str]]:
    seats = []
    for role in roles:
        seats += [(f"{role}:{title.pk}", title.name) for title in titles if title.role == role]
        seats.append((f"{role}:", role.label))
    return seats


class EndPostForm(forms.Form):
    """From which day on a post is over."""

    ends_on = forms.DateField(label="从哪天起不再任职", widget=Day)


def looks_like_phone(words: str) -> bool:
    """Whether a phone number was typed where a name may stand."""
    return phones.looks_like_phone(words)


class SettingForm(forms.Form):
    """One value of the registry by its type; a switch that needs it asks for reason and end."""

    reason = forms.CharField(label="依据或原因", max_length=200, required=False, widget=Words({"rows": 2}))

    def __init__(self, *args: Any, entry: Entry, **options: Any) -> None:
        super().__init__(*args, **options)
        self.entry = entry
        self.fields["value"] = _field_of(entry)
        if entry.needs_end:
            self.fields["reason"].help_text = "写明依据的文件或通知，会公开显示。"
            self.fields["reason"].required = True
            self.fields["ends_on"] = forms.DateField(
                label="截止日期", widget=Day, help_text="到这一天结束时自动恢复。", initial=_in_a_week
            )
        self.order_fields(["value", "reason", "ends_on"])

    def moment(self) -> datetime | None:
        """The end of the last day, where one is asked for."""
        day: date | None = self.cleaned_data.get("ends_on")
        return clock.day_start(day + timedelta(days=1)) if day else None


def _in_a_week() -> date:
    return clock.local_date(clock.now()) + timedelta(days=7)


def _field_of(entry: Entry) -> forms.Field:
    if isinstance(entry.default, bool):
        return forms.TypedChoiceField(
            label=entry.label,
            choices=[("1", "打开"), ("0", "关闭")],
            coerce=lambda typed: typed == "1",
            widget=ChipRadio,
            help_text=entry.help,
        )
    if isinstance(entry.default, int):
        return forms.IntegerField(label=entry.label, help_text=entry.help)
    if entry.choices:
        return forms.ChoiceField(label=entry.label, choices=entry.choices, widget=ChipRadio, help_text=entry.help)
    return forms.CharField(label=entry.label, required=False, max_length=200, help_text=entry.help)
