"""The roll-ups follow the journal: what each event changed is added, the same way whether it is new or replayed.

What an event changes is the difference of what its order adds before and after it. These differences
add up to the same rows in whatever order and in whatever batches they come, which is why a replay
of the journal writes the rows that following it has written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import Any

from django.db import connection, transaction

from louzhang.figures.buckets import COUNT
from louzhang.figures.contributions import FIRST_BUCKET, Key, PlaceKey, Sums, UnitKey
from louzhang.figures.models import CLOCKS, COUNTS, PlaceDay, UnitDay
from louzhang.figures.queries.chains import all_chains, chains_of
from louzhang.journal.actions.reading import READING_LOCK
from louzhang.journal.models import Event, Stuck

KEPT_IN_MEMORY = 20_000


@dataclass(frozen=True, slots=True)
class RollUp:
    """One of the two: what its rows are known by, and its table."""

    kind: type[PlaceKey | UnitKey]
    model: type[PlaceDay | UnitDay]

    @property
    def table(self) -> str:
        """The name of its table."""
        return self.model._meta.db_table

    @property
    def key(self) -> list[str]:
        """The columns of its key."""
        return [field.name for field in fields(self.kind)]


ROLL_UPS = (RollUp(PlaceKey, PlaceDay), RollUp(UnitKey, UnitDay))


class RowsMissing(Exception):
    """An event takes an order out of a row that is not there: one before it has not been read yet."""


def read_events(events: Sequence[Event]) -> None:
    """Add what these new events have changed (the reader of the journal)."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.subject_id].add(event.seq)
    sums = Sums()
    for chain in chains_of(events):
        sums.follow(chain, wanted[chain.order_id])
    store(sums)


def rebuild_figures() -> int:
    """Write the roll-ups anew from the journal and say how many orders it told of.

    Readers of the journal wait meanwhile. Events that no reader has had yet are left to the reader;
    events that it got stuck on are in.
    """
    orders = 0
    sums = Sums()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [READING_LOCK])
            for roll_up in ROLL_UPS:
                cursor.execute(f"DELETE FROM {roll_up.table}")  # noqa: S608 - our own names
        for chain in all_chains():
            orders += 1
            sums.follow(chain, chain.read())
            if len(sums.rows) > KEPT_IN_MEMORY:
                store(sums)
        store(sums)
        Stuck.objects.filter(reader="figures").delete()
    return orders


def store(sums: Sums) -> None:
    """Add the differences to the stored rows, take away what is empty now, and forget them."""
    for roll_up in ROLL_UPS:
        rows = {key: row for key, row in sums.rows.items() if isinstance(key, roll_up.kind) and any(row)}
        if rows:
            _store(roll_up, rows)
    sums.rows.clear()


def _store(roll_up: RollUp, rows: Mapping[Key, list[int]]) -> None:
    """Rows that only grow are inserted or added to; one that something is taken from must stand already."""
    shrinking = {key: row for key, row in rows.items() if min(row) < 0}
    with connection.cursor() as cursor:
        if growing := [[*astuple(key), *_figures(row)] for key, row in rows.items() if key not in shrinking]:
            cursor.executemany(_add_statement(roll_up), growing)
        if not shrinking:
            return
        changes = [[*_figures(row), *astuple(key)] for key, row in shrinking.items()]
        cursor.executemany(_take_statement(roll_up), changes)
        if cursor.rowcount != len(shrinking):
            raise RowsMissing(f"{len(shrinking) - cursor.rowcount} rows of {roll_up.model.__name__} are not there")
        cursor.executemany(_delete_statement(roll_up), [astuple(key) for key in shrinking])


def _figures(row: list[int]) -> list[Any]:
    clocks = [row[FIRST_BUCKET[name] : FIRST_BUCKET[name] + COUNT] for name in CLOCKS]
    return [*row[: len(COUNTS)], *clocks]


@cache
def _add_statement(roll_up: RollUp) -> str:
    """Insert a row, or add its figures to the one that stands."""
    names = roll_up.key
    columns = ", ".join((*names, *COUNTS, *CLOCKS))
    places = ", ".join([*["%s"] * (len(names) + len(COUNTS)), *["%s::int[]"] * len(CLOCKS)])
    added = [f"{name} = kept.{name} + excluded.{name}" for name in COUNTS]
    added += [f"{name} = ARRAY[{_each(f'kept.{name}[#] + excluded.{name}[#]')}]" for name in CLOCKS]
    return (
        f"INSERT INTO {roll_up.table} AS kept ({columns}) VALUES ({places})"  # noqa: S608 - our own names
        f" ON CONFLICT ({', '.join(names)}) DO UPDATE SET {', '.join(added)}"
    )


@cache
def _take_statement(roll_up: RollUp) -> str:
    """Add figures, some of them negative, to a row that stands."""
    given = ", ".join([*[f"%s::int AS {name}" for name in COUNTS], *[f"%s::int[] AS {name}" for name in CLOCKS]])
    added = [f"{name} = kept.{name} + given.{name}" for name in COUNTS]
    added += [f"{name} = ARRAY[{_each(f'kept.{name}[#] + given.{name}[#]')}]" for name in CLOCKS]
    return (
        f"UPDATE {roll_up.table} AS kept SET {', '.join(added)} FROM (SELECT {given}) AS given"  # noqa: S608 - as above
        f" WHERE {_same(roll_up)}"
    )


def _each(template: str) -> str:
    """The same for every bucket: `#` becomes its place."""
    return ", ".join(template.replace("#", str(place)) for place in range(1, COUNT + 1))


def _same(roll_up: RollUp) -> str:
    return " AND ".join(f"kept.{name} = %s" for name in roll_up.key)


@cache
def _delete_statement(roll_up: RollUp) -> str:
    """Remove a row to which no order adds anything any more."""
    table = roll_up.table
    return f"DELETE FROM {table} AS kept WHERE {_same(roll_up)} AND orders = 0 AND sent_back = 0"  # noqa: S608 - as above


def stored_rows() -> Iterable[str]:
    """The rows as the database writes them, in the order of their keys: to compare a replay with."""
    for roll_up in ROLL_UPS:
        names, keys = ", ".join((*roll_up.key, *COUNTS, *CLOCKS)), ", ".join(roll_up.key)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ({names})::text FROM {roll_up.table} ORDER BY {keys}")  # noqa: S608 - as above
            yield from (str(line) for (line,) in cursor.fetchall())
