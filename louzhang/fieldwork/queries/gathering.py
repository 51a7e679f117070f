"""Lines of a day that other apps know of: orders in hand, results to tell, questions to answer, places to check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork import sources
from louzhang.fieldwork.models import ItemKind
from louzhang.fieldwork.sources import Draft, Field, Holder
from louzhang.inquiries.models import Inquiry
from louzhang.kit import clock
from louzhang.register.models import Site
from louzhang.workorders.models import AnswerWay, Handling, Report, WorkOrder
from louzhang.workorders.queries.orders import IN_HAND
from louzhang.workorders.scope import TOLD_FROM

TELLERS = (Role.CHIEF, Role.GRID_WORKER, Role.STAIRWELL_HEAD, Role.GRID_LEAD)
ANSWERERS = (Role.GRID_WORKER, Role.CHIEF, Role.GRID_LEAD)
CHECKERS = (Role.GRID_WORKER, Role.CHIEF, Role.GRID_LEAD)
SOON = timedelta(days=1)
"""An order with less than this left is due today or tomorrow."""


def orders_in_hand(ground: Field) -> Iterator[Draft]:
    """Orders that lie with a seat in the field, by their clock; whom a complaint is about never sees it."""
    seats = {(holder.area_id, holder.role): holder for holder in ground.holders if ground.wants(holder)}
    rows = WorkOrder.objects.filter(status__in=sorted(IN_HAND), seat_role__in=FIELD_ROLES)
    rows = rows.filter(seat_area__path__gte=ground.low, seat_area__path__lt=ground.high)
    for order in rows.select_related("category").order_by("promised_at", "pk"):
        holder = seats.get((order.seat_area_id or 0, order.seat_role))
        if holder is not None and not _is_about(order, holder):
            weight, why = _pressing(order, ground)
            yield _order_draft(order, holder, ground, ItemKind.ORDER, weight, why)


def results_to_tell(ground: Field) -> Iterator[Draft]:
    """Settled matters whose reporter asked to be told at the door, for whoever is nearest."""
    waiting = Report.objects.filter(answer_way=AnswerWay.VISIT, told_at=None).values("order_id")
    rows = WorkOrder.objects.filter(is_told_by_visit=True, status__in=sorted(TOLD_FROM), pk__in=waiting)
    rows = rows.filter(area__path__gte=ground.low, area__path__lt=ground.high)
    for order in rows.select_related("category", "area").order_by("settled_at", "pk"):
        holder = ground.nearest(order.area.path, TELLERS, order.pk)
        if holder is None or not ground.wants(holder) or _is_about(order, holder) or order.floor_rank < holder.rank:
            continue
        yield _order_draft(order, holder, ground, ItemKind.TELL, sources.TELL, "事情办好了，反映人要求上门告诉结果。")


def _is_about(order: WorkOrder, holder: Holder) -> bool:
    is_seat = order.about_area_id == holder.area_id and order.about_role == holder.role
    return order.about_user_id == holder.user_id or is_seat


def _pressing(order: WorkOrder, ground: Field) -> tuple[int, str]:
    """How pressing an order is, and the sentence that says so."""
    if order.is_urgent:
        return sources.URGENT, "紧急的事，先去。"
    if order.paused_at is not None:
        return sources.ASKED, "时限已暂停，有空去看一看。"
    left = clock.speak_due(order.promised_at, ground.at)
    if order.promised_at < ground.at:
        return sources.LATE, f"交给您的工单，{left}。"
    is_soon = order.promised_at - ground.at < SOON
    return (sources.DUE if is_soon else sources.ASKED), f"交给您的工单，{left}。"


def _order_draft(order: WorkOrder, holder: Holder, ground: Field, kind: str, weight: int, why: str) -> Draft:
    is_plain = order.category.handling == Handling.PLAIN
    title = order.category.name if is_plain else f"工单 {order.number}"
    return Draft(
        post_id=holder.post_id,
        kind=kind,
        source=f"workorder:{order.pk}",
        title=f"上门反馈：{title}" if kind == ItemKind.TELL else title,
        why=why,
        weight=weight,
        minutes=ground.minutes[kind],
        url=reverse("field:one", args=[order.number]),
        area_id=order.area_id,
        due_at=order.promised_at,
    )


def questions_to_answer(ground: Field) -> Iterator[Draft]:
    """Questions of residents that nobody has answered, for the grid worker."""
    rows = Inquiry.objects.waiting().filter(area__path__gte=ground.low, area__path__lt=ground.high)
    for inquiry in rows.select_related("area"):
        holder = ground.nearest(inquiry.area.path, ANSWERERS, inquiry.pk)
        if holder is None or not ground.wants(holder):
            continue
        since = clock.speak(inquiry.waiting_since, ground.at)
        yield Draft(
            post_id=holder.post_id,
            kind=ItemKind.CALL,
            source=f"inquiry:{inquiry.pk}",
            title="回答居民提问",
            why=f"居民{since} 问的，还没有人回答。",
            weight=sources.CALL,
            minutes=ground.minutes[ItemKind.CALL],
            url=reverse("inquiries:field_one", args=[inquiry.uid]),
            area_id=inquiry.area_id,
        )


def places_to_check(ground: Field) -> Iterator[Draft]:
    """Sites whose check is due, for whoever is nearest."""
    due = Q(area__path__gte=ground.low, area__path__lt=ground.high)
    for site in Site.objects.current().due_by(ground.day).filter(due).select_related("area").order_by("check_due_on"):
        holder = ground.nearest(site.area.path, CHECKERS, site.pk)
        if holder is None or not ground.wants(holder):
            continue
        yield Draft(
            post_id=holder.post_id,
            kind=ItemKind.CHECK,
            source=f"site:{site.pk}",
            title=f"检查 {site.name}",
            why=f"每 {site.check_days} 天检查一次，到日子了。",
            weight=sources.CHECK,
            minutes=ground.minutes[ItemKind.CHECK],
            url=reverse("register:site", args=[site.uid]),
            area_id=site.area_id,
        )
