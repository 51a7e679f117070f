"""The resident's pages: home, the own matters, one matter, the verbs of its reporter, opening by code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.cookies import remember_opened_report
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of
from louzhang.areas.queries import setting
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, TransitionRefused
from louzhang.kit import clock, codes
from louzhang.kit.lifecycle import Transition
from louzhang.notices.queries import count_unread, notices_at
from louzhang.shell.parts import Verb
from louzhang.workorders.actions.answering import refuse_late
from louzhang.workorders.lifecycle import LOOP, Relation, State
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.queries import find_order, moved_to, timeline, voices_elsewhere
from louzhang.workorders.queries.phone_lists import count_lively, find_by_code, my_orders, my_reports
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.places import area_remembered, place_at, place_of
from louzhang.workorders.queries.speakers import speakers_of, speakers_of_voices
from louzhang.workorders.views import phone_acting, telling
from louzhang.workorders.views.phone_paging import page_asked_for
from louzhang.workorders.views.reporting import PLACE_COOKIE, paused_words, remember_place

WRONG_CODE = "没有找到这个查询码。请核对回执上的十位字母和数字，不分大小写。"
# Verbs with a window since the answer or the close, and the setting that says how many days.
WINDOWS = {"rate": "rating_days", "reopen": "reopen_days"}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What a resident can do here: report, see one's own matters, open one by its code."""
    actor, at = actor_of(request), clock.now()
    home_area = area_remembered(request.COOKIES.get(PLACE_COOKIE, ""))
    context = {
        "count": count_lively(actor),
        "unread": count_unread(actor),
        "home_area": home_area,
        "notices": notices_at(home_area, at),
        "hotline": setting("hotline", at),
        "paused": paused_words(actor, at),
    }
    return render(request, "workorders/phone/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def home_place(request: HttpRequest) -> HttpResponse:
    """Choose the own building on this phone: its notices stand on the home page, and a report begins there."""
    given = request.POST if request.method == "POST" else request.GET
    place = place_of(given.get("community", ""), given.get("building", ""), given.get("stairwell", ""))
    if request.method == "POST" and place.area is not None and "go" not in request.POST:
        response = redirect("phone:home")
        remember_place(request, response, PLACE_COOKIE, place.area)
        return response
    wrong = request.method == "POST" and "go" not in request.POST
    if request.method != "POST":
        place = place_at(request.COOKIES.get(PLACE_COOKIE, ""))
    context = {"place": place, "given": given, "wrong": wrong, "errors": {}}
    return render(request, "workorders/phone/home_place.html", context, status=400 if wrong else 200)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The matters of this person or phone, newest first."""
    at = clock.now()
    page = page_asked_for(request, my_orders(actor_of(request)))
    places = spoken_places(order.area for order in page.rows)
    lines = [
        telling.own_line(order, places[order.area_id], reverse("phone:one", args=[order.number]), at)
        for order in page.rows
    ]
    return render(request, "workorders/phone/mine.html", {"lines": lines, "page": page, "now": at})


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """A tracking code opens its report on this phone for 30 days; trying codes is limited."""
    typed = request.POST.get("code", "")[:60]
    if request.method != "POST":
        return render(request, "workorders/phone/code.html", {"typed": ""})
    address = neighbourhood(client_address(request))
    refuse_too_often({"tracking.device": actor_of(request).device, "tracking.address": address}, clock.now())
    normal = codes.normal_tracking_code(typed)
    report = find_by_code(normal) if normal else None
    if report is None:
        return render(request, "workorders/phone/code.html", {"typed": typed, "wrong": WRONG_CODE}, status=404)
    response = redirect("phone:one", report.order.number)
    remember_opened_report(request, response, report.pk)
    return response


@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One matter of the reporter: where it stands, what was done, what can be said now."""
    return show_one(request, own_order(actor_of(request), number))


def own_order(actor: Actor, number: str) -> WorkOrder:
    """An order the actor has reported; raises `NotThere` for any other, seen or unseen.

    By the number it was filed under it is found as well where the report goes on in another order.
    """
    order = find_order(actor, number)
    if (order is None or Relation.REPORTER not in order.relations_now) and (goes_on := moved_to(actor, number)):
        order = find_order(actor, goes_on)
    if order is None or Relation.REPORTER not in order.relations_now:
        raise NotThere("没有找到这件事。请核对工单号，或在首页输入查询码。")
    return order


def show_one(request: HttpRequest, order: WorkOrder, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of one matter, also after a refused step (`refused`, `typed`)."""
    actor, at = actor_of(request), clock.now()
    reports = my_reports(order, actor)
    moments = timeline(order, actor, reports)
    speakers = speakers_of(moment.event for moment in moments)
    entries = telling.resident_entries(moments, speakers, reports, actor, at)
    moved = list(voices_elsewhere(reports).values())
    context = {
        "order": order,
        "title": telling.title_of(order),
        "place": spoken_places([order.area])[order.area_id],
        "steps": telling.steps_of(order, at),
        "entries": [*entries, *telling.resident_entries(moved, speakers_of_voices(moved), reports, actor, at)],
        "documents": telling.documents_of([*moments, *moved], actor, at),
        "neighbours": order.report_count - len(reports),
        "is_late": order.promised_at < at and order.paused_at is None,
        "review_day": telling.day_words(order.shelved_until) if order.shelved_until else "",
        "is_urged": _urged_today(reports, at),
        "hotline": setting("hotline", at),
        "rated": next((report for report in reports if report.rated_at), None),
        "verbs": [_verb(transition, order) for transition in verbs_of_reporter(order, reports, at)],
        "now": at,
        **more,
    }
    return render(request, "workorders/phone/one.html", context, status=status)


def verbs_of_reporter(order: WorkOrder, reports: list[Report], at: datetime) -> list[Transition]:
    """What the reporter may do now, the main one first; what is past its window is left out."""
    allowed = [verb for verb in LOOP.allowed(order.status, {Relation.REPORTER}) if not order.bar_on(verb.verb)]
    open_now = [transition for transition in allowed if _is_timely(transition.verb, order, reports, at)]
    if any(transition.verb == "rate" for transition in open_now):  # its 未解决 opens the matter again
        open_now = [transition for transition in open_now if transition.verb != "reopen"]
    return sorted(open_now, key=lambda transition: not transition.is_main)


def _is_timely(verb: str, order: WorkOrder, reports: list[Report], at: datetime) -> bool:
    if verb == "rate" and all(report.rated_at for report in reports):
        return False
    if verb == "withdraw" and order.report_count > 1:
        return False
    if verb == "urge":
        return not _urged_today(reports, at)
    if verb not in WINDOWS:
        return True
    try:
        refuse_late(order, setting(WINDOWS[verb], at), at, "")
    except TransitionRefused:
        return False
    return True


def _urged_today(reports: list[Report], at: datetime) -> bool:
    today = clock.local_date(at)
    return any(report.urged_at and clock.local_date(report.urged_at) == today for report in reports)


SPOKEN = {"urge": "催一催", "rate": "去评价", "reopen": "重新办理", "withdraw": "撤回", "comment": "补充说明"}


def _verb(transition: Transition, order: WorkOrder) -> Verb:
    kind = "main" if transition.is_main else "danger" if transition.is_grave else "plain"
    url = reverse("phone:act", args=[order.number, transition.verb])
    return Verb(label=SPOKEN.get(transition.verb, transition.label), url=url, kind=kind)


RESIDENT = phone_acting.Face(
    name="phone",
    template="workorders/phone/act.html",
    verbs=frozenset(SPOKEN),
    labels=SPOKEN,
    said={
        "rate": "谢谢您的评价。",
        "reopen": "已重新办理，会再给您答复。",
        "withdraw": "已撤回。",
        "comment": "已补充，办理的人能看到。",
        "urge": "已催办，办理的单位会马上看到。",
    },
    said_when={
        ("rate", State.TAKEN): "您说还没有解决，这件事已交回承办单位重新办理，办好了再给您答复。",
        ("rate", State.ACCEPTED): "您说还没有解决，这件事已由社区重新安排，办好了再给您答复。",
    },
    find=own_order,
    show=show_one,
)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Rate, open again, withdraw or add words."""
    return phone_acting.act(request, RESIDENT, number, verb)


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Stars, solved or not, words; unsolved opens the matter again."""
    return phone_acting.act(request, RESIDENT, number, "rate")
