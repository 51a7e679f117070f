"""Telling reporters who do not read the page (告知), and asking any of them afterwards whether it is solved (回访)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.workorders.actions.answering import reopen_workorder
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.lifecycle import Relation
from louzhang.workorders.models import AnswerWay, CallResult, Report, WorkOrder


def tell_workorder(
    *,
    order_id: int,
    call_result: str,
    actor: Actor,
    at: datetime,
    words: str = "",
    solved: bool | None = None,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """Somebody who did not choose the page has been told, after the answer stood there (告知).

    The desk tells everybody who still waits, a keeper those who chose to be told at the door. Where nobody
    waits, the desk calls back (回访) those who left a number and have not rated. What is not solved is opened
    again at once, as after a rating.

    Raises `InputRefused` for a result that is none, `TransitionRefused` when there is nobody to tell, or when
    the window for opening it again has run out.
    """
    given = {"call_result": call_result}
    with transaction.atomic():
        with walk_order(order_id, "tell", actor=actor, at=at, given=given, entry_id=entry_id) as step:
            if call_result not in CallResult.values:
                raise InputRefused("请选择告知结果。", field="call_result")
            is_desk = Relation.DESK in step.subject.relations_now
            voices, is_call_back = _to_call(order_id, is_desk=is_desk)
            if not voices.update(told_at=at, told_result=call_result, told_solved=solved):
                raise TransitionRefused("要告知的人都已经告知过了，没有要回访的人。请刷新页面。")
            step.note(call_result=call_result, **({"solved": solved} if solved is not None else {}))
            if is_call_back:
                step.note(is_call_back=True)
            step.say(words=words)
        if solved is False and is_desk:
            unsolved = words.strip() or "回访时反映人说还没有解决。"
            return reopen_workorder(order_id=order_id, reason=unsolved, actor=actor, at=at)
    return step.subject


def _to_call(order_id: int, *, is_desk: bool) -> tuple[QuerySet[Report], bool]:
    """Whom to tell now, and whether they are only called back."""
    untold = Report.objects.filter(order_id=order_id, told_at=None)
    if not is_desk:
        return untold.filter(answer_way=AnswerWay.VISIT), False
    waiting = untold.exclude(answer_way=AnswerWay.HERE)
    if waiting.exists():
        return waiting, False
    return untold.filter(rated_at=None).exclude(contact_phone_sealed=""), True
