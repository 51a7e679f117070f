"""A need becomes something: made and noted in one act, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.journal.refusals import Conflict
from louzhang.register.actions import hand_on_need
from louzhang.register.courses import CourseMaker
from louzhang.register.models import Need


def make_once(maker: CourseMaker, form: VerbForm, need: Need, *, actor: Actor, at: datetime) -> str:
    """Make what the need becomes and note its number there; gives the number.

    Raises the form's first error, `Conflict` for a need that has become something already, and what the maker raises.
    """
    if not form.is_valid():
        raise first_refusal(form)

    def perform() -> Mapping[str, Any]:
        if need.course:
            raise Conflict(f"这条需求已经{need.get_course_display()} {need.reference}。")
        handed = hand_on_need(need_id=need.pk, course=maker.course, reference="", actor=actor, at=at)
        reference = maker.make(handed, form.given(), actor, at)
        hand_on_need(need_id=need.pk, course=maker.course, reference=reference, actor=actor, at=at)
        return {"reference": reference}

    body = {"act": f"need.{maker.course}", "row": need.pk, **plain_body(form)}
    answer = once(actor=actor, entry_id=form.cleaned_data["entry_id"], body=body, at=at, perform=perform)
    return str(answer["reference"])
