"""The forms of an order's time: first contact, pauses, extensions."""

from __future__ import annotations

from django import forms

from louzhang.shell.widgets import ChipRadio
from louzhang.workorders.actions.asking_time import ContactResult, PauseFor
from louzhang.workorders.actions.policies import AMOUNT_AT_MOST
from louzhang.workorders.forms.fields import VerbForm, WordsField
from louzhang.workorders.lifecycle import MISSING


class ContactForm(VerbForm):
    """First contact: what came of it."""

    contact_result = forms.ChoiceField(
        label="联系的结果",
        choices=ContactResult.choices,
        widget=ChipRadio,
        error_messages={"required": MISSING["contact_result"], "invalid_choice": MISSING["contact_result"]},
    )
    note = WordsField(label="说明", rows=2)


class PauseForm(VerbForm):
    """Pause, or ask for it: what time waits for, and why."""

    pause_for = forms.ChoiceField(
        label="为什么暂停",
        choices=PauseFor.choices,
        widget=ChipRadio,
        error_messages={"required": MISSING["pause_for"], "invalid_choice": MISSING["pause_for"]},
    )
    reason = WordsField(label="理由", required=MISSING["reason"])


class GrantForm(VerbForm):
    """Agree to a pause: a note if one likes."""

    note = WordsField(label="说明", rows=2)


class RefuseForm(VerbForm):
    """Do not agree: why."""

    reason = WordsField(label="理由", required=MISSING["reason"])


class ResumeForm(VerbForm):
    """Let time go on: a reason if one likes."""

    reason = WordsField(label="说明", rows=2)


class ExtensionForm(VerbForm):
    """Ask for more time: how much, and why."""

    amount = forms.IntegerField(
        label="延长多少",
        min_value=1,
        max_value=AMOUNT_AT_MOST,
        error_messages={"required": MISSING["amount"], "invalid": MISSING["amount"], "min_value": MISSING["amount"],
                        "max_value": MISSING["amount"]},
    )  # fmt: skip
    reason = WordsField(label="理由", required=MISSING["reason"])


class GrantExtensionForm(VerbForm):
    """Agree to more time; another amount than the one asked, if one likes."""

    amount = forms.IntegerField(
        label="延长多少",
        required=False,
        min_value=1,
        max_value=AMOUNT_AT_MOST,
        error_messages={"invalid": MISSING["amount"], "min_value": MISSING["amount"], "max_value": MISSING["amount"]},
    )
    note = WordsField(label="说明", rows=2)


TIME_FORMS: dict[str, type[VerbForm]] = {
    "contact": ContactForm,
    "ask_pause": PauseForm,
    "grant_pause": GrantForm,
    "refuse_pause": RefuseForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "ask_extension": ExtensionForm,
    "grant_extension": GrantExtensionForm,
    "refuse_extension": RefuseForm,
    "remind": VerbForm,
    "overdue": VerbForm,
    "recompute": VerbForm,
}
