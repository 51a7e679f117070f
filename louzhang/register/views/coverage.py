"""到岗: who holds which net of a place, before and now, and the places nobody holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.office_places import places_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.kit import clock, paging
from louzhang.kit.typed import number_of
from louzhang.register.queries.coverage import (
    NET_BY_KEY,
    NETS,
    Net,
    NetDay,
    NetLine,
    coverage_of,
    places_lacking,
)
from louzhang.register.queries.offices import Ward, ward_of
from louzhang.register.scope import keeps_area
from louzhang.register.views.frame import page
from louzhang.register.views.tabs import register_tabs
from louzhang.shell.parts import Item

SIZE = 50
LACKS = {"holder": "没有人", "stand_in": "没有替岗"}
USUAL = timedelta(days=90)


@require_safe
@for_roles(*OFFICE_ROLES)
def coverage(request: HttpRequest) -> HttpResponse:
    """The nets of one place on two days, and one list of gaps."""
    actor, today = actor_of(request), clock.local_date(clock.now())
    ward = ward_of(actor, number_of(request.GET.get("area")))
    since = min(_day(request.GET.get("since")) or today - USUAL, today)
    found = coverage_of(ward.area, since, today)
    widest = next((line.net for line in found.lines if line.without), NETS[0])
    net = NET_BY_KEY.get(request.GET.get("net", ""), widest)
    lack = request.GET.get("lack", "") if request.GET.get("lack") in LACKS else "holder"
    asked: dict[str, Any] = {"area": ward.area.pk, "since": since.isoformat()}
    context = {
        "ward": ward,
        "places": [(area.pk, label) for area, label in places_of(actor)],
        "since": since,
        "today": today,
        "coverage": found,
        "finest": [
            _finest("以前每人负责", found.finest_before, "before"),
            _finest("现在每人负责", found.finest_now, "now"),
        ],
        "lines": [(line, _links(asked, line.net)) for line in found.lines],
        "net": net,
        "lack_label": LACKS[lack],
        "is_stand_in": lack == "stand_in",
        "nets": [
            Item(label=each.name, url=f"?{urlencode(asked | {'net': each.key, 'lack': lack})}", current=each is net)
            for each in NETS
        ],
        "lacks": [
            Item(label=label, url=f"?{urlencode(asked | {'net': net.key, 'lack': key})}", current=key == lack)
            for key, label in LACKS.items()
        ],
        "tabs": register_tabs(request),
        **_gaps(request, ward, net, lack, today, asked),
    }
    return page(request, "register/desk/coverage.html", context)


def _finest(label: str, line: NetLine | None, day: str) -> dict[str, str]:
    """People for each holder of the finest net in which nobody is left out."""
    if line is None:
        return {"label": label, "value": "没有全覆盖", "note": "还没有一张网让每位居民都有人负责"}
    on: NetDay = getattr(line, day)
    return {"label": label, "value": f"{on.density} 人", "note": f"{on.holders} 名{line.net.holder}，人人有人负责"}


def _links(asked: dict[str, Any], net: Net) -> dict[str, str]:
    return {lack: f"?{urlencode(asked | {'net': net.key, 'lack': lack})}#gaps" for lack in LACKS}


def _gaps(request: HttpRequest, ward: Ward, net: Net, lack: str, today: date, asked: dict[str, Any]) -> dict[str, Any]:
    rows = places_lacking(ward.area, net, today, stand_in=lack == "stand_in")
    try:
        found: paging.Page[Area] = paging.page_of(rows, cursor=request.GET.get("cursor"), size=SIZE, order=("id",))
    except paging.BadCursor:
        found = paging.page_of(rows, cursor=None, size=SIZE, order=("id",))
    places = spoken_places(found.rows)
    actor = actor_of(request)
    query = urlencode(asked | {"net": net.key, "lack": lack})
    opens = net.key == "building"
    return {
        "gaps": [
            (places[area.pk], reverse("register:house", args=[area.pk]) if opens and keeps_area(actor, area) else "")
            for area in found.rows
        ],
        "previous": f"?{query}&cursor={found.previous_cursor}#gaps" if found.has_previous else "",
        "following": f"?{query}&cursor={found.next_cursor}#gaps" if found.has_next else "",
    }


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None
