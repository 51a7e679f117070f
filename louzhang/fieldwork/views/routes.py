"""Laying out routes: their stops in order, the plates to print; the scenes in which rounds count for the day."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.rights import may_keep_district
from louzhang.areas.views.settings_frame import for_readers, settings_page
from louzhang.fieldwork.actions.routes import (
    add_point,
    change_route,
    drop_point,
    end_route,
    end_scene,
    lay_route,
    open_scene,
    raise_point,
)
from louzhang.fieldwork.forms.patrols import PointForm, RouteForm, SceneForm, places_for_routes
from louzhang.fieldwork.models import Route
from louzhang.fieldwork.queries.patrols import all_scenes, find_route, may_lay, point_seen, points_of
from louzhang.journal.actor import Actor
from louzhang.journal.forms import first_refusal
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.qr import picture_of
from louzhang.register.views.acts import act, bound, tapped, went
from louzhang.register.views.frame import for_keepers

ONLY = "巡查路线由网格员、网格长和社区来定，您可以照着走。"


def _layer(request: HttpRequest) -> list[tuple[str, str]]:
    places = places_for_routes(actor_of(request))
    if not places:
        raise NotYours(ONLY)
    return places


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def lay(request: HttpRequest) -> HttpResponse:
    """A new route."""
    actor = actor_of(request)
    form = RouteForm(
        bound(request), places=_layer(request), initial={"entry_id": uuid4(), "every_days": 1, "radius": 50}
    )

    def do(said: dict[str, Any], at: Any) -> str:
        area = Area.objects.select_related("level").get(pk=said["area"])
        made = lay_route(area=area, draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return reverse("patrols:points", args=[made.uid])

    return act(request, form, do, label="定一条路线", back=reverse("patrols:list"), said="路线定好了，请加点位。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Name, rhythm, radius."""
    actor, route = actor_of(request), _own_route(request, uid)
    first = {"entry_id": uuid4(), "name": route.name, "every_days": route.every_days,
             "times_a_week": route.times_a_week, "radius": route.radius}  # fmt: skip
    form = RouteForm(bound(request), initial=first)
    back = reverse("patrols:points", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        change_route(uid=uid, draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    return act(request, form, do, label="改路线", about=route.name, back=back, said="已改。")


def _own_route(request: HttpRequest, uid: UUID) -> Route:
    route = find_route(actor_of(request), uid)
    if not may_lay(actor_of(request), route):
        raise NotYours(ONLY)
    return route


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def points(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The stops of a route in their order; one more at the end."""
    actor, route = actor_of(request), _own_route(request, uid)
    form = PointForm(bound(request), route=route, initial={"entry_id": uuid4()})
    here = reverse("patrols:points", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        add_point(uid=uid, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    stops = points_of(route)
    more: dict[str, Any] = {"route": route, "stops": stops, "place": spoken_places([route.area])[route.area_id]}
    return act(
        request, form, do, label="加一处", back=reverse("patrols:route", args=[uid]), said="加上了。",
        template="fieldwork/patrols/points.html", **more,
    )  # fmt: skip


@require_POST
@for_keepers
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A stop is taken off."""
    return _tap(request, uid, drop_point, "已从路线上拿掉。")


@require_POST
@for_keepers
def up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A stop comes one place earlier."""
    return _tap(request, uid, raise_point, "往前排了一位。")


def _tap(request: HttpRequest, uid: UUID, action: Any, said: str) -> HttpResponse:
    actor = actor_of(request)
    point = point_seen(actor, uid)
    back = reverse("patrols:points", args=[point.route.uid])
    return tapped(request, back, lambda: action(uid=uid, actor=actor, at=clock.now()), said)


@require_POST
@for_keepers
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Nobody walks it any more."""
    actor = actor_of(request)
    return tapped(
        request, reverse("patrols:list"), lambda: end_route(uid=uid, actor=actor, at=clock.now()), "路线已停用。"
    )


@require_safe
@for_keepers
def plates(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The plates of a route, one A6 each: what it is called, the code to scan, the code to type."""
    route = _own_route(request, uid)
    rows = []
    for point in points_of(route):
        address = request.build_absolute_uri(reverse("patrols:plate", args=[point.code]))
        rows.append((point, picture_of(address, title=f"{point.name} 的码")))
    context = {
        "route": route,
        "rows": rows,
        "place": spoken_places([route.area])[route.area_id],
        "domain": request.get_host(),
        "back_url": reverse("patrols:points", args=[uid]),
    }
    return render(request, "fieldwork/patrols/plates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def scenes(request: HttpRequest) -> HttpResponse:
    """按到岗认定: off, unless a named security or emergency scene with its document and an end stands here."""
    actor = actor_of(request)
    if request.method == "POST" and not may_keep_district(actor):
        raise NotYours("这个开关由系统管理员维护，您可以查看。")
    form = SceneForm(bound(request), initial={"entry_id": uuid4()})
    status = 200
    if request.method == "POST":
        try:
            return _opened(request, form, actor)
        except NotYours:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            if form.is_valid():
                field = "last_day" if refusal.field == "ends_on" else refusal.field
                form.add_error(field if field in form.fields else None, refusal.message)
    context = {
        "form": form,
        "scenes": all_scenes(),
        "today": clock.local_date(clock.now()),
        "entry_id": form["entry_id"].value() or uuid4(),
    }
    return settings_page(request, "fieldwork/patrols/scenes.html", context, status=status)


def _opened(request: HttpRequest, form: SceneForm, actor: Actor) -> HttpResponse:
    if not form.is_valid():
        raise first_refusal(form)
    open_scene(actor=actor, at=clock.now(), entry_id=form.cleaned_data["entry_id"], **form.given())
    return went(request, reverse("patrols:scenes"), "已开启，到期自动停。页面上会写明任务和文件。")


@require_POST
@for_readers
def scene_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is over before its day."""
    actor = actor_of(request)
    return tapped(
        request, reverse("patrols:scenes"), lambda: end_scene(uid=uid, actor=actor, at=clock.now()), "已停用。"
    )
