"""负担报告 at the desk, on paper and as a workbook; 我的负担 for oneself alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES
from louzhang.areas.views.list_files import book_file
from louzhang.fieldwork.queries.burden import MONTH, WEEK, Burden, burden_of, own_burden, span_around
from louzhang.fieldwork.views.asking_frame import for_askers, page
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.kit.typed import number_of
from louzhang.register.views.frame import page as page_of_face
from louzhang.shell.parts import Item

HEAD = ("任务", "类型", "谁要求的", "户（份）", "填了几次", "分钟", "重复问的", "重复填了几次", "消息")
ASKER_HEAD = ("谁要求的", "任务数", "填了几次", "分钟", "重复问的", "重复填了几次", "消息")
YEARS = range(2000, 3000)


@require_safe
@for_askers
def burden(request: HttpRequest) -> HttpResponse:
    """What campaigns from above cost a place in a week or month."""
    actor = actor_of(request)
    found, asked = _asked(request, actor)
    context = {
        "found": found,
        "span": asked["span"],
        "spans": _spans("asking:burden", asked),
        "places": [(area.pk, label) for area, label in found.places],
        "chosen": asked.get("area", ""),
        "files": [
            Item(label="Excel（xlsx）", url=f"{reverse('asking:burden_file')}?{urlencode(asked)}"),
            Item(label="打印", url=f"{reverse('asking:burden_print')}?{urlencode(asked)}"),
        ],
        **_neighbours("asking:burden", asked, found.since, found.until),
    }
    return page(request, "fieldwork/asking/burden.html", context)


@require_safe
@for_askers
def burden_file(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook."""
    found, _ = _asked(request, actor_of(request))
    askers = [
        [each.asker, each.campaigns, each.entries, each.minutes, each.repeats, each.repeated, each.notices]
        for each in (*found.askers, found.whole)
    ]
    lines = [
        [each.title, each.kind, each.asker, each.households, each.entries, each.minutes, "；".join(each.repeats),
         each.repeated, each.notices]
        for each in found.lines
    ]  # fmt: skip
    sheets = {"按谁要求的": [ASKER_HEAD, *_texts(askers)], "按任务": [HEAD, *_texts(lines)]}
    return book_file(f"负担报告-{found.place}-{found.since}", book_of(sheets))


def _texts(rows: list[list[Any]]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]


@require_safe
@for_askers
def burden_print(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    found, _ = _asked(request, actor_of(request))
    return render(request, "fieldwork/asking/burden_print.html", {"found": found, "now": clock.now()})


@require_safe
@for_roles(*FIELD_ROLES, *OFFICE_ROLES, *UNIT_ROLES)
def own(request: HttpRequest) -> HttpResponse:
    """What I entered this week or month; nobody else opens it."""
    actor = actor_of(request)
    asked = _days(request)
    since, until = span_around(asked["span"], date.fromisoformat(asked["day"]))
    context = {
        "found": own_burden(actor, since, until),
        "spans": _spans("asking_own:burden", asked),
        "back_url": reverse("accounts:account"),
        **_neighbours("asking_own:burden", asked, since, until),
    }
    return page_of_face(request, "fieldwork/asking/own_burden.html", context)


def _asked(request: HttpRequest, actor: Actor) -> tuple[Burden, dict[str, str]]:
    """The place and days of the address."""
    asked = _days(request)
    area_id = number_of(request.GET.get("area"))
    if area_id is not None:
        asked["area"] = str(area_id)
    since, until = span_around(asked["span"], date.fromisoformat(asked["day"]))
    return burden_of(actor, area_id, since, until), asked


def _days(request: HttpRequest) -> dict[str, str]:
    today = clock.local_date(clock.now())
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = today
    span = MONTH if request.GET.get("span") == MONTH else WEEK
    return {"span": span, "day": (day if day.year in YEARS else today).isoformat()}


def _spans(name: str, asked: dict[str, str]) -> list[Item]:
    return [
        Item(label=label, url=f"{reverse(name)}?{urlencode(asked | {'span': span})}", current=asked["span"] == span)
        for span, label in ((WEEK, "按周"), (MONTH, "按月"))
    ]


def _neighbours(name: str, asked: dict[str, str], since: date, until: date) -> dict[str, str]:
    before, after = since - timedelta(days=1), until
    return {
        "before_url": f"{reverse(name)}?{urlencode(asked | {'day': before.isoformat()})}",
        "after_url": f"{reverse(name)}?{urlencode(asked | {'day': after.isoformat()})}",
    }
