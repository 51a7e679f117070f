"""What is typed about residents."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.kit.id_numbers import birth_date_of
from louzhang.register.forms.fields import NAME_LENGTH, DayField, IdNumberField, PersonFields, tie_field
from louzhang.register.forms.homes import PlaceForm
from louzhang.register.models import Sex, Tie
from louzhang.shell.widgets import ChipRadio, LongSelect

KEPT = "留空就不改。"


class RegisterForm(PlaceForm, PersonFields):
    """Another person of a household."""

    on = DayField(label="哪天住进来的")
    phone = PhoneField(label="电话", required=False)
    birth_year = forms.IntegerField(label="出生年", required=False, min_value=1890, max_value=2100)
    registered_address = forms.CharField(label="户籍地址（不在这里时填）", max_length=120, required=False)

    def given(self) -> dict[str, Any]:
        """The day and who it is."""
        return {"on": self.cleaned_data["on"], "draft": self.draft()}


class BirthForm(PlaceForm, PersonFields):
    """A child born into a household."""

    tie = tie_field(usual=Tie.CHILD)
    on = DayField(label="出生日期")

    def given(self) -> dict[str, Any]:
        """The day and who it is."""
        return {"on": self.cleaned_data["on"], "draft": self.draft()}


class CorrectForm(PlaceForm):
    """What was wrong; sealed fields are not shown and stay where nothing is typed."""

    name = forms.CharField(label="姓名", max_length=NAME_LENGTH, error_messages={"required": "请填写姓名。"})
    sex = forms.ChoiceField(label="性别", choices=[("", "不填"), *Sex.choices], required=False, widget=ChipRadio)
    birth_year = forms.IntegerField(label="出生年", required=False, min_value=1890, max_value=2100)
    phone = PhoneField(label="新的电话", required=False, help_text=KEPT)
    id_number = IdNumberField(label="新的证件号码", help_text=KEPT)
    birth_date = DayField(label="出生日期", required=False, help_text=KEPT)

    def given(self) -> dict[str, Any]:
        """What is to change: of the sealed fields only what was typed."""
        said = {name: self.cleaned_data[name] for name in ("name", "sex", "birth_year")}
        typed = {name: self.cleaned_data[name] for name in ("phone", "id_number", "birth_date")}
        if typed["id_number"] and not typed["birth_date"]:
            typed["birth_date"] = birth_date_of(typed["id_number"])
        kept = {name: value for name, value in typed.items() if value}
        if "birth_date" in kept:
            del said["birth_year"]
        return said | kept


class MoveForm(PlaceForm):
    """To which household, as what, since when."""

    household = forms.TypedChoiceField(
        label="搬到哪一户", coerce=int, error_messages={"required": "请选择搬到哪一户。"}
    )
    tie = tie_field(label="与那一户户主的关系")
    on = DayField(label="哪天搬的")

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        return {"household_id": said["household"], "tie": said["tie"], "on": said["on"]}


class LeaveForm(PlaceForm):
    """Away from here."""

    on = DayField(label="哪天迁出的")
    where = forms.CharField(label="去了哪里（可以不填）", max_length=120, required=False)


class DieForm(PlaceForm):
    """The day of a death."""

    on = DayField(label="去世的日期")


class RegistrationForm(PlaceForm):
    """Where somebody is registered: in words, or at a door of this building."""

    address = forms.CharField(
        label="户籍地址", max_length=120, required=False, help_text="在别处的，写到县或街道就可以。"
    )
    door = forms.TypedChoiceField(label="或者就在本楼", coerce=int, empty_value=None, required=False, widget=LongSelect)
    on = DayField(label="从哪天起")

    def given(self) -> dict[str, Any]:
        """As the action takes it, which refuses neither and both."""
        said = self.cleaned_data
        return {"address": said["address"], "dwelling_id": said["door"], "on": said["on"]}
