"""Searching and registering people."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.kit import phones


class PersonSearchForm(forms.Form):
    """Two characters of a name, or a whole phone number; posted, never in a URL."""

    words = forms.CharField(
        label="姓名两个字，或完整的手机号",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
        error_messages={"required": "请填姓名中的两个字，或完整的手机号。"},
    )

    def clean_words(self) -> str:
        """At least two signs, so that no single stroke lists everybody."""
        words: str = self.cleaned_data["words"].strip()
        if len(words) < 2:
            raise forms.ValidationError("请至少填两个字。")
        return words

    @property
    def is_phone(self) -> bool:
        """Whether a phone number was typed."""
        return phones.looks_like_phone(self.cleaned_data["words"])


class RegisterPersonForm(forms.Form):
    """A new person: name and phone."""

    name = forms.CharField(
        label="姓名",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
        error_messages={"required": "请填写姓名。"},
    )
    phone = PhoneField(
        help_text="用来登录的手机号，加密保存，只有办事需要时才显示。",
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off", "data-private": ""}),
    )


class ReasonForm(forms.Form):
    """Why a device is ended, or somebody unlocked."""

    reason = forms.CharField(required=False, max_length=100)


class AuditFilterForm(forms.Form):
    """A day and a page kind of the audit lists; anything else is left out."""

    day = forms.DateField(label="日期", required=False, widget=forms.DateInput({"type": "date"}))
    person = forms.UUIDField(required=False)
    cursor = forms.CharField(required=False, max_length=1000)

    def wanted(self) -> dict[str, Any]:
        """What was understood; a broken value narrows nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}
