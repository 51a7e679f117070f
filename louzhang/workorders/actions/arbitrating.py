"""Whose matter it is: a unit hands it on with a reason; after two such moves the level above decides (疑难工单会商)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from louzhang.areas.models import Unit
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.journal.walker import Step
from louzhang.workorders.actions.addressing import refuse_for
from louzhang.workorders.actions.assisting import join_units
from louzhang.workorders.actions.routing import propose_rule
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.models import DutyClause, Handling, WorkOrder
from louzhang.workorders.queries.duties import clause_now, spoken_clause

TAKEN_FROM = {"seat_area": None, "seat_role": "", "assignee": None, "taken_at": None}


def transfer_workorder(
    *,
    order_id: int,
    unit: Unit | None,
    reason: str,
    actor: Actor,
    at: datetime,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The lead unit hands the order on to another unit, with a reason (转办); it is counted with the send-backs.

    Raises `InputRefused` for itself or a unit that may not have the order, `TransitionRefused` where only
    the level above may decide.
    """
    given = {"unit": unit, "reason": reason}
    with walk_order(order_id, "transfer", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        assert unit is not None  # the walker has refused a blank unit
        order = step.subject
        if unit.pk == order.lead_unit_id:
            raise InputRefused("这件事现在就在这个单位，请另选一个单位。", field="unit")
        refuse_for(order, unit, at)
        step.note(unit=unit.pk, unit_name=unit.name, from_unit=order.lead_unit_id)
        step.set(
            lead_unit=unit,
            involved_unit_ids=sorted({*order.involved_unit_ids, unit.pk}),
            dispatched_at=at,
            transfer_count=order.transfer_count + 1,
            bounce_count=order.bounce_count + 1,
            **TAKEN_FROM,
        )
        join_units(step, ())
        step.say(reason=reason)
    return step.subject


def arbitrate_workorder(
    *,
    order_id: int,
    unit: Unit | None,
    clause: DutyClause | None,
    decision: str,
    actor: Actor,
    at: datetime,
    assists: Sequence[Unit] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The level above decides whose it is (会商决定), on the ground of a clause of the duty list.

    The unit signs for it anew, also where it had it already, and can neither send it back nor hand it on;
    units may be named to help. The decision becomes a
    proposal for a routing rule, which the settings keeper accepts or not. Raises `InputRefused` for a clause
    that does not hold now, or a unit that may not have the order.
    """
    given = {"unit": unit, "clause": clause, "decision": decision}
    with walk_order(order_id, "arbitrate", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        assert unit is not None  # the walker has refused blank ones
        assert clause is not None
        order = step.subject
        if clause_now(clause.pk, at) is None:
            raise InputRefused("权责清单的这一条现在不适用，请另选一条。", field="clause")
        refuse_for(order, unit, at)
        step.note(unit=unit.pk, unit_name=unit.name, clause=clause.pk, clause_said=spoken_clause(clause))
        step.set(
            lead_unit=unit,
            involved_unit_ids=sorted({*order.involved_unit_ids, unit.pk}),
            bounce_count=0,
            arbitrated_at=at,
            dispatched_at=at,
            **TAKEN_FROM,
        )
        join_units(step, assists)
        step.say(decision=decision)
        _learn(step, clause, unit)
    return step.subject


def _learn(step: Step[WorkOrder], clause: DutyClause, unit: Unit) -> None:
    """Propose a rule out of the decision; a complaint or a guarded matter teaches none, nor does what has ended."""
    order = step.subject
    if order.category.handling != Handling.PLAIN:
        return
    note = f"会商决定：{order.number}"
    try:
        rule = propose_rule(clause=clause, order=order, unit=unit, actor=step.actor, at=step.at, note=note)
    except InputRefused as refusal:
        step.note(no_rule=refusal.message)
    else:
        step.note(rule=rule.pk)
