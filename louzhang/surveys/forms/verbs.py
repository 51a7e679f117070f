"""What is typed where a survey moves on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms

from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.shell.widgets import Day
from louzhang.surveys.actions import running
from louzhang.surveys.actions.reminding import remind_behind
from louzhang.surveys.forms.drafting import MOMENT, Moment
from louzhang.surveys.models import Survey


class PlainForm(VerbForm):
    """Nothing but the yes."""


class ExtendForm(VerbForm):
    """Until when, and when the answers go."""

    ends_at = forms.DateTimeField(
        label="新的结束时间", widget=Moment, input_formats=[MOMENT],
        error_messages={"required": "请选择新的结束时间。", "invalid": "请选择日期和时间。"},
    )  # fmt: skip
    purge_on = forms.DateField(
        label="哪一天删除回答", widget=Day, required=False, help_text="不填就不变。",
        error_messages={"invalid": "请选择一个日期。"},
    )  # fmt: skip


VERB_FORMS: Mapping[str, type[VerbForm]] = {
    "submit": PlainForm,
    "open": PlainForm,
    "remind": PlainForm,
    "extend": ExtendForm,
    "close": PlainForm,
    "withdraw": PlainForm,
}
VERBS: Mapping[str, Callable[..., Any]] = {
    "submit": running.submit_survey,
    "open": running.open_survey,
    "remind": remind_behind,
    "extend": running.extend_survey,
    "close": running.close_survey,
    "withdraw": running.withdraw_survey,
}


def move_once(form: VerbForm, verb: str, survey: Survey, actor: Actor, at: datetime) -> Any:
    """Do one verb once per entry id; gives how many were reminded, else nothing. Raises the form's first error, and
    the action's.
    """
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        done = VERBS[verb](survey_id=survey.pk, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"count": done if isinstance(done, int) else None}

    body = {"verb": verb, "survey": survey.pk, **plain_body(form)}
    return once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)["count"]
