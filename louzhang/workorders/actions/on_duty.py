"""Calling who is on duty about a red case that nobody takes; whom, the duty list says (`louzhang.duty`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.models import WorkOrder


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called: `turn` counts the calls about this order from 1; `unit_name` is whose duty list it was."""

    user_id: int
    name: str
    unit_id: int
    unit_name: str
    turn: int


def call_duty_workorder(
    *, order_id: int, actor: Actor, at: datetime, called: Called | None = None, entry_id: UUID | None = None
) -> WorkOrder:
    """The clock calls the next person on duty (R11: the centre reaches who is nearest to an emergency at once).

    Raises `TransitionRefused` when somebody has taken it meanwhile.
    """
    with walk_order(order_id, "call_duty", actor=actor, at=at, entry_id=entry_id) as step:
        if called is None:
            raise InputRefused("没有写明叫谁。值班人员由值班表决定。")
        step.note(called=called.user_id, duty_unit=called.unit_id, turn=called.turn, unit_name=called.unit_name)
        step.say(note=f"第 {called.turn} 位：{called.name}")
    return step.subject
