"""The roll-ups follow the journal: what each event changed is added, the same way whether it is new or replayed.

What an event changes is the difference of what its order adds before and after it. These differences
add up to the same rows in whatever order and in whatever batches they come, which is why a replay
of the journal writes the rows that following it has written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import Any

from django.db import connection, transaction

from louzhang.figures.actions.field_rolling import rebuild_field_figures, stored_field_rows
from louzhang.figures.buckets import COUNT
from louzhang.figures.contributions import FIRST_BUCKET, Key, PlaceKey, Standing, Sums, UnitKey
from louzhang.figures.models import CLOCKS, COUNTS, CountedOrder, PlaceDay, UnitDay
from louzhang.figures.queries.chains import all_chains, chains_of
from louzhang.journal.actions.reading import READING_LOCK
from louzhang.journal.models import Event, Stuck

KEPT_IN_MEMORY = 20_000
AT_ONCE = 2_000


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


COUNTED = CountedOrder._meta.db_table
_OF_ORDER = ("settled_rank", "counts", *CLOCKS)
_COUNT_ORDERS = (
    f"INSERT INTO {COUNTED} AS kept (order_id, {', '.join(_OF_ORDER)})"  # noqa: S608 - names of our own columns
    " SELECT * FROM unnest(%s::bigint[], %s::smallint[], %s::integer[], %s::smallint[], %s::smallint[], %s::smallint[])"
    f" ON CONFLICT (order_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _OF_ORDER)}"
    f" WHERE ({', '.join(f'kept.{name}' for name in _OF_ORDER)})"
    f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in _OF_ORDER)})"
)


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
            for table in (*(roll_up.table for roll_up in ROLL_UPS), COUNTED):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        for chain in all_chains():
            orders += 1
            sums.follow(chain, chain.read())
            if len(sums.rows) + len(sums.orders) > KEPT_IN_MEMORY:
                store(sums)
        store(sums)
        rebuild_field_figures()
        Stuck.objects.filter(reader__in=("figures", "field_figures")).delete()
    return orders


def store(sums: Sums) -> None:
    """Add the differences to the stored rows, take away what is empty now, and forget them."""
    for roll_up in ROLL_UPS:
        rows = {key: row for key, row in sums.rows.items() if isinstance(key, roll_up.kind) and any(row)}
        if rows:
            _store(roll_up, rows)
    _store_orders(sums.orders)
    sums.rows.clear()
    sums.orders.clear()


def _store_orders(orders: Mapping[int, Standing | None]) -> None:
    """Write in which figures each order stands now, or that it stands in none."""
    counted = [(pk, each.settled_rank, each.counts, *each.buckets) for pk, each in orders.items() if each is not None]
    gone = [pk for pk, each in orders.items() if each is None]
    with connection.cursor() as cursor:
        for start in range(0, len(counted), AT_ONCE):
            cursor.execute(
                _COUNT_ORDERS, [list(column) for column in zip(*counted[start : start + AT_ONCE], strict=True)]
            )
        if gone:
            cursor.execute(f"DELETE FROM {COUNTED} WHERE order_id = ANY(%s)", [gone])  # noqa: S608 - our own names


def _store(roll_up: RollUp, rows: Mapping[Key, list[int]]) -> None:
    """Rows that only grow are inserted or added to; one that something is taken from must stand already."""
    growing = [_given(key, row) for key, row in rows.items() if min(row) >= 0]
    shrinking = [_given(key, row) for key, row in rows.items() if min(row) < 0]
    with connection.cursor() as cursor:
        for some in _parts(growing):
            cursor.execute(_add_statement(roll_up), some)
        changed = 0
        for some in _parts(shrinking):
            cursor.execute(_take_statement(roll_up), some)
            changed += cursor.rowcount
            cursor.execute(_delete_statement(roll_up), some)
    if changed != len(shrinking):
        raise RowsMissing(f"{len(shrinking) - changed} rows of {roll_up.model.__name__} are not there")


def _given(key: Key, row: list[int]) -> list[Any]:
    clocks = [row[FIRST_BUCKET[name] : FIRST_BUCKET[name] + COUNT] for name in CLOCKS]
    return [*astuple(key), *row[: len(COUNTS)], *(f"{{{','.join(map(str, clock))}}}" for clock in clocks)]


def _parts(given: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """A few thousand rows at a time, as columns: a statement for each row would be many times slower."""
    for start in range(0, len(given), AT_ONCE):
        yield [list(column) for column in zip(*given[start : start + AT_ONCE], strict=True)]


def _rows_given(roll_up: RollUp) -> str:
    """The rows of such columns; the buckets come as text, since an array of arrays is not taken apart by rows."""
    types = [str(roll_up.model._meta.get_field(name).db_type(connection)) for name in roll_up.key]
    types = [kind.split("(", maxsplit=1)[0] for kind in types] + ["integer"] * len(COUNTS) + ["text"] * len(CLOCKS)
    columns = ", ".join((*roll_up.key, *COUNTS, *CLOCKS))
    read = ", ".join((*roll_up.key, *COUNTS, *(f"{name}::integer[] AS {name}" for name in CLOCKS)))
    places = ", ".join(f"%s::{kind}[]" for kind in types)
    return f"(SELECT {read} FROM unnest({places}) AS read({columns})) AS given"  # noqa: S608 - our own names


@cache
def _add_statement(roll_up: RollUp) -> str:
    """Insert the rows given, or add their figures to those that stand."""
    columns = ", ".join((*roll_up.key, *COUNTS, *CLOCKS))
    return (
        f"INSERT INTO {roll_up.table} AS kept ({columns}) SELECT {columns} FROM {_rows_given(roll_up)}"  # noqa: S608 - our own names
        f" ON CONFLICT ({', '.join(roll_up.key)}) DO UPDATE SET {_sums('excluded')}"
    )


@cache
def _take_statement(roll_up: RollUp) -> str:
    """Add the figures given, some of them negative, to the rows that stand."""
    return f"UPDATE {roll_up.table} AS kept SET {_sums('given')} FROM {_rows_given(roll_up)} WHERE {_same(roll_up)}"  # noqa: S608 - as above


@cache
def _delete_statement(roll_up: RollUp) -> str:
    """Remove those of the rows to which no order adds anything any more."""
    return (
        f"DELETE FROM {roll_up.table} AS kept USING {_rows_given(roll_up)}"  # noqa: S608 - as above
        f" WHERE {_same(roll_up)} AND kept.orders = 0 AND kept.sent_back = 0"
    )


def _sums(other: str) -> str:
    """Every figure of the row that stands with the one of the other row added, bucket by bucket."""
    counts = [f"{name} = kept.{name} + {other}.{name}" for name in COUNTS]
    places = range(1, COUNT + 1)
    clocks = [
        f"{name} = ARRAY[{', '.join(f'kept.{name}[{place}] + {other}.{name}[{place}]' for place in places)}]"
        for name in CLOCKS
    ]
    return ", ".join([*counts, *clocks])


def _same(roll_up: RollUp) -> str:
    return " AND ".join(f"kept.{name} = given.{name}" for name in roll_up.key)


def stored_rows() -> Iterable[str]:
    """The rows as the database writes them, in the order of their keys: to compare a replay with."""
    for roll_up in ROLL_UPS:
        names, keys = ", ".join((*roll_up.key, *COUNTS, *CLOCKS)), ", ".join(roll_up.key)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ({names})::text FROM {roll_up.table} ORDER BY {keys}")  # noqa: S608 - as above
            yield from (str(line) for (line,) in cursor.fetchall())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (kept)::text FROM {COUNTED} AS kept ORDER BY order_id")  # noqa: S608 - as above
        yield from (str(line) for (line,) in cursor.fetchall())
    yield from stored_field_rows()
