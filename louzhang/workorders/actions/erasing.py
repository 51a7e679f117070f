"""Keeping times: what people said about a matter goes when its category's time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Min, Q, Value
from django.db.models.functions import Greatest

from louzhang.areas.queries import setting
from louzhang.journal.actions import erase_subject
from louzhang.journal.actor import SYSTEM
from louzhang.workorders.lifecycle import ENDED, State
from louzhang.workorders.models import Category, Meeting, Motion, PublicLine, Report, WorkOrder
from louzhang.workorders.scope import WorkOrderQuerySet

DAY = timedelta(days=1)


def erase_due_orders(*, at: datetime, most: int | None = None) -> int:
    """Erase the words, files and contacts of orders ended longer than their category keeps them.

    Each order goes in a transaction of its own, so a stop in between loses nothing and a second
    run goes on where the first one stopped. Takes the oldest, all of them or at most `most`;
    gives how many were erased.
    """
    erased = 0
    while due := list(past_keeping(at).order_by("closed_at", "pk").values_list("pk", flat=True)[:most]):
        gone = sum(erase_order(order_id=order_id, at=at) for order_id in due)
        erased += gone
        if most is not None or not gone:
            break
    return erased


def past_keeping(at: datetime) -> WorkOrderQuerySet:
    """Ended orders whose words are past their time and still there, and orders merged into one that is erased.

    Nothing goes while the matter can still be rated or opened again.
    """
    window = max(setting("rating_days", at), setting("reopen_days", at))
    shortest = Category.objects.aggregate(days=Min("keep_days"))["days"] or 0
    kept = ExpressionWrapper(
        Greatest(F("category__keep_days"), Value(window)) * Value(DAY), output_field=DurationField()
    )
    ended = Q(
        status__in=sorted(state.value for state in ENDED),
        closed_at__lt=at - max(shortest, window) * DAY,
    ) & Q(closed_at__lt=Value(at) - kept)
    merged = Q(status=State.MERGED, merged_into__erased_at__isnull=False)
    return WorkOrder.objects.filter(ended | merged, erased_at=None)


def erase_order(*, order_id: int, at: datetime) -> bool:
    """Erase one order past its time; False when it is not, or another run was faster.

    Gone are the words of all its events, its files, the sealed contacts and doors of its
    reports, its summary, what it is found by, the note on its place, and what its motions say. What stays are places,
    times, categories, ratings: figures. One `erase` event names what went and by which rule.
    """
    with transaction.atomic():
        rows = past_keeping(at).select_for_update(no_key=True, of=("self",), skip_locked=True)
        order = rows.select_related("category", "area").filter(pk=order_id).first()
        if order is None:
            return False
        reports = list(Report.objects.filter(order=order, erased_at=None).order_by("pk").values_list("pk", flat=True))
        Report.objects.filter(pk__in=reports).update(
            contact_name_sealed="", contact_phone_sealed="", phone_index="", door_sealed="", erased_at=at
        )
        PublicLine.objects.filter(order=order).update(words="")
        order.summary, order.place_note, order.search_terms, order.erased_at = "", "", [], at
        erase_subject(
            order,
            rule=f"保存期满 {order.category.keep_days} 天",
            actor=SYSTEM,
            at=at,
            area_ids=order.event_area_ids(),
            also={"reports": reports},
            save=("summary", "place_note", "search_terms", "erased_at"),
        )
        _erase_beside(order, at)
    return True


def _erase_beside(order: WorkOrder, at: datetime) -> None:
    """What was said in the motions that came out of the order, and where meetings on it were held."""
    Meeting.objects.filter(order=order).exclude(place="").update(place="")
    for motion in Motion.objects.filter(order=order).select_for_update(no_key=True).order_by("pk"):
        rule = f"保存期满 {order.category.keep_days} 天"
        erase_subject(motion, rule=rule, actor=SYSTEM, at=at, area_ids=order.event_area_ids())
