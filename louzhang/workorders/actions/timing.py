"""Verbs of the clock: what happens to an order because time has passed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from louzhang.areas.queries import setting
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import Refusal
from louzhang.workorders.actions.answering import close_workorder
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from louzhang.workorders.scope import WorkOrderQuerySet


def close_due_orders(*, at: datetime, most: int | None = None) -> int:
    """Close answered orders whose window for rating has run out (结案), the oldest first; gives how many.

    They count as not asked, never as satisfied. Orders where somebody must still be called,
    visited or written to stay: they are on the desk's list. Each is closed in a transaction of
    its own, and what another worker holds is left to it.
    """
    due = past_window(at).order_by("answered_at").values_list("pk", flat=True)[:most]
    return sum(_close(order_id, at) for order_id in list(due))


def past_window(at: datetime) -> WorkOrderQuerySet:
    """Answered or rated orders past the window, with nobody left to tell and nothing to verify."""
    to_tell = Report.objects.filter(order=OuterRef("pk"), told_at=None).exclude(answer_way=AnswerWay.HERE)
    answered_before = at - timedelta(days=setting("rating_days", at))
    return WorkOrder.objects.awaiting_close(answered_before).filter(~Exists(to_tell), is_to_verify=False)


def _close(order_id: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            mine = past_window(at).filter(pk=order_id).select_for_update(no_key=True, skip_locked=True)
            if mine.values_list("pk", flat=True).first() is None:
                return False
            close_workorder(order_id=order_id, actor=SYSTEM, at=at)
    except Refusal:
        return False
    return True
