"""What is typed at a door without a signal: only what is said changes, the rest of the row stays."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.register.forms.fields import NAME_LENGTH
from louzhang.register.forms.homes import ReachForm
from louzhang.register.forms.people import CorrectForm
from louzhang.register.models import ReachHour, ReachWay, Speech
from louzhang.shell.widgets import ChipRadio

SAME = ("", "不变")


class DoorReachForm(ReachForm):
    """How a household wishes to be reached, as far as it was said."""

    way = forms.ChoiceField(label="怎么联系最好", choices=[SAME, *ReachWay.choices], widget=ChipRadio, required=False)
    hour = forms.ChoiceField(label="什么时候方便", choices=[SAME, *ReachHour.choices], widget=ChipRadio, required=False)
    speech = forms.ChoiceField(label="怎么说话", choices=[SAME, *Speech.choices], widget=ChipRadio, required=False)

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(self.given().values()):
            raise forms.ValidationError("请至少选一项：怎么联系、什么时候方便，或者怎么说话。")
        return cleaned

    def given(self) -> dict[str, Any]:
        """What was said."""
        return {name: value for name, value in super().given().items() if value}


class DoorCorrectForm(CorrectForm):
    """What was wrong about somebody of the household, who is named as they stand there now."""

    who = forms.CharField(
        label="谁的登记", max_length=NAME_LENGTH, required=False, help_text="写现在登记的姓名。",
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip
    name = forms.CharField(
        label="姓名改成", max_length=NAME_LENGTH, required=False,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
    )  # fmt: skip

    field_order = ("who", "name", "sex", "birth_year", "phone", "id_number", "birth_date")

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.given():
            raise forms.ValidationError("请填写要更正的内容：姓名、出生年、电话或证件号码。")
        return cleaned

    def given(self) -> dict[str, Any]:
        """What was said, the name of whom it is about apart."""
        return {name: value for name, value in super().given().items() if value and name != "who"}
