"""A survey on its way: through the street, open, extended, closed, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.register.actions.assessing import refuse_switched_off
from louzhang.register.models import Target as Assessable
from louzhang.surveys.actions.drafting import KEPT_AT_MOST, refuse_too_long
from louzhang.surveys.actions.sending import close_at_streets, is_from_above, send_to_streets
from louzhang.surveys.actions.targeting import lay_out
from louzhang.surveys.lifecycle import LOOP
from louzhang.surveys.models import Survey
from louzhang.surveys.queries.pace import pace_of

NO_QUESTIONS = "还没有写题目，请先写题目。"


def submit_survey(*, survey_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Survey:
    """Send a draft from above to its streets, which let it in or not. Raises what the walker raises."""
    with _walked(survey_id, "submit", actor, at, entry_id) as step:
        _refuse_unready(step.subject, at)
        send_to_streets(step.subject, actor=actor, at=at)
    return step.subject


def admit_survey(
    *, survey_id: int, actor: Actor, at: datetime, reason: str = "", admission_uid: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
) -> Survey:  # fmt: skip
    """The streets have let it in (clock: it follows from their admissions). Raises what the walker raises."""
    with _walked(survey_id, "admit", actor, at, entry_id) as step:
        step.set(admission_uid=admission_uid)
        step.say(reason=reason.strip())
    return step.subject


def decline_survey(
    *, survey_id: int, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Survey:
    """No street lets it in; why stands there, and it is a draft again. Raises what the walker raises."""
    with _walked(survey_id, "decline", actor, at, entry_id, reason=reason) as step:
        step.say(reason=reason.strip())
    return step.subject


def open_survey(*, survey_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Survey:
    """Begin to ask: every household that is chosen now becomes a row, every place above it a share (R8).

    Raises what the walker raises; `InputRefused` without questions, households or an assessment of its sort.
    """
    with _walked(survey_id, "open", actor, at, entry_id) as step:
        survey = step.subject
        _refuse_unready(survey, at)
        refuse_switched_off(Assessable.SURVEY, survey.kind)
        households = lay_out(survey, at=at)
        if not households:
            raise InputRefused("这个范围里没有要问的住户。请核对范围和条件，或先登记住户。", field="area_ids")
        if is_from_above(survey) and not survey.needs_admission:
            send_to_streets(survey, actor=actor, at=at)
        step.set(opened_at=at, starts_at=min(survey.starts_at, at))
        step.payload["households"] = households
    return step.subject


def extend_survey(
    *, survey_id: int, ends_at: datetime, actor: Actor, at: datetime, purge_on: date | None = None,
    entry_id: uuid.UUID | None = None,
) -> Survey:  # fmt: skip
    """Ask longer; the day on which answers go moves only where it was said. Raises what the walker raises."""
    with _walked(survey_id, "extend", actor, at, entry_id, ends_at=ends_at) as step:
        survey = step.subject
        last, purge = clock.local_date(ends_at), purge_on or survey.purge_on
        if ends_at <= at or ends_at <= survey.ends_at:
            raise InputRefused("新的结束时间要晚于现在的结束时间。", field="ends_at")
        refuse_too_long(survey.starts_at, ends_at)
        if not last <= purge <= last + KEPT_AT_MOST:
            raise InputRefused("删除回答的日子不能早于结束那天，最晚一年。", field="purge_on")
        step.payload |= {"ends_at": ends_at.isoformat(), "purge_on": purge.isoformat()}
        step.set(ends_at=ends_at, purge_on=purge)
    return step.subject


def close_survey(*, survey_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Survey:
    """Ask no more; what a household took at the door is kept for the next preview. Raises what the walker raises."""
    with _walked(survey_id, "close", actor, at, entry_id) as step:
        step.set(closed_at=at, pace_seconds=pace_of(step.subject))
        close_at_streets(step.subject, at=at)
    return step.subject


def withdraw_survey(*, survey_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Survey:
    """Take it back before it began. Raises what the walker raises."""
    with _walked(survey_id, "withdraw", actor, at, entry_id) as step:
        close_at_streets(step.subject, at=at)
    return step.subject


def _walked(
    survey_id: int, verb: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None, **given: Any
) -> AbstractContextManager[Step[Survey]]:
    inputs: Mapping[str, Any] = given
    return walk(LOOP, Survey.objects.all(), survey_id, verb, actor=actor, at=at, given=inputs, entry_id=entry_id)


def _refuse_unready(survey: Survey, at: datetime) -> None:
    if not survey.questions.exists():
        raise InputRefused(NO_QUESTIONS, field="questions")
    if survey.ends_at <= at:
        raise InputRefused("结束时间已经过了，请先改时间。", field="ends_at")
