"""The columns of an order's clocks are what its events and the calendar say, whatever happened to it."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.models import Event
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.clocks import clock_of, columns_of, ground_now, is_timed, read_anew
from louzhang.workorders.timekeeping import Kept

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
