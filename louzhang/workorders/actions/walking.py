"""A step of a work order along the loop: the walker with the order's table and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.walker import Move, Step, walk, walk_together
from louzhang.workorders.lifecycle import LOOP
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.scope import WorkOrderQuerySet


def walk_order(
    order_id: int,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    given: Mapping[str, Any] | None = None,
    entry_id: UUID | None = None,
) -> AbstractContextManager[Step[WorkOrder]]:
    """Open one step of one order; raises what `journal.walker.walk` raises."""
    rows: WorkOrderQuerySet = WorkOrder.objects.all()
    return walk(LOOP, rows, order_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def walk_orders(
    moves: Sequence[Move], *, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> AbstractContextManager[list[Step[WorkOrder]]]:
    """Open one step of each of several orders, locked in the order of their ids; all of them or none."""
    rows: WorkOrderQuerySet = WorkOrder.objects.all()
    return walk_together(LOOP, rows, moves, actor=actor, at=at, entry_id=entry_id)
