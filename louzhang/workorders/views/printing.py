"""Paper: the work order on one A4, the slip for whoever reported."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.queries import setting
from louzhang.workorders.models import Handling, WorkOrder
from louzhang.workorders.queries import hidden_reporters, reports_of, timeline, voices_elsewhere
from louzhang.workorders.queries.addressees import holder_of
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.speakers import speakers_of
from louzhang.workorders.views.desk import for_desk, order_of
from louzhang.workorders.views.orders import reporter_of
from louzhang.workorders.views.rows import where_of
from louzhang.workorders.views.telling import photos_of, staff_entries

PHOTOS_ON_PAPER = 4
MOMENTS_ON_PAPER = 8
VOICES_ON_PAPER = 6


@require_safe
@for_desk
def work_order(request: HttpRequest, number: str) -> HttpResponse:
    """工单 on one A4: contacts stay masked, every reporter's name hidden."""
    order = order_of(request, number)
    actor, at = actor_of(request), visit_of(request).at
    moments = timeline(order, actor)
    voices = reports_of(order, actor)
    moved = voices_elsewhere(voices[:VOICES_ON_PAPER])
    entries = staff_entries(
        moments, speakers_of(m.event for m in moments), hidden_reporters(order, voices, (), moments), actor, at
    )
    photos = [photo for moment in moments for photo in photos_of(moment.attachments, actor, at)]
    context = {
        "order": order,
        "words": str(moments[0].spoken.get("words", "")) if moments else "",
        "where": where_of(order, spoken_places([order.area]).get(order.area_id, "")),
        "holder": holder_of(order, at),
        "voices": [reporter_of(order, voice, actor, {}) for voice in voices[:VOICES_ON_PAPER]],
        "voice_count": len(voices),
        "others": [str(moment.spoken.get("words", "")) for moment in moved.values()],
        "entries": entries[:MOMENTS_ON_PAPER],
        "photos": [photo for photo in photos if photo.state == "ready"][:PHOTOS_ON_PAPER],
        "now": at,
        "back_url": reverse("desk:order", args=[order.number]),
    }
    return render(request, "workorders/desk/print_order.html", context)


@require_safe
@for_desk
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """回执 for a reporter, without the tracking code: that is told only right after filing."""
    order = order_of(request, number)
    return slip_page(request, order, number=order.number, promised_at=order.promised_at)


def slip_page(
    request: HttpRequest, order: WorkOrder | None, *, number: str, promised_at: Any, code: str = "", back_url: str = ""
) -> HttpResponse:
    """Number, promised time, whom to call; the code where it was just made.

    The slip of a guarded matter does not say what it is about: it may lie on a table at home.
    """
    at = visit_of(request).at
    office = getattr(order.desk_area, "office", None) if order is not None else None
    context = {
        "order": order,
        "number": number,
        "promised_at": promised_at,
        "code": code,
        "office": office,
        "is_guarded": order is not None and order.category.handling == Handling.GUARDED,
        "hotline": setting("hotline", at),
        "now": at,
        "back_url": back_url or reverse("desk:order", args=[number]),
    }
    return render(request, "workorders/desk/slip.html", context)
