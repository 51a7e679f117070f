"""A survey from above on its way to the streets: each lets it in or not before it may open (准入)."""

from __future__ import annotations

import uuid
from datetime import datetime

from louzhang.areas.models import Unit
from louzhang.fieldwork.actions.admitting import ask_admissions, close_admissions
from louzhang.fieldwork.asking import Asking, Question
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.surveys.models import Survey
from louzhang.surveys.models.surveys import COMMUNITY_RANK, Basis
from louzhang.surveys.queries.finding import asked_of
from louzhang.surveys.queries.pace import last_pace

KIND = "survey"


def send_to_streets(survey: Survey, *, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> None:
    """Ask every street of its grounds; an emergency one is told to them. Raises what `ask_admissions` raises."""
    grounds = [ground.area for ground in survey.grounds.select_related("area__level").defer("area__outline")]
    pace, is_measured = last_pace(survey.asker_area, survey.kind)
    asking = Asking(
        kind=KIND,
        source_uid=survey.uid,
        title=survey.title,
        purpose=survey.purpose,
        asker_id=survey.asker_unit_id or Unit.objects.get(office_area_id=survey.asker_area_id).pk,
        author_id=survey.author_id,
        grounds=grounds,
        starts_on=clock.local_date(survey.starts_at),
        ends_on=clock.local_date(survey.ends_at),
        pace_seconds=pace,
        is_pace_measured=is_measured,
        questions=[Question(each.key, each.text) for each in asked_of(survey)],
        subject=(Survey.subject_kind, survey.pk),
        decision=survey.basis_words if survey.basis == Basis.EMERGENCY else "",
    )
    ask_admissions(asking=asking, actor=actor, at=at, entry_id=entry_id)


def is_from_above(survey: Survey) -> bool:
    """Whether an office above the communities asks: then the streets are asked, or told."""
    rank: int = survey.asker_area.level.rank
    return rank < COMMUNITY_RANK


def close_at_streets(survey: Survey, *, at: datetime) -> None:
    """It is over or was taken back: what stands at streets ends with it."""
    if is_from_above(survey):
        close_admissions(kind=KIND, source_uid=survey.uid, at=at)
