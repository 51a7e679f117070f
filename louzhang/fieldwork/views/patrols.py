"""巡查 on the phone: routes, the round of today, a point by its plate, a fault; and without a signal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.actions.patrols import break_off, confirm_point, find_point, report_fault
from louzhang.fieldwork.forms.patrols import (
    CONFIRM,
    FAULT,
    BreakOffForm,
    ConfirmForm,
    FaultForm,
    places_for_routes,
)
from louzhang.fieldwork.models import Point, Way
from louzhang.fieldwork.queries.patrols import (
    counted_day,
    find_patrol,
    find_route,
    may_lay,
    own_points,
    point_by_code,
    points_of,
    reasons_in,
    round_today,
    rounds_of,
    routes_seen,
    scenes_on,
    spot_of,
    stops_of,
)
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock, codes
from louzhang.register.views.acts import act, bound
from louzhang.register.views.doorstep import for_field, taken_here
from louzhang.register.views.frame import for_keepers, page
from louzhang.workorders.views.uploads import entry_fields, picker, with_plain_files

FAULT_PHOTOS = f"{FAULT}-photos"


@require_safe
@for_keepers
def routes(request: HttpRequest) -> HttpResponse:
    """The routes of one's places, those due today on top."""
    actor, today = actor_of(request), clock.local_date(clock.now())
    dues = routes_seen(actor, today)
    places = spoken_places(due.route.area for due in dues)
    context = {
        "rows": [(due, places[due.route.area_id]) for due in dues],
        "may_lay": bool(places_for_routes(actor)),
        "scenes": scenes_on(today),
        "counted": counted_day(actor, today),
        "back_url": reverse("fieldwork_field:today"),
    }
    return page(request, "fieldwork/patrols/routes.html", context)


@require_safe
@for_keepers
def route(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One route: the round of today stop by stop, and the rounds before."""
    actor, at = actor_of(request), clock.now()
    found = find_route(actor, uid)
    today = clock.local_date(at)
    patrol = round_today(actor, found, today)
    stops = stops_of(points_of(found), patrol)
    done = sum(stop.done is not None for stop in stops)
    context = {
        "route": found,
        "place": spoken_places([found.area])[found.area_id],
        "patrol": patrol,
        "stops": stops,
        "done": done,
        "next_stop": next((stop for stop in stops if stop.done is None), None),
        "rounds": rounds_of(actor, found),
        "may_lay": may_lay(actor, found),
        "back_url": reverse("patrols:list"),
    }
    return page(request, "fieldwork/patrols/route.html", context)


@require_safe
@for_keepers
def patrol(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round: which stops were walked to, how, and what was said."""
    found = find_patrol(actor_of(request), uid)
    reasons, broken = reasons_in(found)
    stops = stops_of(points_of(found.route), found)
    context = {
        "patrol": found,
        "stops": [(stop, reasons.get(stop.point.pk, "")) for stop in stops],
        "broken": broken,
        "back_url": reverse("patrols:route", args=[found.route.uid]),
    }
    return page(request, "fieldwork/patrols/patrol.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """The address on a plate: whoever walks here confirms with one tap; nobody else learns anything."""
    normal = codes.normal_plate_code(code)
    if normal is None:
        raise NotThere("没有这个码，请照牌子再看一眼。")
    point = point_by_code(actor_of(request), normal)
    return _stop_page(request, point, way=Way.CODE, code=normal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def stop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One stop: confirmed by its code, by the phone's own comparison, or with a reason."""
    return _stop_page(request, find_point(actor_of(request), uid), way="", code="")


def _stop_page(request: HttpRequest, point: Point, *, way: str, code: str) -> HttpResponse:
    actor = actor_of(request)
    form = ConfirmForm(bound(request), initial={"entry_id": uuid4(), "way": way or Way.CODE, "code": code})
    back = reverse("patrols:route", args=[point.route.uid])

    def do(said: dict[str, Any], at: Any) -> str:
        confirm_point(uid=point.uid, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return back

    more = {"point": point, "place": spoken_places([point.area])[point.area_id], "spot": spot_of(point), "code": code}
    template = "fieldwork/patrols/stop.html"
    return act(request, form, do, label="到了", about=point.name, back=back, said="到点位，已记下。", template=template,
               **more)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def fault(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A fault at a stop: an order at once."""
    actor = actor_of(request)
    point = find_point(actor, uid)
    form = FaultForm(_with_files(request, actor), initial={"entry_id": uuid4()})
    back = reverse("patrols:route", args=[point.route.uid])

    def do(said: dict[str, Any], at: Any) -> str:
        entry_id = form.cleaned_data["entry_id"]
        return reverse(
            "field:one",
            args=[report_fault(uid=point.uid, fault=form.fault(), actor=actor, at=at, entry_id=entry_id).number],
        )

    chosen = request.POST.getlist("photos")
    return act(
        request, form, do, label="发现问题", about=point.name, back=back, said="已变成工单，地点填好了。",
        template="fieldwork/patrols/fault.html", **picker(actor, clock.now(), chosen),
    )  # fmt: skip


def _with_files(request: HttpRequest, actor: Actor) -> QueryDict | None:
    """What the form was sent, the plain files of a browser without scripts kept before."""
    return with_plain_files(request, request.POST.copy(), actor, clock.now()) if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def leave_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """So far today."""
    actor = actor_of(request)
    found = find_patrol(actor, uid)
    form = BreakOffForm(bound(request), initial={"entry_id": uuid4()})
    back = reverse("patrols:route", args=[found.route.uid])

    def do(said: dict[str, Any], at: Any) -> str:
        break_off(uid=uid, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return back

    return act(
        request, form, do, label="先走到这里", about=found.route.name, back=back, said="记下了，路线还在清单上。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def out(request: HttpRequest) -> HttpResponse:
    """Without a signal: a stop by its list and code, or a fault; what a phone keeps of it is places alone."""
    actor, at = actor_of(request), clock.now()
    posted: dict[str, str] = {}
    if request.method == "POST":
        posted, unkept = entry_fields(request, actor, at, names=[FAULT_PHOTOS])
        posted |= {"refused": unkept.message} if unkept is not None else {}
        answer = taken_here(request, posted) if unkept is None else None
        if answer is not None:
            return answer
    kind = posted.get("kind", CONFIRM)
    points = own_points(actor_of(request))
    context = {
        "points": _by_route(points),
        "spots": {str(point.uid): spot_of(point) for point in points},
        "row": posted.get("row", ""),
        "chosen": kind,
        "kinds": [(CONFIRM, "到了"), (FAULT, "发现问题")],
        "confirm": _offline(ConfirmForm, CONFIRM, posted),
        "fault": _offline(FaultForm, FAULT, posted),
        "fault_photos": FAULT_PHOTOS,
        **picker(actor, at, posted.get(FAULT_PHOTOS, "").split(",")),
        "confirm_kind": CONFIRM,
        "fault_kind": FAULT,
        "entry_id": posted.get("entry_id") or uuid4(),
        "seen_at": clock.now().isoformat(),
        "refused": posted.get("refused", ""),
        "batch_url": reverse("register:sync"),
        "back_url": reverse("patrols:list"),
    }
    return page(request, "fieldwork/patrols/out.html", context, status=400 if posted else 200)


def _by_route(points: Sequence[Point]) -> list[tuple[str, list[tuple[str, str]]]]:
    routes = groupby(points, key=lambda point: point.route)
    return [(route.name, [(str(point.uid), point.name) for point in stops]) for route, stops in routes]


def _offline(form: Any, kind: str, posted: dict[str, str]) -> Any:
    """The fields of one kind under its name, so that both stand on one page."""
    return form(data=posted if posted.get("kind") == kind else None, prefix=kind, auto_id=f"id_{kind}_%s")
