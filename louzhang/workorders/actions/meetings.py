"""On the spot together (现场办公, R5): units are called to the place of an order; what they promise becomes parts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from louzhang.areas.models import Unit
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, TransitionRefused
from louzhang.journal.walker import Step, walk
from louzhang.workorders.actions.addressing import refuse_for
from louzhang.workorders.actions.assisting import UNITS_AT_MOST, Ask, add_parts
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import JOINT_STATES, MEETING_LOOP
from louzhang.workorders.models import Meeting, WorkOrder


@dataclass(frozen=True, slots=True)
class Promise:
    """What a unit promised at a meeting: its words, and by when."""

    unit: Unit
    task: str
    due_at: datetime | None = None


def call_meeting(
    *,
    order_id: int,
    units: Sequence[Unit],
    place: str,
    held_at: datetime | None,
    actor: Actor,
    at: datetime,
    note: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk, the lead unit or an office above calls units to the place of the order (召集现场办公).

    Whoever is called sees the order up to here. Raises `InputRefused` for a unit that may not have it.
    """
    given = {"units": units or None, "place": place, "held_at": held_at}
    with walk_order(order_id, "call_meeting", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        assert held_at is not None  # the walker has refused a blank time
        order = step.subject
        if len(units) > UNITS_AT_MOST:
            raise InputRefused(f"一次最多请 {UNITS_AT_MOST} 个单位。", field="units")
        for unit in units:
            refuse_for(order, unit, at, field="units")
        called = sorted({unit.pk for unit in units})
        meeting = Meeting(order=order, unit_ids=called, place=place.strip(), held_at=held_at, called_at=at)
        meeting.save(force_insert=True)
        facts = {"order": order.pk, "units": called, "held_at": held_at.isoformat()}
        record(
            meeting, "call", actor=actor, at=at, audience=step.audience, payload=facts, area_ids=order.event_area_ids()
        )
        step.set(involved_unit_ids=sorted({*order.involved_unit_ids, *called}))
        names = "、".join(unit.name for unit in units)
        step.note(meeting=meeting.pk, units=called, unit_name=names, held_at=held_at.isoformat())
        step.say(note=note, place=place.strip())
    return step.subject


def record_meeting(
    *,
    order_id: int,
    meeting: int | None,
    minutes: str,
    actor: Actor,
    at: datetime,
    promises: Sequence[Promise] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Write down what came of a meeting: minutes, and what each unit promised, as a part of its own with its time.

    Raises `InputRefused` for a promise of a unit that was not called, `TransitionRefused` where the meeting has
    been recorded or cancelled, or promises are made on an order that is not in hand any more.
    """
    given = {"meeting": meeting, "minutes": minutes}
    with walk_order(order_id, "record_meeting", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        with _walk_meeting(step, "record_meeting", meeting) as held:
            held.set(recorded_at=at, recorded_seq=step.subject.chain_seq + 1)
        row = held.subject
        _refuse_promises(step, row, promises)
        if promises:
            add_parts(step, [Ask(promise.unit, promise.due_at, row) for promise in promises])
        step.note(meeting=row.pk, units=row.unit_ids)
        step.say(minutes=minutes, tasks=[promise.task for promise in promises] or None)
    return step.subject


def _refuse_promises(step: Step[WorkOrder], meeting: Meeting, promises: Sequence[Promise]) -> None:
    if promises and step.came_from not in JOINT_STATES:
        raise TransitionRefused("这件事已经办结，不能再登记承诺。可以只写记录；还要办的，请先重新办理。")
    for promise in promises:
        if promise.unit.pk not in meeting.unit_ids:
            raise InputRefused(f"“{promise.unit.name}”没有参加这次现场办公，不能替它承诺。", field="promises")
        if not promise.task.strip():
            raise InputRefused(f"请写明“{promise.unit.name}”承诺做什么。", field="promises")


def cancel_meeting(
    *, order_id: int, meeting: int | None, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """Call a meeting off before it is held, with a reason."""
    given = {"meeting": meeting, "reason": reason}
    with walk_order(order_id, "cancel_meeting", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        with _walk_meeting(step, "cancel_meeting", meeting) as called:
            step.note(meeting=called.subject.pk, units=called.subject.unit_ids)
        step.say(reason=reason)
    return step.subject


def _walk_meeting(step: Step[WorkOrder], verb: str, meeting: int | None) -> AbstractContextManager[Step[Meeting]]:
    rows = Meeting.objects.filter(order_id=step.subject.pk)
    return walk(MEETING_LOOP, rows, meeting or 0, verb, actor=step.actor, at=step.at)


def meeting_of(order: WorkOrder, meeting_id: int | None) -> Meeting | None:
    """A meeting of this order by its id; raises `NotThere` for one of another."""
    if meeting_id is None:
        return None
    row: Meeting | None = Meeting.objects.filter(pk=meeting_id, order_id=order.pk).first()
    if row is None:
        raise NotThere("没有找到这次现场办公，请刷新页面。")
    return row
