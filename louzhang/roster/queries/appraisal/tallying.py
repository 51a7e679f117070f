"""Counting: the cases of everybody by an indicator in a month, for many communities in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from louzhang.fieldwork.models import Rhythm, Whom
from louzhang.fieldwork.queries.dues import beat_of
from louzhang.register.models.shelters import sheltered_homes
from louzhang.roster.queries.appraisal.seats import Seat
from louzhang.roster.queries.appraisal.spans import Span
from louzhang.roster.queries.appraisal.statements import STATEMENTS, counting, listing
from louzhang.roster.reckoning import GOOD, Count

# A visit longer ago than this does not put off when a home is due.
LONGEST = 400


def tally(kind: str, role: str, seats: Sequence[Seat], span: Span, hours: int | None) -> dict[int, dict[int, Count]]:
    """By community and person, how many cases and how many of them good. Only for kinds that come from events."""
    if not seats:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(counting(kind), _given(kind, role, seats, span, hours))
        rows = cursor.fetchall()
    found: dict[int, dict[int, Count]] = {}
    for place, user_id, cases, good in rows:
        found.setdefault(place, {})[user_id] = Count(cases, good * GOOD)
    return found


def cases_of(
    kind: str, role: str, seats: Sequence[Seat], span: Span, hours: int | None, *, place: int, user_id: int
) -> list[tuple[int, bool]]:
    """The subjects behind one person's figure and whether each was good, by the statement that counts them."""
    if kind not in STATEMENTS or not seats:
        return []
    given = _given(kind, role, seats, span, hours) | {"place": place, "user": user_id}
    with connection.cursor() as cursor:
        cursor.execute(listing(kind), given)
        return [(subject_id, is_good) for subject_id, is_good in cursor.fetchall()]


def _given(kind: str, role: str, seats: Sequence[Seat], span: Span, hours: int | None) -> dict[str, Any]:
    return {
        "places": [seat.place for seat in seats],
        "users": [seat.user_id for seat in seats],
        "posts": [seat.post_id for seat in seats],
        "sinces": [seat.since for seat in seats],
        "untils": [seat.until for seat in seats],
        "paths": [seat.path for seat in seats],
        "mains": [seat.is_main for seat in seats],
        "places_once": sorted({seat.place for seat in seats}),
        "role": role,
        "begin": span.begin,
        "end": span.end,
        "recorded_from": span.recorded_from,
        "hours": hours or 0,
        **(_rounds(role, span) if kind == "visits_due" else {}),
        **({"zone": settings.TIME_ZONE} if kind in ("visits_due", "answers_in_time") else {}),
    }


def _rounds(role: str, span: Span) -> Mapping[str, Any]:
    """The rhythms by which every home is called on by this role, in force the whole month."""
    rows = Rhythm.objects.filter(whom=Whom.EACH, role=role, starts_on__lte=span.month).select_related("area")
    held = [
        rhythm
        for rhythm in rows.order_by("pk")
        if (rhythm.ended_at is None or rhythm.ended_at >= span.end)
        and (rhythm.ends_on is None or rhythm.ends_on >= span.next_month)
    ]
    return {
        "beat_paths": [rhythm.area.path for rhythm in held],
        "beat_days": [beat_of(rhythm).days for rhythm in held],
        "longest": LONGEST,
        "first_day": span.month,
        "next_day": span.next_month,
        "sheltered": sorted(sheltered_homes()),
    }
