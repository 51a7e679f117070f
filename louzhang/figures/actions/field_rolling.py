"""The roll-ups of visits and good deeds follow the journal (R1): each event adds to one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef

from louzhang.fieldwork.models import GoodDeed
from louzhang.figures.field_sums import COUNTS, DEED, VISIT, FieldKey, FieldSums
from louzhang.figures.models import DeedDay, VisitDay
from louzhang.figures.queries.chains import office_areas
from louzhang.journal.models import Event, Unread
from louzhang.kit import clock

KINDS = (VISIT, DEED)
TABLES = {VISIT: VisitDay._meta.db_table, DEED: DeedDay._meta.db_table}
AT_ONCE = 2_000


def read_field_events(events: Sequence[Event]) -> None:
    """Add what these new events have changed (the reader of the journal)."""
    ids = {event.subject_id for event in events if event.subject_kind == DEED}
    _store(_sums(events, dict(GoodDeed.objects.filter(pk__in=ids).order_by().values_list("pk", "day"))))


def rebuild_field_figures() -> None:
    """Write them anew from all events that readers have had; call it where readers wait."""
    with connection.cursor() as cursor:
        for table in TABLES.values():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    days = dict(GoodDeed.objects.order_by().values_list("pk", "day"))
    waiting = Unread.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id"), seq=OuterRef("seq")
    )
    rows = Event.objects.filter(subject_kind__in=KINDS).filter(~Exists(waiting)).order_by("pk")
    _store(_sums(rows.iterator(chunk_size=AT_ONCE), days))


def stored_field_rows() -> Iterator[str]:
    """The rows as the database writes them, in the order of their keys: to compare a replay with."""
    for kind, table in TABLES.items():
        names = ", ".join(("day", "area_id", *COUNTS[kind]))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ({names})::text FROM {table} ORDER BY day, area_id")  # noqa: S608 - our own names
            yield from (str(line) for (line,) in cursor.fetchall())


def _sums(events: Iterable[Event], days: Mapping[int, date]) -> FieldSums:
    """A visit is of the day it was made on; a deed of the day it was done on, which never changes."""
    sums = FieldSums(office_areas())
    for event in events:
        day = days.get(event.subject_id) if event.subject_kind == DEED else clock.local_date(event.happened_at)
        if day is not None:
            sums.add(event.subject_kind, event.verb, day, event.area_ids, event.payload)
    return sums


def _store(sums: FieldSums) -> None:
    for kind in KINDS:
        rows = {key: row for key, row in sums.rows.items() if key.kind == kind and any(row)}
        if rows:
            _add(kind, rows)


def _add(kind: str, rows: Mapping[FieldKey, list[int]]) -> None:
    """Add to the rows that stand, insert the others, and take away those that nothing adds to any more."""
    table, names = TABLES[kind], COUNTS[kind]
    columns = ", ".join(("day", "area_id", *names))
    places = ", ".join(["%s::date[]", "%s::bigint[]", *["%s::integer[]"] * len(names)])
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in names)
    given = [list(column) for column in zip(*((key.day, key.area_id, *row) for key, row in rows.items()), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS kept ({columns}) SELECT * FROM unnest({places})"  # noqa: S608 - our own names
            f" ON CONFLICT (day, area_id) DO UPDATE SET {added}",
            given,
        )
        cursor.execute(f"DELETE FROM {table} WHERE {names[0]} = 0 AND day = ANY(%s)", [given[0]])  # noqa: S608 - as above
