"""What the clocks of parts do by themselves: tell the assisting unit before its limit and at it, compute again.

As with the clocks of orders, every act is one event of the order in a transaction of its own, and what is not
urgent waits until the unit is at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Refusal, TransitionRefused
from louzhang.journal.walker import Move, Step
from louzhang.workorders.actions.alarming import CHUNK, NOTHING_DUE, awake, over, ringing
from louzhang.workorders.actions.part_time import counts_for, part_columns, part_limits_now, walk_part
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import OPEN_PARTS
from louzhang.workorders.models import Part, WorkOrder
from louzhang.workorders.queries.clocks import Ground, ground_beside, ground_now, read_anew
from louzhang.workorders.timekeeping import READ_AGAIN, Told, applied, told_of


def alarm_due_parts(*, at: datetime, most: int | None = None) -> int:
    """Tell of every part whose moment has come, the oldest first; gives how many."""
    rows: QuerySet[Part] = Part.objects.filter(alarm_at__lte=at).filter(awake(at, "unit_id", "order__is_urgent"))
    due = rows.order_by("alarm_at", "pk").values_list("pk", "order_id")[:most]
    return sum(_alarm(part_id, order_id, at) for part_id, order_id in list(due))


def _alarm(part_id: int, order_id: int, at: datetime) -> bool:
    """Tell of one part, unless another worker has its order or somebody was faster."""
    try:
        with transaction.atomic():
            mine = WorkOrder.objects.filter(pk=order_id).select_for_update(no_key=True, skip_locked=True)
            part = Part.objects.filter(pk=part_id, alarm_at__lte=at).first() if mine.only("pk").first() else None
            if part is None:
                return False
            tell = overdue_part if over(ringing(part, at), at) else remind_part
            tell(order_id=order_id, part=part_id, actor=SYSTEM, at=at)
    except Refusal:
        return False
    return True


def remind_part(
    *, order_id: int, part: int | None = None, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The assisting unit is told that its part is due soon. Raises `TransitionRefused` where none of its clocks is."""
    with walk_order(order_id, "remind_part", actor=actor, at=at, given={"part": part}, entry_id=entry_id) as step:
        with walk_part(step, Move(part or 0, "remind")) as own:
            kinds = [kind for kind, kept in ringing(own.subject, at).items() if kept.told is Told.NOTHING]
            if not kinds:
                raise TransitionRefused(NOTHING_DUE)
            own.note(clocks=[told_of(kind, Told.SOON) for kind in kinds])
        _name(step, own)
    return step.subject


def overdue_part(
    *, order_id: int, part: int | None = None, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """A clock of a part has run out: its unit is told, and those who have the order. Raises `TransitionRefused`
    where none has, or it was told already.
    """
    with walk_order(order_id, "overdue_part", actor=actor, at=at, given={"part": part}, entry_id=entry_id) as step:
        with walk_part(step, Move(part or 0, "overdue")) as own:
            rung = ringing(own.subject, at)
            late = over(rung, at)
            if not late:
                raise TransitionRefused(NOTHING_DUE)
            own.note(clocks=[told_of(kind, Told.OVER if kind in late else Told.SOON) for kind in rung])
        _name(step, own)
    return step.subject


def _name(step: Step[WorkOrder], own: Step[Part]) -> None:
    part = own.subject
    step.note(part=part.pk, helper=part.unit_id, unit_name=part.unit.name)


def recompute_part(
    *, order_id: int, part: int | None = None, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """Compute the clocks of a part again by the limits, days and hours as they stand.

    There is a line in the history only where something has moved: else it raises `TransitionRefused`.
    """
    with walk_order(order_id, "recompute_part", actor=actor, at=at, given={"part": part}, entry_id=entry_id) as step:
        ground = ground_beside(step.subject)
        with walk_part(step, Move(part or 0, "recompute")) as own:
            if not is_part_moved(own.subject, step.subject, ground, at):
                raise TransitionRefused("时限没有变化。")
            own.note(clocks=[*part_limits_now(own.subject, step.subject, ground, at), READ_AGAIN])
        _name(step, own)
        if "moved" in own.payload:
            step.note(parts_moved=[{"unit": own.subject.unit.name, **own.payload["moved"]}])
    return step.subject


def is_part_moved(part: Part, order: WorkOrder, ground: Ground, at: datetime) -> bool:
    """Whether what is due of a part would be another moment if it were computed now."""
    facts = part_limits_now(part, order, ground, at)
    clocks = read_anew(applied(part.kept, facts, at), ground.calendar, at)
    columns = part_columns(clocks, counts=counts_for(order, order.status))
    return any(getattr(part, name) != value for name, value in columns.items())


def recompute_open_parts(*, at: datetime, after: int = 0, most: int = CHUNK) -> tuple[int, int | None]:
    """Compute a chunk of the open parts again; gives how many moved, and the last id while there are more."""
    rows = Part.objects.filter(pk__gt=after, status__in=sorted(OPEN_PARTS)).select_related("order__category")
    parts: Sequence[Part] = list(rows.defer("order__search_terms").order_by("pk")[:most])
    ground = ground_now()
    moved = sum(_recompute(part, at) for part in parts if is_part_moved(part, part.order, ground, at))
    return moved, parts[-1].pk if len(parts) == most else None


def _recompute(part: Part, at: datetime) -> bool:
    try:
        recompute_part(order_id=part.order_id, part=part.pk, actor=SYSTEM, at=at)
    except Refusal:
        return False
    return True
