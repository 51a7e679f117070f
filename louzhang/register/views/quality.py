"""核对: figures of what may be wrong in the register, each opening exactly its rows."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock, paging
from louzhang.register.queries.duplicates import MOST as MOST_PAIRS
from louzhang.register.queries.quality import FAULT_BY_KEY, FAULTS, Fault, count_faults, lines_of_rows, rows_with
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.views.tabs import register_tabs

SIZE = 50


@require_safe
@for_keepers
def quality(request: HttpRequest) -> HttpResponse:
    """All figures, grouped by what is the matter."""
    counts = count_faults(actor_of(request), clock.local_date(clock.now()))
    groups = [
        _group(label, [_stat(fault, counts) for fault in faults])
        for label, faults in groupby(FAULTS, lambda each: each.group)
    ]
    note = f"只数到 {MOST_PAIRS} 对。" if counts["duplicates"] >= MOST_PAIRS else ""
    twice = {
        "label": "可能重复的登记",
        "value": counts["duplicates"],
        "note": f"{note}一对一对看，是同一个人就合并。",
        "url": reverse("register:duplicates"),
    }
    context = {
        "groups": [*groups, _group("重复", [twice])],
        "counts": counts,
        "tabs": register_tabs(request),
        "back_url": reverse("register:houses"),
    }
    return page(request, "register/desk/quality.html", context)


def _group(label: str, stats: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]], list[str]]:
    """A heading with the figures that ask for something, and the names of those that are nought."""
    return label, [stat for stat in stats if stat["value"]], [stat["label"] for stat in stats if not stat["value"]]


def _stat(fault: Fault, counts: dict[str, int]) -> dict[str, Any]:
    url = reverse("register:quality_list", args=[fault.key])
    return {"label": fault.label, "value": counts[fault.key], "note": f"共 {counts[fault.kind]}", "url": url}


@require_safe
@for_keepers
def behind(request: HttpRequest, key: str) -> HttpResponse:
    """The rows behind one figure, a page at a time."""
    fault = FAULT_BY_KEY.get(key)
    if fault is None:
        raise NotThere("没有这一项，请回到核对页重新选。")
    actor = actor_of(request)
    rows = rows_with(fault, actor, clock.local_date(clock.now()))
    try:
        found = paging.page_of(rows, cursor=request.GET.get("cursor"), size=SIZE, order=("id",))
    except paging.BadCursor:
        found = paging.page_of(rows, cursor=None, size=SIZE, order=("id",))
    context = {
        "fault": fault,
        "lines": lines_of_rows(fault.kind, found.rows, actor),
        "previous": f"?cursor={found.previous_cursor}" if found.has_previous else "",
        "following": f"?cursor={found.next_cursor}" if found.has_next else "",
        "back_url": reverse("register:quality"),
    }
    return page(request, "register/desk/quality_list.html", context)
