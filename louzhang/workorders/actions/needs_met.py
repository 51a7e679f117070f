"""Reader of the journal: the end of an order is the end of the need of the register it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q

from louzhang.journal.models import Event
from louzhang.register.actions.needs_met import AGAIN, DONE, NOT_DONE, follow_course
from louzhang.register.models import Course
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import WorkOrder

ENDS: Mapping[str, str] = {State.CLOSED: DONE, State.DECLINED: NOT_DONE, State.WITHDRAWN: NOT_DONE}


def follow_orders(events: Sequence[Event]) -> None:
    """Tell needs what became of their orders, and of orders merged into those."""
    for event in events:
        became = AGAIN if event.verb == "reopen" else ENDS.get(event.payload.get("to", ""))
        if became is not None:
            rows = WorkOrder.objects.filter(Q(pk=event.subject_id) | Q(merged_into=event.subject_id))
            numbers = list(rows.values_list("number", flat=True))
            follow_course(course=Course.ORDER, references=numbers, became=became, at=event.happened_at)
