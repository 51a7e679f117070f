"""What the clock does by itself: tell before a limit and at it, send what is overdue up one level, compute again.

Standards: nothing is sent at midnight or on a holiday except red cases; overdue goes up one level by itself,
once for each clock. Every act is one event of one order, in a transaction of its own: whoever crashes in
between tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from louzhang.areas.models import RANKS, Area
from louzhang.areas.queries import line_of
from louzhang.areas.queries.working_time import Calendar
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Refusal, TransitionRefused
from louzhang.kit.working_time import NoWorkingTime
from louzhang.workorders.actions.keeping_time import limits_now
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.clocks import ClockKind
from louzhang.workorders.lifecycle import IN_PROGRESS
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.clocks import Ground, columns_of, ground_beside, ground_now, is_timed, read_anew
from louzhang.workorders.scope import WorkOrderQuerySet
from louzhang.workorders.timekeeping import READ_AGAIN, Clocks, Told, applied, told_of


def alarm_due_orders(*, at: datetime, most: int | None = None) -> int:
    """Tell of every clock whose moment has come, the oldest first; gives how many orders.

    What is not urgent waits until the unit that has it (or the district) is at work.
    """
    rows: WorkOrderQuerySet = WorkOrder.objects.filter(alarm_at__lte=at).filter(awake(at, "lead_unit_id", "is_urgent"))
    due = rows.order_by("alarm_at", "pk").values_list("pk", flat=True)[:most]
    return sum(_alarm(order_id, at) for order_id in list(due))


def awake(at: datetime, unit: str, urgent: str) -> Q:
    """The rows about which somebody may be told at this hour; `unit` and `urgent` name their columns."""
    calendar = ground_now().calendar
    own = sorted(unit_id for unit_id in calendar.hours if unit_id is not None)
    opened = [unit_id for unit_id in own if _is_open(calendar, unit_id, at)]
    others = ~Q(**{f"{unit}__in": own}) | Q(**{unit: None}) if _is_open(calendar, None, at) else Q(pk__in=())
    return Q(**{urgent: True}) | Q(**{f"{unit}__in": opened}) | others


def _is_open(calendar: Calendar, unit_id: int | None, at: datetime) -> bool:
    try:
        return calendar.working_time(unit_id).is_open(at)
    except NoWorkingTime:
        return False


def _alarm(order_id: int, at: datetime) -> bool:
    """Tell of one order, unless another worker has it or somebody was faster."""
    try:
        with transaction.atomic():
            mine = WorkOrder.objects.filter(pk=order_id, alarm_at__lte=at)
            row = mine.select_for_update(no_key=True, skip_locked=True).only("clocks", "alarm_at").first()
            if row is None:
                return False
            if over(ringing(row, at), at):
                raise_overdue(order_id=order_id, actor=SYSTEM, at=at)
            else:
                remind_workorder(order_id=order_id, actor=SYSTEM, at=at)
    except Refusal:
        return False
    return True


class Ringing(Protocol):
    """A row with clocks: an order, or a part of one."""

    alarm_at: datetime | None

    @property
    def kept(self) -> Clocks:
        """Its clocks."""


def ringing(row: Ringing, at: datetime) -> Clocks:
    """The clocks of which somebody is to be told by now; none while time does not count."""
    if row.alarm_at is None:
        return {}
    return {kind: kept for kind, kept in row.kept.items() if kept.alarm_at is not None and kept.alarm_at <= at}


def over(clocks: Clocks, at: datetime) -> list[ClockKind]:
    """Those of them that have run out."""
    return [kind for kind, kept in clocks.items() if kept.due_at is not None and kept.due_at < at]


NOTHING_DUE = "现在没有到时限的时钟，请刷新页面。"


def remind_workorder(*, order_id: int, actor: Actor, at: datetime, entry_id: UUID | None = None) -> WorkOrder:
    """Those who have it are told that a clock is due soon. Raises `TransitionRefused` where none is."""
    with walk_order(order_id, "remind", actor=actor, at=at, entry_id=entry_id) as step:
        kinds = [kind for kind, kept in ringing(step.subject, at).items() if kept.told is Told.NOTHING]
        if not kinds:
            raise TransitionRefused(NOTHING_DUE)
        step.note(clocks=[told_of(kind, Told.SOON) for kind in kinds])
    return step.subject


def raise_overdue(*, order_id: int, actor: Actor, at: datetime, entry_id: UUID | None = None) -> WorkOrder:
    """A clock has run out: those who have it are told, and the office above the desk sees it from now on.

    Raises `TransitionRefused` where none has, or it was told already.
    """
    with walk_order(order_id, "overdue", actor=actor, at=at, entry_id=entry_id) as step:
        rung = ringing(step.subject, at)
        late = over(rung, at)
        if not late:
            raise TransitionRefused(NOTHING_DUE)
        soon = [kind for kind in rung if kind not in late]
        step.note(clocks=[*(told_of(kind, Told.OVER) for kind in late), *(told_of(kind, Told.SOON) for kind in soon)])
        above = office_above(step.subject.desk_area)
        if above is not None:
            step.set(overdue_area=above)
            step.note(area=above.pk)
    return step.subject


def office_above(desk: Area) -> Area | None:
    """The office one level above a desk; None above the district."""
    line = [area for area in line_of(desk) if RANKS[area.level.kind] <= RANKS["community"] and area.pk != desk.pk]
    return line[-1] if line else None


def recompute_workorder(*, order_id: int, actor: Actor, at: datetime, entry_id: UUID | None = None) -> WorkOrder:
    """Compute the clocks of an order again by the limits, days and hours as they stand.

    Its history has a line only where something has moved: else it raises `TransitionRefused`.
    """
    with walk_order(order_id, "recompute", actor=actor, at=at, entry_id=entry_id) as step:
        ground = ground_beside(step.subject)
        if not is_moved(step.subject, ground, at):
            raise TransitionRefused("时限没有变化。")
        step.note(clocks=[*limits_now(step.subject, ground, at), READ_AGAIN])
    return step.subject


def is_moved(order: WorkOrder, ground: Ground, at: datetime) -> bool:
    """Whether what is due would be another moment if it were computed now."""
    clocks = read_anew(applied(order.kept, limits_now(order, ground, at), at), ground.calendar, at)
    counts = is_timed(order.status, is_shelved=order.shelved_until is not None)
    columns = columns_of(clocks, counts=counts)
    known = {kind: (kept.due_at, kept.soon_at, kept.clock) for kind, kept in order.kept.items() if kept.is_running}
    now = {kind: (kept.due_at, kept.soon_at, kept.clock) for kind, kept in clocks.items() if kept.is_running}
    return known != now or any(getattr(order, name) != columns[name] for name in ("due_at", "soon_at"))


CHUNK = 500


def recompute_open_orders(*, at: datetime, after: int = 0, most: int = CHUNK) -> tuple[int, int | None]:
    """Compute a chunk of the orders in progress again; gives how many moved, and the last id while there are more.

    Repeating it does nothing more, so that it can be taken up again anywhere.
    """
    rows = WorkOrder.objects.filter(pk__gt=after, status__in=sorted(IN_PROGRESS)).select_related("category")
    orders: Sequence[WorkOrder] = list(rows.defer("search_terms").order_by("pk")[:most])
    ground = ground_now()
    moved = sum(_recompute(order.pk, at) for order in orders if is_moved(order, ground, at))
    return moved, orders[-1].pk if len(orders) == most else None


def _recompute(order_id: int, at: datetime) -> bool:
    try:
        recompute_workorder(order_id=order_id, actor=SYSTEM, at=at)
    except Refusal:
        return False
    return True
