"""Chains of orders out of the journal, as the figures follow them: one statement, so one moment.

An order's category is the one thing its first event does not name. The row has the present one and
each change names the one before, so the first change in the chain, or the row, tells the first.
Who settled, and at which level, is read from the post or unit of the event; neither a post's role
and place nor a unit's kind ever change.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from louzhang.areas.models import RANKS, Area, LevelKind, UnitKind
from louzhang.areas.roles import FIELD_ROLES
from louzhang.figures.course import Chain, Happening
from louzhang.journal.models import Event

AT_A_TIME = 5_000
# The level of a unit that is no office: that of the office it usually answers to.
UNIT_RANKS = {
    UnitKind.DEPARTMENT: RANKS[LevelKind.DISTRICT],
    UnitKind.ENFORCEMENT: RANKS[LevelKind.STREET],
    UnitKind.PARTNER: RANKS[LevelKind.COMMUNITY],
    UnitKind.PROPERTY: RANKS[LevelKind.COMMUNITY],
    UnitKind.OWNERS: RANKS[LevelKind.COMMUNITY],
}

_CHAINS = """
    SELECT event.subject_id, event.seq, event.verb, event.happened_at, event.payload, event.area_ids,
        matter.category_id, LEAST(matter.floor_rank, {community}), unread.id IS NOT NULL,
        post.role, ground.kind, unit.kind, seat.kind
    FROM journal_event AS event
    JOIN workorders_workorder AS matter ON matter.id = event.subject_id
    LEFT JOIN journal_unread AS unread USING (subject_kind, subject_id, seq)
    LEFT JOIN areas_post AS post ON post.id = event.post_id
    LEFT JOIN areas_area AS place ON place.id = post.area_id
    LEFT JOIN areas_arealevel AS ground ON ground.id = place.level_id
    LEFT JOIN areas_unit AS unit ON unit.id = COALESCE(post.unit_id, event.unit_id)
    LEFT JOIN areas_area AS office ON office.id = unit.office_area_id
    LEFT JOIN areas_arealevel AS seat ON seat.id = office.level_id
    WHERE event.subject_kind = 'workorder' {which}
    ORDER BY event.subject_id, event.seq
"""


def chains_of(events: Iterable[Event]) -> Iterator[Chain]:
    """The whole chains of the orders that these events are about (two queries)."""
    return chains_of_orders({event.subject_id for event in events})


def chains_of_orders(order_ids: Collection[int]) -> Iterator[Chain]:
    """The chains of these orders (two queries)."""
    with connection.cursor() as cursor:
        cursor.execute(_text("AND event.subject_id = ANY(%s)"), [sorted(order_ids)])
        yield from _chains(cursor.fetchall())


def all_chains() -> Iterator[Chain]:
    """Every chain there is, a few thousand events at a time; call it inside a transaction."""
    wrapper: Any = connection  # the stubs leave out the server's own cursor
    with wrapper.chunked_cursor() as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(_text(""))
        yield from _chains(cursor)


def _text(which: str) -> str:
    return _CHAINS.format(community=RANKS[LevelKind.COMMUNITY], which=which)


def _chains(rows: Iterable[Sequence[Any]]) -> Iterator[Chain]:
    offices = office_areas()
    for order_id, group in groupby(rows, key=itemgetter(0)):
        found = list(group)
        events = [(row[1], _happening(row, offices)) for row in found]
        yield Chain(
            order_id=order_id,
            category_id=_first_category([event for _, event in events], found[0][6]),
            floor_rank=found[0][7],
            events=events,
            unread=frozenset(row[1] for row in found if row[8]),
        )


def _happening(row: Sequence[Any], offices: frozenset[int]) -> Happening:
    _, _, verb, happened_at, payload, line, _, _, _, role, ground, unit, seat = row
    at: datetime = happened_at
    return Happening(
        verb=verb,
        at=at,
        payload=json.loads(payload) if isinstance(payload, str) else payload,
        area_id=next((area_id for area_id in reversed(line) if area_id in offices), 0),
        settler_rank=_rank(role, ground, unit, seat),
    )


def _rank(role: str | None, ground: str | None, unit: str | None, seat: str | None) -> int:
    """The level of who acted: a post out among the residents, an office, or a unit that is none."""
    if role in FIELD_ROLES:
        return RANKS[LevelKind.GRID]
    for kind in (ground, seat):
        if kind:
            return min(RANKS[kind], RANKS[LevelKind.GRID])
    return UNIT_RANKS.get(UnitKind(unit), 0) if unit else 0


def _first_category(events: Iterable[Happening], now: int) -> int:
    changes = (event.payload.get("category_from") for event in events if event.verb == "recategorise")
    return next((int(before) for before in changes if before is not None), now)


def office_areas() -> frozenset[int]:
    """The places that figures are told of: those with an office."""
    bearing = (LevelKind.DISTRICT, LevelKind.STREET, LevelKind.COMMUNITY)
    return frozenset(Area.objects.of_kind(*bearing).order_by().values_list("pk", flat=True))
