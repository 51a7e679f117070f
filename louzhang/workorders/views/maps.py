"""The map of a filtered list, and the list beside it that says the same."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import list_orders
from louzhang.workorders.queries.points import POINTS_AT_MOST, Position, points_of
from louzhang.workorders.views.clock_marks import due_of
from louzhang.workorders.views.desk import counts_of, desk_page, for_desk
from louzhang.workorders.views.filtering import chosen_items, offered_filters, query_of, read_filters, step_items
from louzhang.workorders.views.rows import TIMED, rows_of
from louzhang.workorders.views.telling import title_of

LISTED = 100


@require_safe
@for_desk
def map_page(request: HttpRequest) -> HttpResponse:
    """The map with its filters; without any, what is still open."""
    actor, at = actor_of(request), visit_of(request).at
    filters, has_bad = read_filters(request.GET)
    if not filters.model_dump(exclude_defaults=True):
        filters.step = "open"
    url, query = reverse("desk:map"), query_of(filters)
    orders = list(list_orders(actor, filters).with_relations(actor)[:LISTED])
    context = {
        "rows": rows_of(orders, actor, at),
        "is_more": len(orders) == LISTED,
        "query": query,
        "has_bad_filters": has_bad,
        "points_url": f"{reverse('desk:points')}?{query}",
        "list_url": f"{reverse('desk:orders')}?{query}",
        "step_items": step_items(filters, counts_of(request), url),
        "chosen": chosen_items(filters, offered_filters(actor), url),
        "most": POINTS_AT_MOST,
    }
    return desk_page(request, "workorders/desk/map.html", context)


@require_safe
@for_desk
def points(request: HttpRequest) -> HttpResponse:
    """The positions of the filtered list as GeoJSON, in scope only."""
    filters, _ = read_filters(request.GET)
    found = points_of(actor_of(request), filters)
    at = visit_of(request).at
    response = JsonResponse(
        {
            "type": "FeatureCollection",
            "features": [_feature(order, position, at) for order, position in found.placed],
            "unplaced": found.unplaced,
            "is_cut": found.is_cut,
        }
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _feature(order: WorkOrder, position: Position, at: Any) -> dict[str, Any]:
    due = due_of(order, at)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(position)},
        "properties": {
            "title": f"{order.category.name}：{title_of(order)}"[:80],
            "url": reverse("desk:order", args=[order.number]),
            "kind": "urgent" if order.is_urgent and order.status in TIMED else (due and due.tone) or "plain",
        },
    }
