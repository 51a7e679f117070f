"""On the shelf (挂账): what cannot be done for now waits for a day of review, with an explanation all may read."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, Refusal
from louzhang.kit import clock
from louzhang.workorders.actions.supervising import refuse_day
from louzhang.workorders.actions.walking import walk_order
from louzhang.workorders.models import WorkOrder


def shelve_workorder(
    *,
    order_id: int,
    explanation: str,
    review_date: date | None,
    actor: Actor,
    at: datetime,
    entry_id: UUID | None = None,
) -> WorkOrder:
    """The desk puts an order on the shelf until a day of review (挂账, standards.md): open, but in nobody's time.

    The reporter reads the explanation. Raises `InputRefused` for a day that is not ahead.
    """
    given = {"explanation": explanation, "review_date": review_date}
    with walk_order(order_id, "shelve", actor=actor, at=at, given=given, entry_id=entry_id) as step:
        assert review_date is not None  # the walker has refused a blank day
        refuse_day(review_date, at, field="review_date")
        if review_date == clock.local_date(at):
            raise InputRefused("复查日期要在今天以后，请重新选择。", field="review_date")
        step.set(shelved_until=review_date)
        step.note(review_date=review_date.isoformat())
        step.say(explanation=explanation)
    return step.subject


def unshelve_workorder(
    *, order_id: int, actor: Actor, at: datetime, reason: str = "", entry_id: UUID | None = None
) -> WorkOrder:
    """The desk, or the clock on the day of review, takes an order from the shelf: it goes on where it stood."""
    with walk_order(order_id, "unshelve", actor=actor, at=at, entry_id=entry_id) as step:
        step.note(review_date=str(step.subject.shelved_until))
        step.set(shelved_until=None)
        step.say(reason=reason)
    return step.subject


def unshelve_due_orders(*, at: datetime, most: int | None = None) -> int:
    """Bring back what the day of review has come for, the longest waiting first; gives how many.

    Each in a transaction of its own; what another worker holds is left to it.
    """
    due = WorkOrder.objects.filter(shelved_until__lte=clock.local_date(at)).order_by("shelved_until", "pk")
    return sum(_unshelve(order_id, at) for order_id in list(due.values_list("pk", flat=True)[:most]))


def _unshelve(order_id: int, at: datetime) -> bool:
    mine = WorkOrder.objects.filter(pk=order_id, shelved_until__lte=clock.local_date(at))
    try:
        with transaction.atomic():
            if mine.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True).first() is None:
                return False
            unshelve_workorder(order_id=order_id, actor=SYSTEM, at=at)
    except Refusal:
        return False
    return True
