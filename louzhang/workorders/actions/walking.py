"""A step of a work order along the loop: the walker with the order's table and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.walker import Move, Step, walk_together
from louzhang.workorders.actions.keeping_time import before, keep_time
from louzhang.workorders.actions.marks import keep_marks
from louzhang.workorders.actions.part_time import keep_parts
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.scope import WorkOrderQuerySet


@contextmanager
def walk_order(
    order_id: int,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    entry_id: UUID | None = None,
) -> Iterator[Step[WorkOrder]]:
    """Open one step of one order; raises what `journal.walker.walk` raises."""
    move = Move(order_id, verb, given or {})
    with walk_orders([move], actor=actor, at=at, entry_id=entry_id) as (step,):
        yield step


@contextmanager
def walk_orders(
    moves: Sequence[Move], *, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> Iterator[list[Step[WorkOrder]]]:
    """Open one step of each of several orders, locked in the order of their ids; all of them or none."""
    rows: WorkOrderQuerySet = WorkOrder.objects.all()
    with walk_together(LOOP, rows, moves, actor=actor, at=at, entry_id=entry_id) as steps:
        was = [before(step.subject) for step in steps]
        yield steps
        for step, each in zip(steps, was, strict=True):
            keep_marks(step)
            keep_time(step, each)
            keep_parts(step, each)
