"""Opening a month, its tasks to be scored, who gives scores, the star sheets of the served households."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.fieldwork.actions.noting import note
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.roster.actions.appraisal.schemes import refuse_criteria, refuse_office
from louzhang.roster.actions.appraisal.walking import walk_month
from louzhang.roster.models.appraisal import APPRAISERS_AT_MOST, AppraisalMonth, Appraiser, Scheme
from louzhang.roster.queries.appraisal.schemes import places_of_schemes
from louzhang.roster.queries.appraisal.spans import first_of

log = logging.getLogger(__name__)


def open_month(
    *, scheme: Scheme, area: Area, month: date, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> AppraisalMonth:
    """Begin a month of a community; the one that is there if it was begun.

    Raises `InputRefused` for a month to come or before the scheme, and for a place outside it.
    """
    refuse_office(actor, area)
    first = first_of(month)
    if not scheme.starts_on <= first <= clock.local_date(at):
        raise InputRefused("这个月还没到，或在考核办法开始以前。", field="month")
    if not area.path.startswith(scheme.area.path):
        raise InputRefused("这个社区不在考核办法的范围里。", field="area")
    try:
        with transaction.atomic():
            row = AppraisalMonth.objects.create(
                scheme=scheme, area=area, month=first, criteria=scheme.criteria, opened_at=at
            )
            facts = {"month": first.isoformat(), "scheme": scheme.pk}
            note(row, "open", area_id=area.pk, actor=actor, at=at, facts=facts, entry_id=entry_id)
    except IntegrityError:
        return AppraisalMonth.objects.get(scheme=scheme, area=area, month=first)
    return row


def open_months(*, at: datetime) -> int:
    """The month of every community in which somebody is appraised; done by the clock. Gives how many were begun."""
    month = first_of(clock.local_date(at))
    there = set(AppraisalMonth.objects.filter(month=month).values_list("scheme_id", "area_id"))
    new = [pair for pair in places_of_schemes(month) if (pair[0].pk, pair[1].pk) not in there]
    for scheme, community in new:
        open_month(scheme=scheme, area=community, month=month, actor=SYSTEM, at=at)
    return len(new)


def set_criteria(
    *, month_id: int, criteria: Sequence[str], actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> AppraisalMonth:
    """The community writes what is scored this month, from its tasks (R2).

    Scores given before are of other tasks: they are left out once the number of tasks differs. Raises what the walker
    raises, `InputRefused` for words too long or too many.
    """
    lines = [" ".join(words.split()) for words in criteria if words.strip()]
    refuse_criteria(lines)
    with walk_month(
        month_id, "set_criteria", actor=actor, at=at, given={"criteria": lines or None}, entry_id=entry_id
    ) as step:
        step.set(criteria=lines)
        step.note(criteria=len(lines))
    return step.subject


def name_appraisers(
    *, month_id: int, user_ids: Sequence[int], actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> AppraisalMonth:
    """The community names who gives scores; whoever is no longer named keeps what was given before out of the count.

    Raises `InputRefused` for too many, and for an account that has ended.
    """
    wanted = sorted(set(user_ids))
    if len(wanted) > APPRAISERS_AT_MOST:
        raise InputRefused(f"评分人最多 {APPRAISERS_AT_MOST} 位。", field="appraisers")
    if User.objects.filter(pk__in=wanted, ended_at=None).count() != len(wanted):
        raise InputRefused("有一位评分人的账号不在用，请重新选。", field="appraisers")
    with walk_month(month_id, "name_appraisers", actor=actor, at=at, entry_id=entry_id) as step:
        rows = {row.user_id: row for row in Appraiser.objects.filter(month_id=month_id).order_by("pk")}
        for user_id in wanted:
            row = rows.get(user_id) or Appraiser(month_id=month_id, user_id=user_id)
            row.ended_at = None
            row.save()
        for user_id, row in rows.items():
            if user_id not in wanted and row.ended_at is None:
                row.ended_at = at
                row.save(update_fields=["ended_at"])
        step.note(appraisers=wanted)
    return step.subject
