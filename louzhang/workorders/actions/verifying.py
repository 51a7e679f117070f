"""Verifying on the spot (核实) before the close, where the category asks: somebody other than the doer looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.journal.models import Event
from louzhang.journal.refusals import NotYours
from louzhang.journal.walker import Step
from louzhang.workorders.actions.answering import begin_again
from louzhang.workorders.actions.photographs import claim_attachments
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.models import WorkOrder


def verify_workorder(
    *,
    order_id: int,
    note: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[UUID] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """A keeper of the place, or the desk, has seen that it is done (核实); now it may be closed.

    Raises `NotYours` for whoever settled it.
    """
    with walk_order(order_id, "verify", actor=actor, at=at, given={"note": note}, entry_id=entry_id) as step:
        _look(step, photos)
        step.set(is_to_verify=False)
        step.say(note=note)
    return step.subject


def refute_workorder(
    *,
    order_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[UUID] = (),
    entry_id: UUID | None = None,
) -> WorkOrder:
    """A keeper of the place, or the desk, has seen that it is not done: back to whoever had it.

    Raises `NotYours` for whoever settled it.
    """
    with walk_order(order_id, "refute", actor=actor, at=at, given={"reason": reason}, entry_id=entry_id) as step:
        _look(step, photos)
        begin_again(step)
        step.say(reason=reason)
    return step.subject


def _look(step: Step[WorkOrder], photos: Sequence[UUID]) -> None:
    order = step.subject
    settled = Event.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, verb="settle")
    settler = settled.order_by("-seq").values_list("user_id", flat=True).first()
    if settler is not None and settler == step.actor.user_id:
        raise NotYours("办结的人不能自己核实，请楼长、网格员或受理的同事到现场看一看。")
    attached = claim_attachments(order, photos, actor=step.actor, seq=order.chain_seq + 1)
    if attached:
        step.note(attachments=attached)
