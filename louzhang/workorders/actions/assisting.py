"""Joint handling (主办/协办): units are asked for a part, sign for it, reply, or are released from it.

Each verb walks the order, which stays where it is, and inside it the part; what is said lies with the
order's event, so that one rule erases it. The columns of the order that say who helps follow from its
parts and are written with that event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from louzhang.areas.models import Unit
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.readers import unread
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.journal.walker import Move, Step
from louzhang.kit.writing import insert_together
from louzhang.workorders.actions.addressing import refuse_for
from louzhang.workorders.actions.part_time import start_part, walk_part, walk_parts
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import OPEN_PARTS, PartState
from louzhang.workorders.models import Meeting, Part, WorkOrder
from louzhang.workorders.queries.clocks import ground_beside
from louzhang.workorders.queries.parts import open_units, own_open_parts

UNITS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """What one unit is to do: asked of it, or promised by it at a meeting."""

    unit: Unit
    due_at: datetime | None = None
    meeting: Meeting | None = None


def ask_assist(
    *,
    order_id: int,
    units: Sequence[Unit],
    task: str,
    actor: Actor,
    at: datetime,
    due_at: datetime | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk or the lead unit asks other units to do a part each (协办), by a time agreed to, else by the limit of
    the category in the hours of that unit.

    Raises `InputRefused` for the lead unit itself, a unit that helps already, or one that may not have the order.
    """
    given = {"units": units or None, "task": task}
    with walk_order(order_id, "ask_assist", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        add_parts(step, [Ask(unit, due_at) for unit in units])
        step.say(task=task)
    return step.subject


def add_parts(step: Step[WorkOrder], asks: Sequence[Ask]) -> list[Part]:
    """Make the parts of one event of an order, in one statement, and note on the order who helps.

    The walker writes the event afterwards; its words hold what is asked.
    """
    order = step.subject
    _refuse_asks(order, asks, step.at)
    parts = [
        _part(part_id, place, ask, step) for place, (part_id, ask) in enumerate(zip(_ids(len(asks)), asks, strict=True))
    ]
    rows: list[Any] = []
    ground = ground_beside(order)
    for part in parts:
        clocks = start_part(part, order, ground, step.at)
        event, said = prepare_event(
            part,
            "promise" if part.meeting_id else "ask",
            actor=step.actor,
            at=step.at,
            audience=step.audience,
            payload={
                "to": str(part.status),
                "order": order.pk,
                "unit": part.unit_id,
                "due_at": part.due_at.isoformat(),
                "clocks": clocks,
            },
            area_ids=order.event_area_ids(),
            post_id=order.event_tie(step.actor)[0],
        )
        rows += [part, *(row for row in (event, said, unread(event)) if row is not None)]
    insert_together(*rows)
    _note_helpers(step)
    step.note(parts=[part.pk for part in parts], part_units="、".join(part.unit.name for part in parts))
    return parts


def _ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('workorders_part', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _part(part_id: int, place: int, ask: Ask, step: Step[WorkOrder]) -> Part:
    return Part(
        pk=part_id,
        order=step.subject,
        unit=ask.unit,
        meeting=ask.meeting,
        due_at=ask.due_at or step.at,
        is_agreed=ask.due_at is not None,
        asked_at=step.at,
        asked_seq=step.subject.chain_seq + 1,
        asked_place=place,
    )


def _refuse_asks(order: WorkOrder, asks: Sequence[Ask], at: datetime) -> None:
    if len(asks) > UNITS_AT_MOST:
        raise InputRefused(f"一次最多请 {UNITS_AT_MOST} 个单位，请分几次。", field="units")
    busy = set(order.asked_unit_ids) | set(order.helping_unit_ids)
    for ask in asks:
        if ask.due_at is not None and ask.due_at <= at:
            raise InputRefused("时限要在现在以后，请重新选择。", field="due_at")
        refuse_for(order, ask.unit, at, field="units")
        if ask.meeting is None and ask.unit.pk == order.lead_unit_id:
            raise InputRefused(f"“{ask.unit.name}”就是主办单位，不用再协办。", field="units")
        if ask.meeting is None and ask.unit.pk in busy:
            raise InputRefused(f"“{ask.unit.name}”已经在协办，还没有回复，不用再请。", field="units")


def _note_helpers(step: Step[WorkOrder]) -> None:
    """Write on the order which units help, which have still to sign or to reply, and say so in its event."""
    order = step.subject
    rows = list(Part.objects.filter(order_id=order.pk).order_by("pk").values_list("unit_id", "status"))
    helping = _units(rows, PartState.ASKED, PartState.TAKEN, PartState.REPLIED)
    step.set(
        assist_unit_ids=helping,
        asked_unit_ids=_units(rows, PartState.ASKED),
        helping_unit_ids=_units(rows, PartState.TAKEN),
        contact_unit_ids=sorted(set(order.contact_unit_ids) & set(helping)),
        involved_unit_ids=sorted({*order.involved_unit_ids, *helping}),
        open_part_count=sum(status in OPEN_PARTS for _, status in rows),
    )
    step.note(assists=helping)


def _units(rows: Iterable[tuple[int, str]], *states: PartState) -> list[int]:
    return sorted({unit for unit, status in rows if status in states})


def take_part(
    *, order_id: int, actor: Actor, at: datetime, part: int | None = None, note: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """An assisting unit signs for its part (签收协办)."""
    with walk_order(order_id, "take_part", actor=actor, at=at, entry_id=entry_id) as step:
        with _walk_part(step, "take_part", part, PartState.ASKED) as own:
            own.set(taken_at=at)
        _after(step, own.subject)
        step.say(note=note)
    return step.subject


def reply_part(
    *,
    order_id: int,
    reply: str,
    actor: Actor,
    at: datetime,
    part: int | None = None,
    photos: Sequence[UUID] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """An assisting unit says what it did (回复协办); the lead unit can settle once nobody's reply is missing."""
    given = {"reply": reply}
    with walk_order(order_id, "reply_part", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        seq = step.subject.chain_seq + 1
        with _walk_part(step, "reply_part", part, PartState.TAKEN) as own:
            own.set(replied_at=at, replied_seq=seq)
        _after(step, own.subject)
        attached = claim_attachments(step.subject, photos, actor=actor, seq=seq)
        if attached:
            step.note(attachments=attached)
        step.say(reply=reply)
    return step.subject


def release_part(
    *, order_id: int, part: int | None, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The desk or the lead unit releases a unit from its part, with a reason; it reads the order up to here."""
    given = {"part": part, "reason": reason}
    with walk_order(order_id, "release_part", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        with _walk_part(step, "release_part", part) as own:
            own.set(released_at=at, released_seq=step.subject.chain_seq + 1)
        _after(step, own.subject)
        step.say(reason=reason)
    return step.subject


def ask_contact(
    *, order_id: int, reason: str, actor: Actor, at: datetime, part: int | None = None, entry_id: UUID | None = None
) -> WorkOrder:
    """An assisting unit asks to see the reporters' contacts; the desk or the lead unit decides."""
    given = {"reason": reason}
    with walk_order(order_id, "ask_contact", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        with _walk_part(step, "ask_contact", part, *OPEN_PARTS, PartState.REPLIED) as own:
            if own.subject.contact_asked_at is not None:
                raise TransitionRefused("您的单位已经申请过，请等主办单位或社区答复。")
            own.set(contact_asked_at=at)
        _tell(step, own.subject)
        step.say(reason=reason)
    return step.subject


def grant_contact(
    *, order_id: int, part: int | None, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """The desk or the lead unit lets an assisting unit open contacts, each time for a reason that is logged."""
    with walk_order(order_id, "grant_contact", actor=actor, at=at, given={"part": part}, entry_id=entry_id) as step:
        with _walk_part(step, "grant_contact", part) as own:
            if own.subject.contact_granted_at is not None:
                raise TransitionRefused("已经同意过，不用再点一次。")
            own.set(contact_granted_at=at)
        order = step.subject
        step.set(contact_unit_ids=sorted({*order.contact_unit_ids, own.subject.unit_id}))
        _tell(step, own.subject)
        step.say(reason=reason)
    return order


def _walk_part(
    step: Step[WorkOrder], verb: str, part_id: int | None, *states: str
) -> AbstractContextManager[Step[Part]]:
    """Open a step of one part of a locked order: the one named, or the actor's only one in these states."""
    order = step.subject
    chosen = part_id or _only_part(order, step.actor, states)
    return walk_part(step, Move(chosen, verb))


def _only_part(order: WorkOrder, actor: Actor, states: Sequence[str]) -> int:
    found = own_open_parts(order, actor, *states)
    if not found:
        raise TransitionRefused("您的单位现在没有可以这样办的协办事项，请刷新页面。")
    if len(found) > 1:
        raise InputRefused("您的单位在这件事上有几项协办，请选择是哪一项。", field="part")
    return int(found[0].pk)


def _after(step: Step[WorkOrder], part: Part) -> None:
    _tell(step, part)
    _note_helpers(step)


def _tell(step: Step[WorkOrder], part: Part) -> None:
    step.note(part=part.pk, helper=part.unit_id, unit_name=part.unit.name)


def lapse_parts(step: Step[WorkOrder]) -> None:
    """Open parts end with an order that is declined or withdrawn; nothing is asked where there are none."""
    order = step.subject
    if not order.open_part_count:
        return
    ids = Part.objects.filter(order_id=order.pk, status__in=sorted(OPEN_PARTS)).values_list("pk", flat=True)
    _lapse(step, ids)


def _lapse(step: Step[WorkOrder], ids: Iterable[int]) -> None:
    order = step.subject
    with walk_parts(step, [Move(part_id, "lapse") for part_id in ids], actor=SYSTEM) as parts:
        for part in parts:
            part.set(released_at=step.at, released_seq=order.chain_seq + 1)
    _note_helpers(step)


def end_part_of_lead(step: Step[WorkOrder]) -> None:
    """A unit that becomes the lead has no part of its own any more, unless it promised it at a meeting."""
    order = step.subject
    if order.lead_unit_id not in (*order.asked_unit_ids, *order.helping_unit_ids):
        return
    rows = Part.objects.filter(order_id=order.pk, unit_id=order.lead_unit_id)
    _lapse(step, rows.filter(meeting=None, status__in=sorted(OPEN_PARTS)).values_list("pk", flat=True))


def join_units(step: Step[WorkOrder], assists: Sequence[Unit]) -> None:
    """Ask units for a part in the step that gives the order to its lead; nothing is asked where there are none."""
    end_part_of_lead(step)
    if assists:
        add_parts(step, [Ask(unit) for unit in assists])


def refuse_open_parts(order: WorkOrder) -> None:
    """Raise while the reply of a unit is missing, with the units named; no query where there are no parts."""
    if order.open_part_count:
        missing = "、".join(open_units(order))
        raise TransitionRefused(f"还有协办单位没有回复：{missing}。请等他们回复，或者写明理由免除协办，然后再办结。")
