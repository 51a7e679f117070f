"""Moving a month, an objection or a review along its table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.walker import Step, walk
from louzhang.roster.lifecycle.appraisal import MONTH, OBJECTION, REVIEW
from louzhang.roster.models.appraisal import AppraisalMonth, AppraisalMonthQuerySet
from louzhang.roster.models.appraisal_rulings import FigureObjection, FigureObjectionQuerySet, Review, ReviewQuerySet


def walk_month(
    month_id: int,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> AbstractContextManager[Step[AppraisalMonth]]:
    """One step of a month."""
    rows: AppraisalMonthQuerySet = AppraisalMonth.objects.all()
    return walk(MONTH, rows, month_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def walk_objection(
    objection_id: int,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> AbstractContextManager[Step[FigureObjection]]:
    """One step of an objection."""
    rows: FigureObjectionQuerySet = FigureObjection.objects.all()
    return walk(OBJECTION, rows, objection_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def walk_review(
    review_id: int,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> AbstractContextManager[Step[Review]]:
    """One step of a review."""
    rows: ReviewQuerySet = Review.objects.all()
    return walk(REVIEW, rows, review_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
