"""What somebody did on a day, by the journal: the lines of this app and of those below it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from louzhang.fieldwork.day_lines import Day, Told
from louzhang.fieldwork.models import Met, Route
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.workorders.models import Handling, WorkOrder

EVENTS_AT_MOST = 2000
DONE = {"settle": "办结", "settle_on_spot": "现场办结", "report": "上报", "report_back": "反馈"}
# Kinds of subject, the verbs that count, the line with how many.
COUNTED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("workorder", ("take",), "签收工单 {count} 件"),
    ("inquiry", ("answer",), "回答居民提问 {count} 条"),
    ("mediation", ("talk", "agree"), "调解谈话 {count} 次"),
    ("patrol", ("confirm", "confirm_late"), "巡查到点位 {count} 处"),
    ("patrol", ("fault",), "巡查发现问题 {count} 处，已变成工单"),
    ("errand", ("take",), "接下代办 {count} 件"),
    ("errand", ("collect",), "代办收材料 {count} 次"),
    ("errand", ("hand_over",), "代办办好交回 {count} 件"),
    ("need", ("raise",), "记下需求 {count} 条"),
    ("site", ("check",), "检查点位 {count} 处"),
    ("good_deed", ("tell",), "记下好人好事 {count} 件"),
)
REGISTER = ("dwelling", "household", "resident", "reach")


def day_of(user_id: int, day: date) -> Day:
    """A person's day with its events; what a phone sent later counts for the day it happened on (one query)."""
    start = clock.day_start(day)
    end = clock.day_start(day + timedelta(days=1))
    rows = Event.objects.filter(user_id=user_id, recorded_at__gte=start, happened_at__gte=start, happened_at__lt=end)
    return Day(user_id, day, list(rows.order_by("recorded_at", "pk")[:EVENTS_AT_MOST]))


def visits_made(day: Day) -> Iterator[Told]:
    """How many doors, and at how many somebody was met."""
    visits = day.of("visit", "visit")
    if visits:
        met = sum(event.payload.get("outcome") == Met.MET for event in visits)
        yield Told(f"走访 {len(visits)} 户，见到 {met} 户", reverse("fieldwork_field:visits"))


def orders_done(day: Day) -> Iterator[Told]:
    """Each order that was settled or reported, by its number; of guarded ones nothing but that."""
    events = day.of("workorder", *DONE)
    if not events:
        return
    rows = WorkOrder.objects.filter(pk__in={event.subject_id for event in events}).select_related("category")
    orders = rows.in_bulk()
    for event in events:
        order = orders.get(event.subject_id)
        if order is not None:
            about = f" {order.category.name}" if order.category.handling == Handling.PLAIN else ""
            yield Told(f"{DONE[event.verb]}工单{about} {order.number}", reverse("field:one", args=[order.number]))


def routes_walked(day: Day) -> Iterator[Told]:
    """Rounds that were walked whole, by name."""
    events = day.of("patrol_route", "walk")
    if not events:
        return
    names = dict(Route.objects.filter(pk__in={event.subject_id for event in events}).values_list("pk", "name"))
    for event in events:
        yield Told(f"巡查走完：{names.get(event.subject_id, '')}")


def counted(day: Day) -> Iterator[Told]:
    """What is told by a number."""
    for kind, verbs, line in COUNTED:
        if count := len(day.of(kind, *verbs)):
            yield Told(line.format(count=count))
    if register := sum(len(day.of(kind)) for kind in REGISTER):
        yield Told(f"登记、核对人房 {register} 处")
