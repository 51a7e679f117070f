"""Supervision (督办, R11): an office above demands an answer by a day; it is signed for, answered and lifted.

Each verb walks the order, which stays where it is, and inside it the supervision along its own loop. What is
said lies with the order's event, so that one rule erases it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import STANDING, SUPERVISION_LOOP, Relation, SupervisionState
from louzhang.workorders.models import Supervision, WorkOrder

DAYS_AT_MOST = 365


def supervise_workorder(
    *, order_id: int, demand: str, due_date: date | None, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """An office above the desk demands an answer by a day (督办); the order is red until that is lifted.

    Raises `InputRefused` for a day that has passed or is a year away, `TransitionRefused` where the order is
    still at the demanding office's own desk.
    """
    given = {"demand": demand, "due_date": due_date}
    with walk_order(order_id, "supervise", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        order = step.subject
        assert due_date is not None  # the walker has refused a blank day
        refuse_day(due_date, at, field="due_date")
        if order.lead_unit_id is None and Relation.DESK in order.relations_now:
            raise TransitionRefused("这件事还在您自己的办公室，没有可以督办的单位。请先交办。")
        row = Supervision(
            order=order,
            asked_area_id=_office_above(actor),
            unit_id=order.lead_unit_id,
            due_date=due_date,
            asked_at=at,
            asked_seq=order.chain_seq + 1,
        )
        row.save(force_insert=True)
        facts = {"to": str(row.status), "order": order.pk, "due_date": due_date.isoformat()}
        record(row, "supervise", actor=actor, at=at, payload=facts, area_ids=order.event_area_ids())
        step.set(supervision=SupervisionState.ASKED.value)
        step.note(supervision=row.pk, due_date=due_date.isoformat())
        step.say(demand=demand)
    return step.subject


def refuse_day(day: date, at: datetime, *, field: str) -> None:
    """Raise unless the day lies ahead, a year at most."""
    ahead = (day - clock.local_date(at)).days
    if not 0 <= ahead <= DAYS_AT_MOST:
        raise InputRefused("日期要在今天以后、一年以内，请重新选择。", field=field)


def _office_above(actor: Actor) -> int:
    """The area of the actor's highest office; whoever is above an order's desk has one."""
    _, area_id = min((seat.rank, seat.area_id) for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id)
    return area_id


def sign_supervision(
    *, order_id: int, actor: Actor, at: datetime, note: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Whoever has the order signs for the supervision (签收督办)."""
    with walk_order(order_id, "sign_supervision", actor=actor, at=at, entry_id=entry_id) as step:
        with _walk_supervision(step, "sign_supervision") as inner:
            inner.set(signed_at=at)
        _tell(step, inner.subject, SupervisionState.SIGNED.value)
        step.say(note=note)
    return step.subject


def reply_supervision(
    *,
    order_id: int,
    reply: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[UUID] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Whoever has the order answers what was demanded (回复督办)."""
    given = {"reply": reply}
    with walk_order(order_id, "reply_supervision", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        seq = step.subject.chain_seq + 1
        with _walk_supervision(step, "reply_supervision") as inner:
            inner.set(replied_at=at, replied_seq=seq)
        attached = claim_attachments(step.subject, photos, actor=actor, seq=seq)
        if attached:
            step.note(attachments=attached)
        _tell(step, inner.subject, SupervisionState.REPLIED.value)
        step.say(reply=reply)
    return step.subject


def lift_supervision(
    *, order_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """The office that demanded it, or one above that, lifts the supervision (解除督办).

    Raises `NotYours` for an office below the one that demanded it.
    """
    with walk_order(order_id, "lift_supervision", actor=actor, at=at, entry_id=entry_id) as step:
        with _walk_supervision(step, "lift_supervision") as inner:
            refuse_lower(inner.subject.asked_area, actor)
            inner.set(lifted_at=at, lifted_seq=step.subject.chain_seq + 1)
        _tell(step, inner.subject, "")
        step.say(reason=reason)
    return step.subject


def refuse_lower(asked: Area, actor: Actor) -> None:
    """Raise for an office below the one that demanded it."""
    if not any(asked.path.startswith(seat.path) for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id):
        raise NotYours(f"这件事由{asked.name}督办，请由{asked.name}或它的上级解除。")


def _walk_supervision(step: Step[WorkOrder], verb: str) -> Any:
    """Open a step of the supervision that stands on a locked order; a mark of the order says that there is one."""
    order = step.subject
    rows = Supervision.objects.filter(order_id=order.pk, status__in=sorted(STANDING)).select_related("asked_area")
    standing = rows.values_list("pk", flat=True).get()
    return walk(SUPERVISION_LOOP, rows, standing, verb, actor=step.actor, at=step.at)


def _tell(step: Step[WorkOrder], row: Supervision, mark: str) -> None:
    step.set(supervision=mark)
    step.note(supervision=row.pk)
