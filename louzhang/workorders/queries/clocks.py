"""The time of an order: what holds for it now, its clocks from its events, its columns from its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Subquery

from louzhang.areas.models import Area
from louzhang.areas.queries.working_time import Calendar, calendar_at, load_calendar
from louzhang.journal.models import Event
from louzhang.kit.compiled import compiled
from louzhang.kit.working_time import NoWorkingTime
from louzhang.workorders.clocks import WARN_SHARE, Clock, ClockKind, Limit, Measure, Reading, read
from louzhang.workorders.lifecycle import IN_PROGRESS
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.models.timing import DUE_COLUMNS
from louzhang.workorders.queries.policies import PolicyTable, load_policies
from louzhang.workorders.time_state import TIME_STATE, roots, versions
from louzhang.workorders.timekeeping import Clocks, Fact, Kept, Told, applied, earliest, packed

# Sets of limits kept in a process: this one, and those of other schemas beside it.
KEPT_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds now: the limits, and the days and hours."""

    policies: PolicyTable
    calendar: Calendar

    def clock_for(self, order: WorkOrder, kind: ClockKind, at: datetime) -> Clock | None:
        """The clock that starts for an order at a moment; None where it has no such clock.

        Without a limit for settling the plain promise of the category holds.
        """
        policy = self.policies.policy_for(order.category, kind, is_urgent=order.is_urgent)
        if policy is not None:
            return policy.clock(at)
        if kind is not ClockKind.SETTLE:
            return None
        return Clock(at, Limit(order.category.promised_hours, Measure.HOURS), warn_share=WARN_SHARE)

    def is_plain_promise(self, order: WorkOrder, clock: Clock) -> bool:
        """Whether a settling clock runs by a category's promise, and still no limit says anything else."""
        if self.policies.policy_for(order.category, ClockKind.SETTLE, is_urgent=order.is_urgent) is not None:
            return False
        return (clock.limit.measure, clock.cap, clock.warn_share) == (Measure.HOURS, 0, WARN_SHARE)


_policies: dict[tuple[int | None, str | None], PolicyTable] = {}


def ground_now() -> Ground:
    """The limits, days and hours as they stand now; one query while none of them has changed."""
    state = _state.first()
    return Ground(load_policies(), load_calendar()) if state is None else ground_of(*state)


def ground_beside(order: WorkOrder) -> Ground:
    """The same, for an order that was read with `time_state`: no query while nothing has changed."""
    root_id, head, version = (getattr(order, name, None) for name in TIME_STATE)
    return ground_now() if root_id is None else ground_of(root_id, head, version)


def ground_of(root_id: int, head: Any, version: str | None) -> Ground:
    """What holds while the chains of the district and of its limits end so; read once and kept."""
    if (root_id, version) not in _policies:
        while len(_policies) >= KEPT_AT_MOST:
            _policies.pop(next(iter(_policies)), None)
        _policies[root_id, version] = load_policies()
    return Ground(_policies[root_id, version], calendar_at(root_id, bytes(head)))


@compiled
def _state() -> QuerySet[Area, Any]:
    """The heads of the chains that every change of the calendar and of the limits lengthens."""
    rows = roots().annotate(version=Subquery(versions()))
    found: QuerySet[Area, Any] = rows.values_list("pk", "chain_head", "version")[:1]
    return found


def clock_of(order: WorkOrder, events: Iterable[Event]) -> dict[ClockKind, Clock]:
    """The clocks of an order as its events tell them; `events` are those of its chain, in their order."""
    clocks: Clocks = {}
    for event in events:
        if event.subject_kind == order.subject_kind and event.subject_id == order.pk:
            clocks = applied(clocks, event.payload.get("clocks", ()), event.happened_at)
    return {kind: kept.clock for kind, kept in clocks.items()}


def read_anew(clocks: Clocks, calendar: Calendar, at: datetime) -> Clocks:
    """The running clocks with what is due by a calendar; what is due later again has not been told of yet."""
    return {kind: _read(kept, calendar, at) if kept.is_running else kept for kind, kept in clocks.items()}


def _read(kept: Kept, calendar: Calendar, at: datetime) -> Kept:
    reading = reading_of(kept, calendar, at)
    due_at, soon_at = (reading.due_at, reading.warn_at) if reading else (None, None)
    told = kept.told
    if told is Told.OVER and due_at is not None and due_at > at:
        told = Told.SOON
    if told is Told.SOON and soon_at is not None and soon_at > at:
        told = Told.NOTHING
    return replace(kept, due_at=due_at, soon_at=soon_at, told=told)


def reading_of(kept: Kept, calendar: Calendar, at: datetime) -> Reading | None:
    """A clock at a moment, by the hours of its unit; None where the calendar never opens."""
    try:
        return read(kept.clock, calendar.working_time(kept.unit_id), at)
    except NoWorkingTime:
        return None


def with_lengths(facts: Iterable[Fact], clocks: Clocks, calendar: Calendar, at: datetime) -> list[Fact]:
    """The facts, of those that stop a clock with the full minutes it ran as it counts them (`ran`).

    The calendar may be corrected afterwards; what was counted then stands in the event.
    """
    return [
        fact | _length(clocks[ClockKind(fact["clock"])], calendar, at) if fact["do"] == "stop" else fact
        for fact in facts
    ]


def _length(kept: Kept, calendar: Calendar, at: datetime) -> Fact:
    reading = reading_of(kept, calendar, at)
    return {} if reading is None else {"ran": reading.elapsed_minutes}


def readings_of(clocks: Clocks, order: WorkOrder, at: datetime) -> dict[ClockKind, Reading]:
    """Clocks of an order, or of a part of it, at a moment; running ones only while time counts for it. No query where
    the order was read with `time_state`.
    """
    if not clocks:
        return {}
    calendar = ground_beside(order).calendar
    counts = is_timed(order.status, is_shelved=order.shelved_until is not None)
    read_now = {kind: reading_of(kept, calendar, at) for kind, kept in clocks.items() if counts or not kept.is_running}
    return {kind: reading for kind, reading in read_now.items() if reading is not None}


def is_timed(status: str, *, is_shelved: bool) -> bool:
    """Whether time counts for an order: somebody still has to do it, and it is not on the shelf."""
    return status in IN_PROGRESS and not is_shelved


def columns_of(clocks: Mapping[ClockKind, Kept], *, counts: bool) -> dict[str, Any]:
    """The columns that follow from the clocks; empty ones while time does not count (`is_timed`)."""
    running = {kind: kept for kind, kept in clocks.items() if counts and kept.is_running}
    dues = {column: running[kind].due_at if kind in running else None for kind, column in DUE_COLUMNS.items()}
    return {
        "clocks": packed(clocks),
        **dues,
        "due_at": earliest(dues.values()),
        "soon_at": earliest(kept.soon_at for kept in running.values()),
        "alarm_at": earliest(kept.alarm_at for kept in running.values()),
        "paused_at": earliest(kept.paused_since for kept in running.values()),
        "is_waiting": any(kept.is_waiting for kept in running.values()),
    }
