"""督办: the orders that are supervised, by how far it is, with what was demanded and answered; and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.views.list_files import book_file
from louzhang.areas.views.settings_frame import csv_file
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock, paging
from louzhang.kit.books import book_of
from louzhang.shell.parts import Chip, Item
from louzhang.workorders.actions.exporting import log_export
from louzhang.workorders.lifecycle import SUPERVISION_LABELS, SupervisionState
from louzhang.workorders.models import Supervision
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.supervisions import (
    GROUPS,
    SupervisionLine,
    counted_by_state,
    lines_of,
    supervisions,
)
from louzhang.workorders.views.desk import desk_page, for_desk
from louzhang.workorders.views.rows import where_of
from louzhang.workorders.views.telling import title_of

SIZE = 50
ROWS_AT_MOST = 10_000
ORDER = ("due_date", "id")
GROUP_LABELS = {"standing": "督办中", **{state.value: label for state, label in SUPERVISION_LABELS.items()}}
CHIPS = {
    SupervisionState.ASKED: "supervised",
    SupervisionState.SIGNED: "supervised",
    SupervisionState.REPLIED: "waiting",
    SupervisionState.LIFTED: "closed",
}
HEAD = (
    "单号", "内容", "类别", "地点", "督办单位", "督办要求", "要求回复日期", "承办单位", "督办状态", "督办时间",
    "签收时间", "回复时间", "回复", "解除时间", "工单步骤",
)  # fmt: skip


@require_safe
@for_desk
def supervised(request: HttpRequest) -> HttpResponse:
    """One page of a group, the most pressing first."""
    actor, at = actor_of(request), visit_of(request).at
    group = _group_of(request)
    page = _page(request, group)
    places = spoken_places(row.order.area for row in page.rows) if page.rows else {}
    context = {
        "tabs": _tabs(group, counted_by_state(actor)),
        "lines": [_line(line, places) for line in lines_of(page.rows, at)],
        "group": group,
        "previous": f"?group={group}&cursor={page.previous_cursor}" if page.has_previous else "",
        "following": f"?group={group}&cursor={page.next_cursor}" if page.has_next else "",
    }
    return desk_page(request, "workorders/desk/supervised.html", context)


def _group_of(request: HttpRequest) -> str:
    asked = request.GET.get("group", "")
    return asked if asked in GROUPS else GROUPS[0]


def _page(request: HttpRequest, group: str) -> paging.Page[Supervision]:
    rows = supervisions(actor_of(request), group)
    try:
        return paging.page_of(rows, cursor=request.GET.get("cursor"), size=SIZE, order=ORDER)
    except paging.BadCursor:
        return paging.page_of(rows, cursor=None, size=SIZE, order=ORDER)


def _tabs(here: str, counts: dict[str, int]) -> list[Item]:
    url = reverse("desk:supervised")
    return [
        Item(label=GROUP_LABELS[group], url=f"{url}?group={group}", count=counts[group], current=group == here)
        for group in GROUPS
    ]


def _line(line: SupervisionLine, places: dict[int, str]) -> dict[str, Any]:
    order = line.row.order
    return {
        "line": line,
        "title": title_of(order),
        "where": where_of(order, places.get(order.area_id, "")),
        "chip": Chip(kind=CHIPS[SupervisionState(line.row.status)], words=line.row.status_label),
    }


@require_POST
@for_desk
def export(request: HttpRequest) -> HttpResponseBase:
    """A group as a file, at most 10,000 rows; logged like every export."""
    chosen = request.POST.get("format", "")
    if chosen not in ("xlsx", "csv"):
        raise InputRefused("请选择导出成 Excel 还是 CSV。", field="format")
    actor, at = actor_of(request), visit_of(request).at
    group = _group_of(request)
    found = list(supervisions(actor, group)[:ROWS_AT_MOST])
    rows = list(_cells(lines_of(found, at)))
    label = f"督办-{GROUP_LABELS[group]}"
    log_export(filters=label, count=len(rows), actor=actor, at=at)
    if chosen == "csv":
        return csv_file(label, HEAD, rows)
    return book_file(f"{label}-{clock.local_date(at)}", book_of({"督办": [list(HEAD), *rows]}))


def _cells(lines: list[SupervisionLine]) -> Iterator[list[str]]:
    places = spoken_places(line.row.order.area for line in lines)
    for line in lines:
        row, order = line.row, line.row.order
        unit = order.lead_unit.name if order.lead_unit else order.desk_area.name
        yield [
            order.number,
            title_of(order),
            order.category.name,
            where_of(order, places.get(order.area_id, "")),
            row.asked_area.name,
            line.demand,
            row.due_date.isoformat(),
            unit,
            row.status_label,
            *_said(row.asked_at, row.signed_at, row.replied_at),
            line.reply,
            *_said(row.lifted_at),
            order.status_label,
        ]


def _said(*moments: datetime | None) -> list[str]:
    return [f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else "" for moment in moments]
