"""Forms of a motion's own verbs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.workorders.actions.motions import MOTION_VERBS
from louzhang.workorders.forms.fields import VerbForm, WordsField, first_refusal, plain_body
from louzhang.workorders.lifecycle import MISSING

BODY_LENGTH = 120


class SubmitMotionForm(VerbForm):
    """Submit: to whom, and what is to be said."""

    body = forms.CharField(label="提交给", max_length=BODY_LENGTH, error_messages={"required": MISSING["body"]})
    words = WordsField(label="说明", rows=2)


class MotionWordsForm(VerbForm):
    """Answer, close: what was said, or what came of it."""

    words = WordsField(label="内容", required=MISSING["words"])


MOTION_FORMS: dict[str, type[VerbForm]] = {
    "submit": SubmitMotionForm,
    "answer": MotionWordsForm,
    "close": MotionWordsForm,
}


def motion_form(verb: str, data: Any = None) -> VerbForm:
    """The form of a verb; a fresh one carries a new entry id. Raises `NotThere` for a verb that does not exist."""
    if verb not in MOTION_FORMS:
        raise NotThere("没有这个操作，请刷新页面后重试。")
    return MOTION_FORMS[verb](initial={"entry_id": uuid.uuid4()}) if data is None else MOTION_FORMS[verb](data)


def perform_on_motion(verb: str, *, motion_id: int, form: VerbForm, actor: Actor, at: datetime) -> None:
    """Do a verb of a motion once per entry id; raises the form's first error and whatever the action raises."""
    if not form.is_valid():
        raise first_refusal(form)
    entry_id = form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        action: Any = MOTION_VERBS[verb]
        moved = action(motion_id=motion_id, actor=actor, at=at, entry_id=entry_id, **form.given())
        return {"motion": moved.pk, "status": str(moved.status)}

    body = {"verb": verb, "motion": motion_id, **plain_body(form)}
    once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)
