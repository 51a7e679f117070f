"""Computing a month: anew while it is not published; afterwards only held against what is published."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.roster.actions.appraisal.walking import walk_month
from louzhang.roster.lifecycle.appraisal import MonthState
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.queries.appraisal.counts import Inputs, inputs_of
from louzhang.roster.queries.appraisal.reckoned import COMPARED, differences, digest_of, rows_of
from louzhang.roster.queries.appraisal.schemes import scene_of
from louzhang.roster.queries.appraisal.spans import Span, first_of, shifted

GONE = "没有找到这个月的考核，或它不在您的范围内。"
# A month is computed anew every night until so long after its end; then a person does it.
STILL = timedelta(days=15)


def compute_month(*, month_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> AppraisalMonth:
    """Compute a month from what happened in it; twice gives the same to the byte.

    A published month keeps its figures: what a new count finds otherwise is shown beside them. Raises `NotThere`,
    `NotYours` for who is not of the community's office.
    """
    month = AppraisalMonth.objects.visible_to(actor).select_related("scheme", "area").filter(pk=month_id).first()
    if month is None:
        raise NotThere(GONE)
    return _computed(month, inputs_of([month])[month.pk], actor, at, entry_id)


def compute_months(*, at: datetime) -> int:
    """Every month that is not published and not long over, all communities together; by the clock. Gives how many."""
    this = first_of(clock.local_date(at))
    months = [this, shifted(this, -1)] if at < Span(this).begin + STILL else [this]
    rows = AppraisalMonth.objects.filter(month__in=months).exclude(status=MonthState.PUBLISHED.value)
    found = list(rows.select_related("scheme", "area").prefetch_related("scheme__indicators").order_by("pk"))
    inputs = inputs_of(found)
    for month in found:
        _computed(month, inputs[month.pk], SYSTEM, at, None)
    return len(found)


def _computed(
    month: AppraisalMonth, inputs: Inputs, actor: Actor, at: datetime, entry_id: uuid.UUID | None
) -> AppraisalMonth:
    compares = scene_of(Span(month.month)) is not None
    rows, means = rows_of(month, inputs, compares_staff=compares)
    verb = "recount" if month.is_published else "compute"
    with walk_month(month.pk, verb, actor=actor, at=at, entry_id=entry_id) as step:
        digest = digest_of(rows, means)
        step.note(inputs=inputs.digest(month), figures=digest, people=len(rows))
        if verb == "recount":
            found = differences(list(step.subject.standings.order_by("user_id")), rows)
            step.set(differences=found, recounted_at=at)
            step.note(differences=len(found))
        else:
            store(month.pk, rows)
            step.set(inputs_digest=inputs.digest(month), figures_digest=digest, means=means, computed_at=at)
    return step.subject


def store(month_id: int, rows: Sequence[Standing]) -> None:
    """Write the rows of a locked month over those that are there; who is not appraised any more goes.

    A row that somebody has objected to stays as it was: the objection is about it.
    """
    with transaction.atomic():
        gone = Standing.objects.filter(month_id=month_id, objections=None)
        gone.exclude(user_id__in=[row.user_id for row in rows]).delete()
        Standing.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["month", "user"], update_fields=list(COMPARED), batch_size=500
        )
