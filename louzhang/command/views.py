"""The board of the command centre, for offices of the district and the streets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.command.queries import Share, count_board, count_streets, oldest_open
from louzhang.kit import clock
from louzhang.shell.polling import answers_with_etag
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.views.desk import desk_page
from louzhang.workorders.views.rows import where_of


@for_roles(*OFFICE_ROLES)
def board(request: HttpRequest) -> HttpResponse:
    """Today's numbers, the oldest open orders, the streets, the map."""
    actor, at = actor_of(request), visit_of(request).at
    oldest = oldest_open(actor)
    places = spoken_places(order.area for order in oldest)
    context = {
        "figures": figures(request),
        "oldest": [(order, where_of(order, places[order.area_id])) for order in oldest],
        "streets": count_streets(actor, at),
        "points_url": reverse("desk:points") + "?step=open",
        "outlines_url": reverse("places:outlines"),
    }
    return desk_page(request, "command/board.html", context)


@for_roles(*OFFICE_ROLES)
@answers_with_etag
def numbers(request: HttpRequest) -> HttpResponse:
    """The figures alone, for polling."""
    return render(request, "command/parts/figures.html", {"figures": figures(request)})


def figures(request: HttpRequest) -> list[dict[str, object]]:
    """The six figures as the tiles show them, each with a link to the orders behind it."""
    counted = count_board(actor_of(request), visit_of(request).at)
    orders = reverse("desk:orders")
    today = clock.local_date(visit_of(request).at).isoformat()
    late, urgent = ("overdue" if counted.late else ""), ("urgent" if counted.urgent else "")
    return [
        figure("今天新收", counted.today, f"上周同时 {counted.today_last_week}", f"{orders}?since={today}"),
        figure("正在办", counted.open, "全部未办完", f"{orders}?step=open"),
        figure("超期", counted.late, "签收、联系或办结的时限已过", f"{orders}?step=late", late),
        figure("紧急未办完", counted.urgent, "标为紧急的", f"{orders}?step=open&is_urgent=true", urgent),
        shared("按时办结", counted.settled, counted.settled_before),
        shared("四星以上", counted.satisfied, counted.satisfied_before),
    ]


def figure(label: str, value: object, note: str, url: str = "", tone: str = "") -> dict[str, object]:
    """One tile of the board."""
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone}


def shared(label: str, now: Share, before: Share) -> dict[str, object]:
    """The tile of a share: the percentage, how many cases it stands on, the seven days before."""
    cases = f"近七天 {now.whole} 件" if now.whole else "近七天没有"
    return figure(label, spoken(now), f"{cases}，前七天 {spoken(before)}")


def spoken(share: Share) -> str:
    """A share as people read it, or a dash where there was nothing to count."""
    return f"{share.percent}%" if share.percent is not None else "—"
