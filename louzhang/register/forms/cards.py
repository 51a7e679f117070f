"""What stands on a contact card, and the digits somebody at the door has said."""

from __future__ import annotations

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.journal.forms import VerbForm
from louzhang.register.actions.cards import DUTIES_LENGTH, HOURS_LENGTH
from louzhang.register.visit_codes import normal_code
from louzhang.shell.widgets import Words


class CardForm(VerbForm):
    """By which number, when, and what for; without a number the community's stands there."""

    phone = PhoneField(label="我的电话", required=False, help_text="不填就只印社区的电话。填了，拿到卡的人都能看到。")
    hours = forms.CharField(label="什么时候方便", max_length=HOURS_LENGTH, required=False)
    duties = forms.CharField(
        label="我的职责", max_length=DUTIES_LENGTH, required=False, widget=Words, help_text="不填就用通用的说法。"
    )


class CodeForm(forms.Form):
    """Six digits, however they were typed."""

    code = forms.CharField(
        label="来人说的六位数", max_length=20, error_messages={"required": "请填来人说的六位数。"},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-private": ""}),
    )  # fmt: skip

    def clean_code(self) -> str:
        """The digits."""
        code = normal_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError("应当是六位数字，请再问一遍来人。")
        return code
