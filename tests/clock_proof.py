"""The columns of the clocks of an order and its parts are what their events and the calendar say, whatever happened."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.models import Event
from louzhang.workorders.models import Part, WorkOrder
from louzhang.workorders.queries.clocks import clock_of, columns_of, ground_now, is_timed, read_anew
from louzhang.workorders.timekeeping import Clocks, Kept, applied

PROVED = ("take_due_at", "contact_due_at", "settle_due_at", "due_at", "soon_at", "paused_at", "is_waiting")


def prove_columns(order: WorkOrder, at: datetime) -> None:
    """Compute the clocks again from the events alone, and compare."""
    stored = WorkOrder.objects.get(pk=order.pk)
    events = Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq")
    told = clock_of(stored, events)
    assert told == {kind: kept.clock for kind, kept in stored.kept.items()}
    fresh = {kind: Kept(clock, stored.kept[kind].unit_id) for kind, clock in told.items()}
    read = read_anew(fresh, ground_now().calendar, at)
    columns = columns_of(read, counts=is_timed(stored.status, is_shelved=stored.shelved_until is not None))
    assert {name: getattr(stored, name) for name in PROVED} == {name: columns[name] for name in PROVED}


def prove_parts(order: WorkOrder, at: datetime) -> None:
    """The same for every part of an order; none runs, or rings, while the order's time does not count."""
    stored = WorkOrder.objects.get(pk=order.pk)
    counted = is_timed(stored.status, is_shelved=stored.shelved_until is not None)
    for part in Part.objects.filter(order_id=order.pk):
        told: Clocks = {}
        for event in Event.objects.filter(subject_kind="part", subject_id=part.pk).order_by("seq"):
            told = applied(told, event.payload.get("clocks", ()), event.happened_at)
        assert {kind: kept.clock for kind, kept in told.items()} == {
            kind: each.clock for kind, each in part.kept.items()
        }
        fresh = {kind: Kept(kept.clock, kept.unit_id) for kind, kept in told.items()}
        columns = columns_of(read_anew(fresh, ground_now().calendar, at), counts=counted and part.is_open)
        assert (part.late_at, part.paused_at) == (columns["due_at"], columns["paused_at"])
        if counted and part.is_open:
            assert part.paused_at is not None or stored.paused_at is None, "time stands still for both"
        else:
            assert part.alarm_at is None
