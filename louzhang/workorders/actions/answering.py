"""From the result back to the resident: answer, rate, close, open again, withdraw."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from louzhang.areas.queries import setting
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.journal.walker import Step
from louzhang.workorders.actions.assisting import lapse_parts
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import Relation, State
from louzhang.workorders.models import AnswerWay, CallResult, Report, WorkOrder
from louzhang.workorders.scope import own_reports


def report_back_workorder(
    *, order_id: int, answer: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """Tell the reporters what came of it (反馈); the window for rating opens.

    A keeper who tells at the door (上门) has told those who chose it.
    """
    with walk_order(
        order_id,
        "report_back",
        actor=actor,
        at=at,
        given={"answer": answer},
        entry_id=entry_id,
    ) as step:
        step.set(answered_at=at)
        step.say(answer=answer)
        if "teller" in step.subject.relations_now:
            told = Report.objects.filter(order_id=order_id, answer_way=AnswerWay.VISIT, told_at=None)
            told.update(told_at=at, told_result=CallResult.NOT_ASKED)
    return step.subject


def rate_workorder(
    *,
    order_id: int,
    stars: int | None,
    solved: bool | None,
    actor: Actor,
    at: datetime,
    words: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """A reporter rates: one to five stars, solved or not, words. Unsolved opens it again;
    when every voice has rated and nobody waits for a call, a visit or a message, the matter is
    closed.

    Raises `InputRefused` for stars outside one to five, `TransitionRefused` after the window.
    """
    if stars is not None and not 1 <= stars <= 5:
        raise InputRefused("请选择一到五颗星。", field="stars")
    with transaction.atomic():
        with walk_order(
            order_id,
            "rate",
            actor=actor,
            at=at,
            given={"stars": stars, "solved": solved},
            entry_id=entry_id,
        ) as step:
            order = step.subject
            refuse_late(order, setting("rating_days", at), at, "评价")
            reports = _own_open_reports(order_id, actor)
            Report.objects.filter(pk__in=reports).update(stars=stars, is_solved=solved, rated_at=at)
            step.note(stars=stars, solved=solved, reports=reports)
            step.say(words=words)
            if order.status == State.CLOSED:
                step.lead_to(State.CLOSED)
        if solved is False:
            unsolved = words.strip() or "评价为未解决。"
            return reopen_workorder(order_id=order_id, reason=unsolved, actor=actor, at=at)
        if order.status == State.RATED and not order.is_to_verify and _all_is_said(order_id):
            return close_workorder(order_id=order_id, actor=SYSTEM, at=at)
    return order


def _own_open_reports(order_id: int, actor: Actor) -> list[int]:
    reports = own_reports(actor).filter(order_id=order_id, rated_at=None)
    ids = list(reports.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise TransitionRefused("您已经评价过这件事，谢谢。")
    return ids


def own_voices(order: WorkOrder, actor: Actor) -> list[int]:
    """The ids of the reports for which a reporter speaks: the event names them, since others may not read its words."""
    return list(own_reports(actor).filter(order_id=order.pk).order_by("pk").values_list("pk", flat=True))


def _all_is_said(order_id: int) -> bool:
    """Whether every voice has rated and everyone who is to be told has been."""
    reports = Report.objects.filter(order_id=order_id)
    to_tell = reports.filter(told_at=None).exclude(answer_way=AnswerWay.HERE)
    return not (reports.filter(rated_at=None) | to_tell).exists()


def refuse_late(order: WorkOrder, days: int, at: datetime, label: str) -> None:
    """Raise when the window since the answer or the close has run out."""
    since = order.closed_at or order.answered_at or order.settled_at
    if since is not None and at > since + timedelta(days=days):
        raise TransitionRefused(f"{label}期限（{days} 天）已过，请重新反映一次。")


def close_workorder(
    *,
    order_id: int,
    actor: Actor,
    at: datetime,
    call_result: str = "",
    words: str = "",
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Close the matter (结案), by the desk, or by the clock when the window ran out.

    Someone who chose to be told by phone, visit or message is told first, and the result of
    that is the input of the close. What the clock closes counts as not asked, never as
    satisfied.

    Raises `InputRefused` while somebody is still to be told, and when the result says that the
    matter is not solved (reopen it instead).
    """
    if call_result and call_result not in CallResult.values:
        raise InputRefused("请选择告知结果。", field="call_result")
    with walk_order(order_id, "close", actor=actor, at=at, entry_id=entry_id) as step:
        reports = Report.objects.filter(order_id=order_id)
        to_tell = reports.filter(told_at=None).exclude(answer_way=AnswerWay.HERE)
        if call_result:
            to_tell.update(told_at=at, told_result=call_result)
            step.note(call_result=call_result)
        elif to_tell.exists():
            raise InputRefused(
                "反映人要求用电话、上门或短信答复，请先告知，并选择告知结果。",
                field="call_result",
            )
        elif step.came_from == State.SETTLED and reports.exists():
            raise InputRefused("请先做“反馈”，让反映人看到办理结果。", field="call_result")
        step.set(closed_at=at)
        if step.subject.answered_at is None:
            step.set(answered_at=at)
        step.say(words=words)
    return step.subject


def reopen_workorder(
    *, order_id: int, reason: str, actor: Actor, at: datetime, entry_id: UUID | None = None
) -> WorkOrder:
    """Open the matter again within the window (重新办理): back to the unit that had it, or to
    the desk where no unit had it.

    Raises `TransitionRefused` after the window.
    """
    with walk_order(
        order_id,
        "reopen",
        actor=actor,
        at=at,
        given={"reason": reason},
        entry_id=entry_id,
    ) as step:
        order = step.subject
        refuse_late(order, setting("reopen_days", at), at, "重新办理")
        begin_again(step)
        if Relation.DESK not in order.relations_now:
            step.note(reports=own_voices(order, actor))
        step.say(reason=reason)
    return step.subject


def begin_again(step: Step[WorkOrder]) -> None:
    """Back to the unit that had it, or to the desk; what came of it the first time is taken back."""
    order = step.subject
    if order.lead_unit_id is None:
        step.lead_to(State.ACCEPTED)
    step.set(settled_at=None, answered_at=None, closed_at=None, is_settled_on_spot=False)
    Report.objects.filter(order_id=order.pk).update(
        stars=None, is_solved=None, rated_at=None, told_at=None, told_result="", told_solved=None
    )


def withdraw_workorder(
    *, order_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """The reporter takes the matter back before work on it has begun; the clock what it made from a wrong answer.

    Raises `TransitionRefused` where neighbours reported the same matter too.
    """
    with walk_order(order_id, "withdraw", actor=actor, at=at, entry_id=entry_id) as step:
        if step.subject.report_count > 1:
            raise TransitionRefused("还有邻居反映了同一件事，它会继续办理，不能撤回。")
        lapse_parts(step)
        step.set(closed_at=at)
        step.say(reason=reason)
    return step.subject
