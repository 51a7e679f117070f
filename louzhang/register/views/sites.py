"""设施点位 and 单位商户: lists, the map, one of them, entered, corrected, checked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.views.settings_frame import turning
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotYours
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor
from louzhang.register.actions.sites import (
    check_site,
    correct_firm,
    correct_site,
    end_firm,
    end_site,
    enter_firm,
    enter_site,
    reveal_firm,
)
from louzhang.register.forms.sites import CheckSiteForm, FirmForm, SiteForm, standing
from louzhang.register.models import SiteKind
from louzhang.register.queries.histories import history_of
from louzhang.register.queries.sites import find_firm, find_site, list_firms, list_sites, points_of_sites
from louzhang.register.scope import keeping_seats, keeps_area
from louzhang.register.views.acts import act, went
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell.parts import Item

REASONS = ("上门前联系", "检查设施", "紧急情况")


@require_safe
@for_keepers
def sites(request: HttpRequest) -> HttpResponse:
    """Sites as a list and on a map; `?kind=` and `?due=1` in the URL."""
    actor, at = actor_of(request), clock.now()
    kind, is_due = _wanted(request)
    due = clock.local_date(at) if is_due else None
    try:
        found = list_sites(actor, kind=kind, due=due, cursor=request.GET.get("cursor"))
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    places = spoken_places(site.area for site in found.rows)
    query = f"?kind={kind}&due={'1' if is_due else ''}"
    context = {
        "rows": [(site, places[site.area_id]) for site in found.rows],
        "today": clock.local_date(at),
        "filters": _filters(kind, is_due=is_due),
        "points_url": f"{reverse('register:site_points')}{query}",
        "may_enter": bool(keeping_seats(actor)),
        "back_url": reverse("register:houses"),
        **turning(found, kind=kind, due="1" if is_due else ""),
    }
    return page(request, "register/sites.html", context)


def _wanted(request: HttpRequest) -> tuple[str, bool]:
    kind = request.GET.get("kind", "")
    return (kind if kind in SiteKind.values else ""), request.GET.get("due") == "1"


def _filters(kind: str, *, is_due: bool) -> list[Item]:
    url = reverse("register:sites")
    kept = "&due=1" if is_due else ""
    chips = [
        Item(label=label, url=url if kind == key else f"{url}?kind={key}{kept}", current=kind == key)
        for key, label in SiteKind.choices
    ]
    return [*chips, Item(label="该检查的", url=url if is_due else f"{url}?due=1&kind={kind}", current=is_due)]


@require_safe
@for_keepers
def site_points(request: HttpRequest) -> HttpResponse:
    """The positions of the list as GeoJSON."""
    kind, is_due = _wanted(request)
    today = clock.local_date(clock.now())
    found = points_of_sites(actor_of(request), kind=kind, due=today if is_due else None)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [site.longitude, site.latitude]},
            "properties": {
                "title": f"{site.get_kind_display()}：{site.name}",
                "url": reverse("register:site", args=[site.uid]),
                "kind": "overdue" if site.check_due_on and site.check_due_on < today else "plain",
            },
        }
        for site in found
    ]
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@for_keepers
def site(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One site: keeper, checks, where it is, what happened."""
    actor, at = actor_of(request), clock.now()
    found = find_site(actor, uid)
    context = {
        "site": found,
        "place": spoken_places([found.area])[found.area_id],
        "may_change": found.ended_at is None and keeps_area(actor, found.area),
        "today": clock.local_date(at),
        "history": history_of(found),
        "back_url": reverse("register:sites"),
    }
    return page(request, "register/site.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def site_add(request: HttpRequest) -> HttpResponse:
    """Enter a site."""
    actor = _keeper(request)
    form = SiteForm(request.POST or None, actor=actor, initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], at: datetime) -> str:
        area = _area(said.pop("area"))
        return reverse("register:site", args=[enter_site(area=area, actor=actor, at=at, **said).uid])

    back = reverse("register:sites")
    return act(request, form, do, label="登记点位", back=back, said="点位已登记。", template="register/site_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def site_change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct a site."""
    actor = actor_of(request)
    found = find_site(actor, uid)
    first = {"entry_id": uuid4(), **standing(found)}
    form = SiteForm(request.POST or None, actor=actor, is_new=False, initial=first)
    back = reverse("register:site", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        correct_site(site_id=found.pk, actor=actor, at=at, **said)
        return back

    return act(
        request,
        form,
        do,
        label="改点位",
        about=found.name,
        back=back,
        said="已改。",
        template="register/site_form.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def site_check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It was looked at."""
    actor = actor_of(request)
    found = find_site(actor, uid)
    back = reverse("register:site", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        check_site(site_id=found.pk, actor=actor, at=at, **said)
        return back

    form = CheckSiteForm(request.POST or None, initial={"entry_id": uuid4()})
    return act(request, form, do, label="检查过了", about=found.name, back=back, said="检查已记下。")


@require_POST
@for_keepers
def site_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is there no more."""
    actor = actor_of(request)
    end_site(site_id=find_site(actor, uid).pk, actor=actor, at=clock.now())
    return went(request, reverse("register:sites"), "点位已撤掉。")


@require_safe
@for_keepers
def firms(request: HttpRequest) -> HttpResponse:
    """Firms with whom to ask for there, the number masked."""
    try:
        found = list_firms(actor_of(request), cursor=request.GET.get("cursor"))
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    places = spoken_places(firm.area for firm in found.rows)
    context = {
        "rows": [(firm, places[firm.area_id]) for firm in found.rows],
        "may_enter": bool(keeping_seats(actor_of(request))),
        "back_url": reverse("register:sites"),
        **turning(found),
    }
    return page(request, "register/firms.html", context)


@require_safe
@for_keepers
def firm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One firm."""
    return _show_firm(request, uid)


@sensitive_post_parameters()
@require_POST
@for_keepers
def firm_reveal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The number of its contact, with a reason that is logged."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "")
    plain = reveal_firm(firm_id=find_firm(actor, uid).pk, reason=reason, actor=actor, at=clock.now())
    return _show_firm(request, uid, plain=plain)


def _show_firm(request: HttpRequest, uid: UUID, **more: str) -> HttpResponse:
    found = find_firm(actor_of(request), uid)
    context = {
        "firm": found,
        "place": spoken_places([found.area])[found.area_id],
        "reasons": REASONS,
        "history": history_of(found),
        "back_url": reverse("register:firms"),
        **more,
    }
    return page(request, "register/firm.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def firm_add(request: HttpRequest) -> HttpResponse:
    """Enter a firm."""
    actor = _keeper(request)

    def do(said: dict[str, Any], at: datetime) -> str:
        made = enter_firm(area=_area(said.pop("area")), actor=actor, at=at, **said)
        return reverse("register:firm", args=[made.uid])

    form = FirmForm(request.POST or None, actor=actor, initial={"entry_id": uuid4()})
    return act(request, form, do, label="登记单位商户", back=reverse("register:firms"), said="已登记。")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def firm_change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct a firm; contact and phone stay where nothing is typed."""
    actor = actor_of(request)
    found = find_firm(actor, uid)
    back = reverse("register:firm", args=[uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        correct_firm(firm_id=found.pk, actor=actor, at=at, **said)
        return back

    first = {"entry_id": uuid4(), "name": found.name, "trade": found.trade}
    form = FirmForm(request.POST or None, actor=actor, is_new=False, initial=first)
    return act(request, form, do, label="改单位商户", about="联系人和电话留空就不改。", back=back, said="已改。")


@require_POST
@for_keepers
def firm_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A firm has left; its contact goes."""
    actor = actor_of(request)
    end_firm(firm_id=find_firm(actor, uid).pk, actor=actor, at=clock.now())
    return went(request, reverse("register:firms"), "已撤掉，联系人和电话已删除。")


def _keeper(request: HttpRequest) -> Actor:
    """Who keeps the register of some place; raises `NotYours` for those who only look."""
    actor = actor_of(request)
    if not keeping_seats(actor):
        raise NotYours("点位和单位商户由楼长、网格员和社区登记，您可以查看。")
    return actor


def _area(area_id: int) -> Area:
    """One of the places the form offered."""
    area: Area = Area.objects.select_related("level").get(pk=area_id)
    return area
