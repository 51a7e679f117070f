"""The verbs of those who do the work: take, settle, settle on the spot, send back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment
from louzhang.journal.refusals import InputRefused
from louzhang.journal.walker import Step
from louzhang.workorders.actions.assisting import refuse_open_parts
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Report, WorkOrder


def take_workorder(
    *, order_id: int, actor: Actor, at: datetime, entry_id: UUID | None = None, note: str = ""
) -> WorkOrder:
    """The unit or its seat signs for the order (签收) and starts."""
    with walk_order(order_id, "take", actor=actor, at=at, entry_id=entry_id) as step:
        step.set(taken_at=at)
        step.say(note=note)
    return step.subject


def settle_workorder(
    *,
    order_id: int,
    note: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[UUID] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The holder says what was done (办结); a photo is asked, forced only with a reason.

    Raises `InputRefused` where the category makes a photo necessary and none came.
    """
    with walk_order(
        order_id,
        "settle",
        actor=actor,
        at=at,
        given={"note": note},
        entry_id=entry_id,
    ) as step:
        _settle(step, note, photos)
    return step.subject


def settle_on_spot_workorder(
    *,
    order_id: int,
    note: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[UUID] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """A chief or grid worker does it at once (现场办结: R3, R13 即知即办).

    Where nobody else reported it, nobody waits for an answer and the matter is closed.
    """
    with walk_order(
        order_id,
        "settle_on_spot",
        actor=actor,
        at=at,
        given={"note": note},
        entry_id=entry_id,
    ) as step:
        _settle(step, note, photos)
        step.set(is_settled_on_spot=True)
        reports = Report.objects.filter(order_id=order_id)
        if not reports.exclude(reporter_id=actor.user_id).exists():
            step.lead_to(State.CLOSED)
            step.set(closed_at=at)
    return step.subject


def _settle(step: Step[WorkOrder], note: str, photos: Sequence[UUID]) -> None:
    order = step.subject
    refuse_open_parts(order)
    reason = order.category.photo_reason
    if reason and not photos and not _has_photo_of_work(order):
        raise InputRefused(f"这类事项办结要有照片：{reason}", field="photos")
    attached = claim_attachments(order, photos, actor=step.actor, seq=order.chain_seq + 1)
    if attached:
        step.note(attachments=attached)
    step.set(settled_at=step.at)
    step.say(note=note)


def _has_photo_of_work(order: WorkOrder) -> bool:
    """Whether somebody has added a photo after the report itself."""
    return Attachment.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, seq__gt=1).exists()


def send_back_workorder(
    *, order_id: int, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The unit returns what is not its own, with a reason (退回); it keeps seeing the order up to here.

    After two send-backs or transfers, and after the level above has named the unit, the walker refuses.
    """
    with walk_order(
        order_id,
        "send_back",
        actor=actor,
        at=at,
        given={"reason": reason},
        entry_id=entry_id,
    ) as step:
        step.note(unit=step.subject.lead_unit_id)
        step.set(
            lead_unit=None,
            seat_area=None,
            seat_role="",
            assignee=None,
            dispatched_at=None,
            taken_at=None,
            return_count=step.subject.return_count + 1,
            bounce_count=step.subject.bounce_count + 1,
        )
        step.say(reason=reason)
    return step.subject
