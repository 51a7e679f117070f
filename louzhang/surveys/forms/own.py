"""What a resident types to reach the own household's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from louzhang.shell.widgets import ChipRadio
from louzhang.surveys.models import Survey


class DoorForm(forms.Form):
    """Which survey, which door, the code."""

    survey = forms.ChoiceField(label="哪一次", widget=ChipRadio, error_messages={"required": "请选择哪一次。"})
    door = forms.CharField(label="门牌号", max_length=20, error_messages={"required": "请填门牌号，例如 301。"})
    code = forms.CharField(
        label="户码", max_length=12, help_text="八位数字，在楼长给您的纸上，或楼长手机上给您看的。",
        error_messages={"required": "请填八位户码。"},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-private": ""}),
    )  # fmt: skip

    def prepare(self, surveys: Sequence[Survey]) -> None:
        """The open ones of the building."""
        field: Any = self.fields["survey"]
        field.choices = [(str(survey.uid), survey.title) for survey in surveys]
        if len(surveys) == 1:
            field.initial = str(surveys[0].uid)
