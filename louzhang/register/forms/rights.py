"""What people type about themselves, and the office, the keeper and whoever reports a breach about their requests."""

from __future__ import annotations

from typing import Any

from django import forms

from louzhang.accounts.forms import PhoneField
from louzhang.journal.forms import VerbForm
from louzhang.register.actions.assessing import LONGEST, MISSING, Assessed
from louzhang.register.forms.fields import NAME_LENGTH, IdNumberField
from louzhang.register.models import About
from louzhang.shell.widgets import ChipRadio, Day, Words


class BindForm(VerbForm):
    """Who one is."""

    name = forms.CharField(
        label="姓名",
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
        error_messages={"required": "请填写姓名，和身份证上的一样。"},
    )
    id_number = IdNumberField(help_text="填证件号码，或填登记过的电话，有一样就行。")
    phone = PhoneField(label="登记过的电话", required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two numbers is needed."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (said.get("id_number") or said.get("phone")):
            self.add_error("id_number", "请填写证件号码，或登记过的电话。")
        return said


class CorrectionForm(VerbForm):
    """What is wrong and what it should be."""

    about = forms.ChoiceField(
        label="哪一项不对", choices=About.choices, widget=ChipRadio, error_messages={"required": "请选择哪一项要更正。"}
    )
    wish = forms.CharField(
        label="应该是",
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "data-private": ""}),
        error_messages={"required": "请填写应该是什么。"},
        help_text="出生日期写成 1980-01-31 这样。",
    )


class DeclineForm(VerbForm):
    """Why not."""

    reason = forms.CharField(
        label="为什么不能照办", max_length=300, widget=Words, help_text="本人会看到这句话，并可以据此投诉。",
        error_messages={"required": "请写明为什么不能照办，本人会看到。"},
    )  # fmt: skip


def _answer(label: str, name: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=Words, error_messages={"required": MISSING[name]})


class AssessmentForm(VerbForm):
    """The four answers of an impact assessment (PIPL 56)."""

    purpose = _answer("目的和方式", "purpose")
    necessity = _answer("为什么必要", "necessity")
    risks = _answer("对个人的影响和风险", "risks")
    measures = _answer("保护措施", "measures")

    def assessed(self) -> Assessed:
        """As the action takes it."""
        return Assessed(**self.given())


class BreachForm(VerbForm):
    """What has leaked, for the drafts of the notices; nothing of it is stored."""

    happened_on = forms.DateField(label="哪天发生的", widget=Day, error_messages={"required": "请选择日期。"})
    what = forms.CharField(
        label="发生了什么", max_length=300, widget=Words, error_messages={"required": "请写一句发生了什么。"}
    )
    fields_leaked = forms.CharField(
        label="涉及哪些信息", max_length=200, help_text="例如：姓名、电话、门牌。",
        error_messages={"required": "请写涉及哪些信息。"},
    )  # fmt: skip
    people = forms.IntegerField(
        label="大约涉及多少人", min_value=1, error_messages={"required": "请填一个大概的人数。"}
    )
    cause = forms.CharField(
        label="原因", max_length=200, error_messages={"required": "请写原因，还不清楚就写“正在查”。"}
    )
    done = forms.CharField(
        label="已经采取的措施", max_length=300, widget=Words, error_messages={"required": "请写已经做了什么。"}
    )
    advice = forms.CharField(
        label="本人可以怎么做", max_length=300, widget=Words, error_messages={"required": "请写本人可以怎么减轻危害。"}
    )
    contact = forms.CharField(label="联系方式", max_length=100, error_messages={"required": "请写公开的电话。"})
