"""`import_history`: orders of another system enter whole, under the same constraints and chain.

The bulk writer of the architecture's second invariant: it does not walk the loop, because the
steps were taken elsewhere. Each order comes with one voice, one event and one chain of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of, office_area_of, setting
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event, Unread, Words
from louzhang.journal.readers import unread
from louzhang.kit import bigrams, clock, codes
from louzhang.workorders.actions.keeping_time import start_time
from louzhang.workorders.actions.preparing import ensure_categories, ensure_units, find_categories
from louzhang.workorders.lifecycle import ENDED, IN_PROGRESS, State
from louzhang.workorders.models import SUMMARY_LENGTH, Category, Channel, Report, WorkOrder
from louzhang.workorders.queries.clocks import Ground as Time
from louzhang.workorders.queries.clocks import ground_now

IMPORT_LOCK = 7_026_002
ENTRY_NAMESPACE = uuid.UUID("8a2f5a0e-9a5b-5c57-9d0c-2f6b8c1d7e40")
# Where a unit has it, or had it when it ended.
WITH_UNIT = frozenset({State.DISPATCHED, State.TAKEN, State.CLOSED})
PLACE_NOTE_LENGTH = int(WorkOrder._meta.get_field("place_note").max_length or 0)


@dataclass(frozen=True, slots=True)
class Source:
    """Another system, and what is made for it on demand.

    `home` is the area that its units serve. The rest belongs to its categories.
    """

    name: str
    home: Area
    promised_hours: int = 72
    keep_days: int = 1095
    offers_categories: bool = False


@dataclass(frozen=True, slots=True)
class HistoryDraft:
    """One order of another system, checked row by row (`imports.rows`).

    `kind` is their word for the category and `kind_name` ours; `category_code` leads to a
    category the district has. `said` keeps their own words for state, times, owner and channel.
    Times are aware, the position is WGS 84.
    """

    number: str
    status: State
    reported_at: datetime
    closed_at: datetime | None
    kind: str
    kind_name: str
    area_id: int
    category_code: str = ""
    unit_name: str = ""
    words: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    is_unplaced: bool = False
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one batch: orders stored now, and those that were there before."""

    stored: int
    known: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything the orders of one batch refer to, read or made once."""

    source: Source
    categories: Mapping[str, Category]
    unit_ids: Mapping[str, int]
    lines: Mapping[int, Sequence[Area]]
    prefix: str
    time: Time


@dataclass(frozen=True, slots=True)
class Entry:
    """The rows of one imported order, with the end of its chain set."""

    order: WorkOrder
    report: Report
    event: Event
    words: Words | None


def entry_id_of(source: str, number: str) -> uuid.UUID:
    """The same for every run: an order of another system enters once."""
    return uuid.uuid5(ENTRY_NAMESPACE, f"{source}\x1f{number}")


def import_history(*, source: Source, drafts: Sequence[HistoryDraft], actor: Actor, at: datetime) -> Imported:
    """Store a batch of another system's orders in one transaction, all of it or nothing.

    What is stored already is left alone. Two imports wait for each other batch by batch. An
    ended order keeps the time it ended; an open one waits at the desk of its area. Each gets one
    voice (history: no contact, no code) and one event `import_history` at the time it was
    reported, recorded now.

    Raises `Conflict` when the map leads to a category that the district does not have.
    """
    with transaction.atomic():
        _lock_imports()
        fresh = _not_stored(source, drafts)
        if fresh:
            _write(fresh, _ground(source, fresh, actor, at), actor, at)
    return Imported(stored=len(fresh), known=len(drafts) - len(fresh))


def _lock_imports() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _not_stored(source: Source, drafts: Sequence[HistoryDraft]) -> list[HistoryDraft]:
    numbers = [draft.number for draft in drafts]
    stored = WorkOrder.objects.filter(source=source.name, source_number__in=numbers)
    known = set(stored.values_list("source_number", flat=True))
    return [draft for draft in drafts if draft.number not in known]


def _ground(source: Source, drafts: Sequence[HistoryDraft], actor: Actor, at: datetime) -> Ground:
    own = find_categories({draft.category_code for draft in drafts if draft.category_code})
    made = ensure_categories(
        source=source.name,
        kinds={draft.kind: draft.kind_name for draft in drafts if not draft.category_code},
        promised_hours=source.promised_hours,
        keep_days=source.keep_days,
        is_offered=source.offers_categories,
        actor=actor,
        at=at,
    )
    names = sorted({draft.unit_name for draft in drafts if draft.unit_name})
    areas = Area.objects.get_queryset().filter(pk__in={draft.area_id for draft in drafts})
    return Ground(
        source=source,
        categories=made | {draft.kind: own[draft.category_code] for draft in drafts if draft.category_code},
        unit_ids=ensure_units(names=names, area=source.home, at=at),
        lines={area.pk: line_of(area) for area in areas},
        prefix=setting("order_prefix", at),
        time=ground_now(),
    )


def _write(drafts: Sequence[HistoryDraft], ground: Ground, actor: Actor, at: datetime) -> None:
    order_ids = _ids("workorders_workorder", len(drafts))
    report_ids = _ids("workorders_report", len(drafts))
    entries = [
        _entry(draft, ground, order_id, report_id, actor, at)
        for draft, order_id, report_id in zip(drafts, order_ids, report_ids, strict=True)
    ]
    WorkOrder.objects.bulk_create([entry.order for entry in entries])
    Report.objects.bulk_create([entry.report for entry in entries])
    Event.objects.bulk_create([entry.event for entry in entries])
    Words.objects.bulk_create([entry.words for entry in entries if entry.words is not None])
    Unread.objects.bulk_create([row for entry in entries if (row := unread(entry.event)) is not None])


def _ids(table: str, count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return iter([int(number) for (number,) in cursor.fetchall()])


def _entry(draft: HistoryDraft, ground: Ground, order_id: int, report_id: int, actor: Actor, at: datetime) -> Entry:
    order = _order(draft, ground, order_id)
    report = Report(pk=report_id, order=order, channel=Channel.HISTORY, reported_at=draft.reported_at)
    started = start_time(order, draft.reported_at, ground.time) if order.status in IN_PROGRESS else []
    event, words = prepare_event(
        order,
        "import_history",
        actor=actor,
        at=draft.reported_at,
        recorded_at=at,
        audience=Audience.HANDLERS,
        payload={
            "to": str(order.status),
            "report": report_id,
            "channel": Channel.HISTORY.value,
            **({"clocks": started} if started else {}),
            **({"unit": order.lead_unit_id} if order.lead_unit_id else {}),
            "source": ground.source.name,
            "source_number": draft.number,
            "said": dict(draft.said),
        },
        words={"words": draft.words, "address": draft.address},
        area_ids=[area.pk for area in ground.lines[draft.area_id]],
        post_id=actor.post_at(None, None),
        unit_id=None,
        entry_id=entry_id_of(ground.source.name, draft.number),
    )
    return Entry(order=order, report=report, event=event, words=words)


def _order(draft: HistoryDraft, ground: Ground, order_id: int) -> WorkOrder:
    line = ground.lines[draft.area_id]
    category = ground.categories[draft.kind]
    place = " ".join(area.name for area in line[2:])
    unit_id = ground.unit_ids.get(draft.unit_name) if draft.status in WITH_UNIT else None
    return WorkOrder(
        pk=order_id,
        number=codes.order_number(ground.prefix, clock.local_date(draft.reported_at), order_id),
        status=draft.status,
        category=category,
        area_id=draft.area_id,
        desk_area=office_area_of(line),
        lead_unit_id=unit_id,
        involved_unit_ids=[unit_id] if unit_id else [],
        summary=" ".join((draft.words or draft.kind_name).split())[:SUMMARY_LENGTH],
        place_note=draft.address[:PLACE_NOTE_LENGTH],
        longitude=draft.longitude,
        latitude=draft.latitude,
        is_unplaced=draft.is_unplaced,
        search_terms=bigrams.bigrams(f"{draft.words} {category.name} {place} {draft.address}"),
        reported_at=draft.reported_at,
        promised_at=draft.reported_at + timedelta(hours=category.promised_hours),
        closed_at=draft.closed_at if draft.status in ENDED else None,
        source=ground.source.name,
        source_number=draft.number,
    )
