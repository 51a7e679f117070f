"""What is typed into an own note."""

from __future__ import annotations

from django import forms

from louzhang.journal.forms import VerbForm
from louzhang.register.actions.notes import WORDS_LENGTH
from louzhang.register.forms.fields import DayField
from louzhang.shell.widgets import Words


class NoteForm(VerbForm):
    """Words, and a day to be reminded on."""

    words = forms.CharField(
        label="记一笔", max_length=WORDS_LENGTH, widget=Words, error_messages={"required": "请写一句。"}
    )
    due_on = DayField(label="哪天提醒我", required=False)


class ThrowForm(VerbForm):
    """Nothing to type."""
