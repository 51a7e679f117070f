"""The star sheets of a month: one anonymous sheet about each person, for the households they serve (R3, 一表一册)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from louzhang.areas.models import Area, Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.ballots.actions import open_poll
from louzhang.ballots.rules import Electorate, Kind
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, Refusal
from louzhang.kit import clock
from louzhang.roster.actions.appraisal.walking import walk_month
from louzhang.roster.lifecycle.appraisal import MonthState
from louzhang.roster.models.appraisal import AppraisalMonth, StarSheet
from louzhang.roster.queries.appraisal.people import named, people_of
from louzhang.roster.queries.appraisal.spans import Span, first_of

log = logging.getLogger(__name__)
QUESTIONS = ("有事找得到", "答应的事办得到", "待人和气公道")
# Sheets go out in the last ten days of a month and end with it.
FROM_DAY = 21


def ask_stars(
    *,
    month_id: int,
    counters: Sequence[int],
    closes_at: datetime,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> AppraisalMonth:
    """Open a star sheet about everybody of the month who has none yet, for one vote a household.

    The sheets belong to the app of ballots: nobody can join who filled one in with what it says, and whoever is
    appraised there carries, enters and sees none. Raises what the walker raises, `InputRefused` for two counters who
    may not count and where nobody of the month serves a home.
    """
    with transaction.atomic(), walk_month(month_id, "ask_stars", actor=actor, at=at, entry_id=entry_id) as step:
        opened = _open_all(step.subject, counters, closes_at, actor, at)
        step.note(sheets=opened, closes_at=closes_at.isoformat())
    return step.subject


def _open_all(month: AppraisalMonth, counters: Sequence[int], closes_at: datetime, actor: Actor, at: datetime) -> int:
    there = set(StarSheet.objects.filter(month=month).values_list("user_id", flat=True))
    posts = {seat.user_id: seat.post_id for seat in people_of(month) if seat.user_id not in there}
    people, opened, refused = named(posts), 0, None
    for user_id, who in people.items():
        areas = _served(month, user_id, at)
        try:
            with transaction.atomic():
                poll = open_poll(
                    kind=Kind.STARS, title=f"给{who.title}{who.name}打星", electorate=Electorate.HOUSEHOLD, areas=areas,
                    counters=list(counters), closes_at=closes_at, actor=actor, at=at, questions=QUESTIONS,
                    subject_kind=AppraisalMonth.subject_kind, subject_id=month.pk, barred=[user_id],
                )  # fmt: skip
        except InputRefused as refusal:
            refused = refusal
            continue
        StarSheet.objects.create(month=month, user_id=user_id, poll_id=poll.pk)
        opened += 1
    if not opened and refused is not None:
        raise refused
    return opened


def _served(month: AppraisalMonth, user_id: int, at: datetime) -> list[Area]:
    rows = Post.objects.as_of(clock.local_date(at)).filter(user_id=user_id, role=month.scheme.role)
    held = rows.filter(area__path__startswith=month.area.path).select_related("area")
    return [post.area for post in held.order_by("pk") if post.area is not None]


def ask_all_stars(*, at: datetime) -> int:
    """By the clock, in the last days of a month: the sheets of every community whose scheme asks for them.

    Two of the community's office count; where there are not two, its desk names counters itself. Gives how many.
    """
    if clock.local_date(at).day < FROM_DAY:
        return 0
    month = first_of(clock.local_date(at))
    rows = AppraisalMonth.objects.filter(month=month, scheme__asks_stars=True, star_sheets=None)
    asked = 0
    for row in rows.exclude(status=MonthState.PUBLISHED.value).select_related("area").order_by("pk"):
        counters = counters_of(row.area, at)
        if len(counters) == 2:
            asked += _asked(row, counters, at)
    return asked


def _asked(month: AppraisalMonth, counters: Sequence[int], at: datetime) -> bool:
    try:
        ask_stars(month_id=month.pk, counters=counters, closes_at=Span(month.month).end, actor=SYSTEM, at=at)
    except Refusal:
        log.info("no star sheets of month %s", month.pk)
        return False
    return True


def counters_of(area: Area, at: datetime) -> list[int]:
    """Two people of the community's office."""
    rows = Post.objects.as_of(clock.local_date(at)).filter(area=area, role__in=OFFICE_ROLES).order_by("pk")
    return sorted(set(rows.values_list("user_id", flat=True)))[:2]
