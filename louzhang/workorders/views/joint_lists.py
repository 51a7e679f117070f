"""协同办理: lists of parts, disputes, meetings and motions, each with its export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import book_file
from louzhang.areas.views.settings_frame import csv_file
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock, paging
from louzhang.kit.books import book_of
from louzhang.shell.parts import Chip, Item
from louzhang.workorders.actions.exporting import log_export
from louzhang.workorders.lifecycle import MeetingState, PartState
from louzhang.workorders.models import Meeting, Part
from louzhang.workorders.queries.disputes import disputes_of
from louzhang.workorders.queries.meetings import meeting_lines, seen_meetings, seen_motions
from louzhang.workorders.queries.parts import seen_parts
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.views.clock_marks import part_due
from louzhang.workorders.views.desk import desk_page, for_desk, for_offices
from louzhang.workorders.views.rows import rows_of
from louzhang.workorders.views.telling import title_of
from louzhang.workorders.views.together import MEETING_CHIPS, PART_CHIPS, motion_chip

SIZE = 50
ROWS_AT_MOST = 10_000


def _tabs(actor: Actor, here: str) -> list[Item]:
    """The lists that can hold anything for this actor."""
    offered = [("协办", "desk:parts"), ("现场办公", "desk:meetings"), ("议案建议", "desk:motions")]
    if actor.has_role(*OFFICE_ROLES):
        offered.insert(1, ("疑难会商", "desk:disputes"))
    return [Item(label=label, url=reverse(name), current=name == here) for label, name in offered]


def _page(request: HttpRequest, rows: QuerySet[Any], order: tuple[str, ...]) -> paging.Page[Any]:
    try:
        return paging.page_of(rows, cursor=request.GET.get("cursor"), size=SIZE, order=order)
    except paging.BadCursor:
        return paging.page_of(rows, cursor=None, size=SIZE, order=order)


def _shown(request: HttpRequest, name: str, page: paging.Page[Any], lines: Sequence[Any], **more: Any) -> HttpResponse:
    kept = "&all=1" if request.GET.get("all") else ""
    context = {
        "tabs": _tabs(actor_of(request), f"desk:{name}"),
        "lines": lines,
        "previous": f"?cursor={page.previous_cursor}{kept}" if page.has_previous else "",
        "following": f"?cursor={page.next_cursor}{kept}" if page.has_next else "",
        "export_url": reverse("desk:joint_export", args=[name]),
        "shows_all": bool(kept),
        **more,
    }
    return desk_page(request, f"workorders/desk/joint/{name}.html", context)


@require_safe
@for_desk
def parts(request: HttpRequest) -> HttpResponse:
    """Parts in scope, one's own marked: those still open, or all of them; the most pressing first."""
    actor, at = actor_of(request), visit_of(request).at
    page = _page(request, _parts(actor, with_done=bool(request.GET.get("all"))), ("due_at",))
    places = spoken_places(part.order.area for part in page.rows) if page.rows else {}
    lines = [_part_line(part, places.get(part.order.area_id, ""), actor, at) for part in page.rows]
    return _shown(request, "parts", page, lines)


def _parts(actor: Actor, *, with_done: bool) -> QuerySet[Part]:
    rows = seen_parts(actor)
    return rows if with_done else rows.filter(status__in=[PartState.ASKED.value, PartState.TAKEN.value])


def _part_line(part: Part, place: str, actor: Actor, at: datetime) -> dict[str, Any]:
    due = part_due(part, at) if part.is_open else None
    return {
        "part": part,
        "title": title_of(part.order),
        "place": place,
        "chip": Chip(kind=PART_CHIPS[PartState(part.status)], words=part.status_label),
        "is_own": part.unit_id in actor.unit_ids,
        "due": due,
        "tone": due.kind if due and due.kind in ("soon", "overdue") else "",
    }


@require_safe
@for_offices
def disputes(request: HttpRequest) -> HttpResponse:
    """What units keep sending back: the office above decides."""
    actor, at = actor_of(request), visit_of(request).at
    page = _page(request, disputes_of(actor).with_relations(actor), ("id",))
    return _shown(request, "disputes", page, rows_of(page.rows, actor, at), rows=rows_of(page.rows, actor, at))


@require_safe
@for_desk
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings in scope, the latest first."""
    actor = actor_of(request)
    page = _page(request, seen_meetings(actor), ("-held_at",))
    lines = [
        {"line": line, "title": title_of(line.meeting.order), "chip": _meeting_chip(line.meeting)}
        for line in meeting_lines(page.rows, actor)
    ]
    return _shown(request, "meetings", page, lines)


def _meeting_chip(meeting: Meeting) -> Chip:
    return Chip(kind=MEETING_CHIPS[MeetingState(meeting.status)], words=meeting.status_label)


@require_safe
@for_desk
def motions(request: HttpRequest) -> HttpResponse:
    """Motions in scope, the latest first."""
    page = _page(request, seen_motions(actor_of(request)), ("-raised_at",))
    lines = [{"motion": motion, "chip": motion_chip(motion)} for motion in page.rows]
    return _shown(request, "motions", page, lines)


Lines = Iterable[Sequence[str]]


def _part_rows(actor: Actor) -> Lines:
    for part in seen_parts(actor).order_by("due_at", "pk")[:ROWS_AT_MOST]:
        moments = (part.asked_at, part.due_at, part.taken_at, part.replied_at, part.released_at)
        is_promise = "现场承诺" if part.meeting_id else ""
        lead = part.order.lead_unit.name if part.order.lead_unit else ""
        yield (
            part.order.number,
            title_of(part.order),
            lead,
            part.unit.name,
            part.status_label,
            is_promise,
            *_said(moments),
        )


def _dispute_rows(actor: Actor) -> Lines:
    for order in disputes_of(actor)[:ROWS_AT_MOST]:
        counts = (str(order.return_count), str(order.transfer_count))
        yield order.number, title_of(order), order.category.name, order.status_label, *counts


def _meeting_rows(actor: Actor) -> Lines:
    rows = list(seen_meetings(actor).order_by("-held_at", "-pk")[:ROWS_AT_MOST])
    for line in meeting_lines(rows, actor):
        row = line.meeting
        told = (row.order.number, title_of(row.order), row.place, line.units, row.status_label, str(line.promises))
        yield *told, *_said((row.held_at,))


def _motion_rows(actor: Actor) -> Lines:
    for motion in seen_motions(actor).order_by("-raised_at", "-pk")[:ROWS_AT_MOST]:
        moments = (motion.raised_at, motion.submitted_at, motion.answered_at, motion.closed_at)
        yield motion.order.number, motion.title, motion.body, motion.status_label, *_said(moments)


def _said(moments: Iterable[datetime | None]) -> list[str]:
    return [f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else "" for moment in moments]


PART_HEAD = ("单号", "内容", "主办单位", "协办单位", "状态", "来由", "请求", "时限", "签收", "回复", "免除")
DISPUTE_HEAD = ("单号", "内容", "类别", "步骤", "退回次数", "转办次数")
MEETING_HEAD = ("单号", "内容", "地点", "单位", "状态", "承诺项数", "时间")
MOTION_HEAD = ("单号", "标题", "提交给", "状态", "提出", "提交", "答复", "办结")
EXPORTS: dict[str, tuple[str, tuple[str, ...], Callable[[Actor], Lines]]] = {
    "parts": ("协办", PART_HEAD, _part_rows),
    "disputes": ("疑难会商", DISPUTE_HEAD, _dispute_rows),
    "meetings": ("现场办公", MEETING_HEAD, _meeting_rows),
    "motions": ("议案建议", MOTION_HEAD, _motion_rows),
}


@require_POST
@for_desk
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the lists as a file, at most 10,000 rows; logged like every export."""
    if name not in EXPORTS:
        raise NotThere("没有这个列表，请刷新页面。")
    label, head, rows_for = EXPORTS[name]
    chosen = request.POST.get("format", "")
    if chosen not in ("xlsx", "csv"):
        raise InputRefused("请选择导出成 Excel 还是 CSV。", field="format")
    actor, at = actor_of(request), visit_of(request).at
    rows = [list(row) for row in rows_for(actor)]
    log_export(filters=label, count=len(rows), actor=actor, at=at)
    if chosen == "csv":
        return csv_file(label, head, rows)
    return book_file(f"{label}-{clock.local_date(at)}", book_of({label: [list(head), *rows]}))
