"""The desk's verbs: accept, decline, dispatch, assign a seat, correct category and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from louzhang.areas.models import Area, Post, Unit, UnitKind
from louzhang.areas.queries import line_of, office_area_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.journal.walker import Step
from louzhang.kit import clock
from louzhang.workorders.actions.addressing import refuse_for
from louzhang.workorders.actions.answering import own_voices
from louzhang.workorders.actions.assisting import join_units, lapse_parts
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import Category, Handling, WorkOrder


def accept_workorder(
    *, order_id: int, actor: Actor, at: datetime, entry_id: UUID | None = None, note: str = ""
) -> WorkOrder:
    """The desk accepts the matter (R11 受理)."""
    with walk_order(order_id, "accept", actor=actor, at=at, entry_id=entry_id) as step:
        step.set(accepted_at=at)
        step.say(note=note)
    return step.subject


def decline_workorder(
    *,
    order_id: int,
    reason: str,
    advice: str,
    actor: Actor,
    at: datetime,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk declines (不予受理) with a reason and advice whom to ask instead."""
    given = {"reason": reason, "advice": advice}
    with walk_order(
        order_id,
        "decline",
        actor=actor,
        at=at,
        given=given,
        entry_id=entry_id,
    ) as step:
        lapse_parts(step)
        step.set(closed_at=at)
        step.say(**given)
    return step.subject


def dispatch_workorder(
    *,
    order_id: int,
    unit: Unit | None,
    actor: Actor,
    at: datetime,
    seat: Post | None = None,
    note: str = "",
    assists: Sequence[Unit] = (),
    proposal: Mapping[str, Any] | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk gives the order to a unit, and inside it, if wished, to a seat (R11 交办).

    The order is held by the seat (area and role) or, in a unit without areas, by the person:
    whoever sits there later takes it over without a rewrite. `proposal` is what the desk was shown
    (`queries.proposals`); the event keeps on what it rested and whether it was followed.
    `assists` are units asked for a part at once (协办); the note says to them what to do as well.

    Raises `InputRefused` when the unit has ended, is the one complained about or one in which the
    person complained about works, or the seat is not one of the unit's.
    """
    with walk_order(
        order_id,
        "dispatch",
        actor=actor,
        at=at,
        given={"unit": unit},
        entry_id=entry_id,
    ) as step:
        assert unit is not None  # the walker has refused a blank unit
        refuse_for(step.subject, unit, at)
        involved = sorted({*step.subject.involved_unit_ids, unit.pk})
        step.set(lead_unit=unit, involved_unit_ids=involved, dispatched_at=at)
        _seat_order(step, seat, unit, at)
        step.note(unit=unit.pk, unit_name=unit.name, **_proposed(proposal, order_id, unit))
        join_units(step, assists)
        step.say(note=note)
    return step.subject


# What the event of a dispatch keeps of the proposal that was shown.
PROPOSAL_FACTS = ("unit", "basis", "rule", "number", "clause")


def _proposed(proposal: Mapping[str, Any] | None, order_id: int, unit: Unit) -> dict[str, Any]:
    if proposal is None or proposal.get("order") != order_id:
        return {}
    facts = {name: proposal[name] for name in PROPOSAL_FACTS if name in proposal}
    return {"proposal": facts | {"followed": proposal.get("unit") == unit.pk}}


def assign_workorder(
    *,
    order_id: int,
    seat: Post | None,
    actor: Actor,
    at: datetime,
    note: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The unit names the seat inside it that holds the order."""
    with walk_order(
        order_id,
        "assign",
        actor=actor,
        at=at,
        given={"seat": seat},
        entry_id=entry_id,
    ) as step:
        unit = step.subject.lead_unit
        assert unit is not None  # a constraint: an order in hand has a lead unit
        _seat_order(step, seat, unit, at)
        step.say(note=note)
    return step.subject


def _seat_order(step: Step[WorkOrder], seat: Post | None, unit: Unit, at: datetime) -> None:
    if seat is None:
        step.set(seat_area=None, seat_role="", assignee=None)
        return
    refuse_seat(step.subject, seat, unit, at)
    if seat.area_id is not None and seat.role in FIELD_ROLES:
        step.set(seat_area=seat.area, seat_role=seat.role, assignee=None)
    else:
        step.set(seat_area=None, seat_role="", assignee=seat.user)
    step.note(seat_post=seat.pk)


def refuse_seat(order: WorkOrder, seat: Post, unit: Unit, at: datetime) -> None:
    """Raise unless the post is held now inside this unit and may see the order."""
    if not Post.objects.as_of(clock.local_date(at)).filter(pk=seat.pk).exists():
        raise InputRefused("这个任职已经结束，请另选承办人。", field="seat")
    if not seat_is_in(seat, unit):
        raise InputRefused("这位承办人不在所选单位里，请重新选择。", field="seat")
    named = order.about_area_id == seat.area_id and order.about_role == seat.role
    if seat.user_id == order.about_user_id or (named and order.about_role):
        raise InputRefused("这件事投诉的就是这位人员，请交给别人办理。", field="seat")
    if seat.area is not None and seat.area.level.rank > order.floor_rank:
        raise InputRefused("这类事项不交楼栋和网格办理，请选社区以上的人员。", field="seat")


def seat_is_in(seat: Post, unit: Unit) -> bool:
    """Whether the post belongs to the unit: in it, or in or below its office's area."""
    if seat.unit_id is not None:
        return bool(seat.unit_id == unit.pk)
    if unit.kind != UnitKind.OFFICE or seat.area is None:
        return False
    return any(area.pk == unit.office_area_id for area in line_of(seat.area))


def recategorise_workorder(
    *,
    order_id: int,
    category: Category | None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk corrects the category; what is due follows from it and the history says so.

    A complaint stays a complaint and a guarded matter stays guarded: changing into or out of
    them would move who may see it. What becomes guarded is taken from a seat in building or grid.
    """
    with walk_order(
        order_id,
        "recategorise",
        actor=actor,
        at=at,
        given={"category": category},
        entry_id=entry_id,
    ) as step:
        assert category is not None  # the walker has refused a blank category
        order = step.subject
        if category.parent_id is None or category.ended_at is not None:
            raise InputRefused("请选择一个在用的小类。", field="category")
        complaints = [c.handling == Handling.COMPLAINT for c in (category, order.category)]
        if complaints[0] != complaints[1]:
            raise InputRefused("投诉和一般事项不能互改，请另行登记。", field="category")
        floor = min(3, order.floor_rank) if category.handling == Handling.GUARDED else order.floor_rank
        step.note(category_from=order.category_id, category_to=category.pk)
        step.set(
            category=category,
            is_urgent=category.is_urgent,
            floor_rank=floor,
        )
        if order.seat_area is not None and order.seat_area.level.rank > floor:
            step.set(seat_area=None, seat_role="")
        step.say(reason=reason)
    return step.subject


def relocate_workorder(
    *,
    order_id: int,
    area: Area | None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk says where it really is; before dispatch the desk of the new place takes over."""
    with walk_order(
        order_id,
        "relocate",
        actor=actor,
        at=at,
        given={"area": area},
        entry_id=entry_id,
    ) as step:
        assert area is not None  # the walker has refused a blank area
        if area.ended_at is not None:
            raise InputRefused("这个地点已经停用，请重新选择。", field="area")
        order = step.subject
        step.note(area_from=order.area_id, area_to=area.pk)
        step.set(area=area, is_unplaced=False)
        if longitude is not None and latitude is not None:
            step.set(longitude=longitude, latitude=latitude)
        if order.category.handling != Handling.COMPLAINT and order.lead_unit_id is None:
            step.set(desk_area=office_area_of(line_of(area)))
        step.say(reason=reason)
    return step.subject


def comment_workorder(
    *,
    order_id: int,
    words: str,
    actor: Actor,
    at: datetime,
    photos: tuple[UUID, ...] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Add words to an open order; the reporter's own are read by the handlers, theirs stay
    among the handlers.
    """
    with walk_order(
        order_id,
        "comment",
        actor=actor,
        at=at,
        given={"words": words},
        entry_id=entry_id,
    ) as step:
        if step.subject.relations_now == {Relation.REPORTER}:
            step.audience = "public"
            step.note(reports=own_voices(step.subject, actor))
        attached = claim_attachments(step.subject, photos, actor=actor, seq=step.subject.chain_seq + 1)
        if attached:
            step.note(attachments=attached)
        step.say(words=words)
    return step.subject
