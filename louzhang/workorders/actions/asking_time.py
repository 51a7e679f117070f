"""The verbs of an order's time: first contact, pauses and extensions, each with a reason and an approver.

Standards: every clock pauses only with a reason and an approver; what waits for the resident is not overdue;
an extension has a cap. Where the unit asks, the desk answers; the desk may also pause by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.journal.walker import Step
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.clocks import ClockKind, Limit
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.models.timing import Asked
from louzhang.workorders.timekeeping import RESUMED, Kept, extended, paused, stopped


class ContactResult(models.TextChoices):
    """What came of the first contact with the reporter (先行联系)."""

    REACHED = "reached", "已经联系上"
    LEFT_WORD = "left_word", "已留言或发短信"
    NO_WAY = "no_way", "没有留下联系方式"
    UNREACHED = "unreached", "没有联系上，还要再联系"


class PauseFor(models.TextChoices):
    """Why time stands still."""

    WAIT = "wait", "等反映人"
    PAUSE = "pause", "其他原因"


def contact_reporter(
    *,
    order_id: int,
    contact_result: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The unit has got in touch with the reporter before the work is done (先行联系); that stops its clock.

    Who could not be reached has still to be. Raises `InputRefused` for a result that is none.
    """
    given = {"contact_result": contact_result}
    with walk_order(order_id, "contact", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        _refuse_unknown(contact_result, ContactResult, "contact_result", "请选择联系的结果。")
        order = step.subject
        step.note(contact_result=contact_result)
        step.say(note=note)
        if contact_result != ContactResult.UNREACHED:
            kept = order.kept.get(ClockKind.CONTACT)
            if kept is not None and kept.is_running:
                step.note(clocks=[stopped(ClockKind.CONTACT, kept, at)])
            if order.contacted_at is None:
                step.set(contacted_at=at)
    return step.subject


def ask_pause(
    *, order_id: int, pause_for: str, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The unit asks the desk to let time stand still, for the resident or for another reason."""
    given = {"pause_for": pause_for, "reason": reason}
    with walk_order(order_id, "ask_pause", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        _refuse_unknown(pause_for, PauseFor, "pause_for", "请选择为什么暂停。")
        step.set(asked=Asked(pause_for))
        step.note(pause_for=pause_for)
        step.say(reason=reason)
    return step.subject


def grant_pause(
    *, order_id: int, actor: Actor, at: datetime, note: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """The desk agrees: from now on time stands still."""
    with walk_order(order_id, "grant_pause", actor=actor, at=at, entry_id=entry_id) as step:
        _pause(step, str(step.subject.asked))
        step.set(asked=Asked.NOTHING)
        step.say(note=note)
    return step.subject


def refuse_pause(*, order_id: int, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None) -> WorkOrder:
    """The desk does not agree; time has gone on all the while."""
    with walk_order(order_id, "refuse_pause", actor=actor, at=at, given={"reason": reason}, entry_id=entry_id) as step:
        step.set(asked=Asked.NOTHING)
        step.say(reason=reason)
    return step.subject


def pause_workorder(
    *, order_id: int, pause_for: str, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The desk lets time stand still by itself, with a reason."""
    given = {"pause_for": pause_for, "reason": reason}
    with walk_order(order_id, "pause", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        _refuse_unknown(pause_for, PauseFor, "pause_for", "请选择为什么暂停。")
        _pause(step, pause_for)
        step.say(reason=reason)
    return step.subject


def _pause(step: Step[WorkOrder], pause_for: str) -> None:
    step.note(pause_for=pause_for, clocks=[paused(is_wait=pause_for == PauseFor.WAIT)])


def resume_workorder(
    *, order_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """Time goes on: what is due moves by exactly the time that stood still.

    Raises `TransitionRefused` for an order on the shelf, which is taken off it instead.
    """
    with walk_order(order_id, "resume", actor=actor, at=at, entry_id=entry_id) as step:
        if step.subject.shelved_until is not None:
            raise TransitionRefused("这件事已经挂账，请做“恢复办理”，时间会一起恢复。")
        step.note(clocks=[RESUMED])
        step.say(reason=reason)
    return step.subject


def ask_extension(
    *, order_id: int, amount: int | None, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The unit asks for more time to settle, in the measure of the limit and up to its cap.

    Raises `InputRefused` for more than may still be granted, `TransitionRefused` where nothing may.
    """
    given = {"amount": amount, "reason": reason}
    with walk_order(order_id, "ask_extension", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        wanted = _refuse_amount(step.subject, amount)
        step.set(asked=Asked.EXTENSION, asked_amount=wanted)
        step.note(amount=wanted, amount_said=_spoken(step.subject, wanted))
        step.say(reason=reason)
    return step.subject


def grant_extension(
    *,
    order_id: int,
    actor: Actor,
    at: datetime,
    amount: int | None = None,
    note: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk agrees, to what was asked or to another amount within the cap."""
    with walk_order(order_id, "grant_extension", actor=actor, at=at, entry_id=entry_id) as step:
        granted = _refuse_amount(step.subject, amount if amount is not None else step.subject.asked_amount)
        step.set(asked=Asked.NOTHING, asked_amount=None)
        step.note(
            amount=granted, amount_said=_spoken(step.subject, granted), clocks=[extended(ClockKind.SETTLE, granted)]
        )
        step.say(note=note)
    return step.subject


def refuse_extension(
    *, order_id: int, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """The desk does not agree; what is due stays."""
    with walk_order(
        order_id, "refuse_extension", actor=actor, at=at, given={"reason": reason}, entry_id=entry_id
    ) as step:
        step.set(asked=Asked.NOTHING, asked_amount=None)
        step.say(reason=reason)
    return step.subject


def _refuse_amount(order: WorkOrder, amount: int | None) -> int:
    """The amount, where it may be granted."""
    settle = running_settle(order)
    room = settle.clock.room if settle else 0
    if settle is None or not room:
        raise TransitionRefused("这件事的办结时限不能再延长了。办不完的，请和受理单位商量挂账或提级办理。")
    if amount is None or not 1 <= amount <= room:
        most = Limit(room, settle.clock.limit.measure).spoken
        raise InputRefused(f"最多还能延长 {most}，请填 1 到 {room} 之间的数。", field="amount")
    return amount


def _spoken(order: WorkOrder, amount: int) -> str:
    settle = running_settle(order)
    return Limit(amount, settle.clock.limit.measure).spoken if settle else str(amount)


def running_settle(order: WorkOrder) -> Kept | None:
    """The settling clock while it runs."""
    settle = order.kept.get(ClockKind.SETTLE)
    return settle if settle is not None and settle.is_running else None


def _refuse_unknown(value: str, known: Any, field: str, sentence: str) -> None:
    if value not in known.values:
        raise InputRefused(sentence, field=field)
