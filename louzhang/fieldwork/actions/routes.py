"""Laying out routes: points in order, each with a code for its plate; the scenes in which rounds count for the day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.rights import refuse_keeping
from louzhang.fieldwork.actions.noting import note
from louzhang.fieldwork.models import Point, Route, Scene, SceneKind
from louzhang.fieldwork.models.patrols import (
    EVERY_AT_MOST,
    NAME_LENGTH,
    POINTS_AT_MOST,
    RADIUS_LEAST,
    RADIUS_MOST,
    SCENE_DAYS_AT_MOST,
    TIMES_AT_MOST,
)
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock, codes
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import Site
from louzhang.register.scope import refuse_looking_only

GONE = "没有找到这条巡查路线，或它不在您负责的范围内。"
ROUTINE = ("日常", "例行", "常态", "平时", "巡查")
RHYTHM = f"几天一次和一周几次只填一个：1 到 {EVERY_AT_MOST} 天，或者一周 1 到 {TIMES_AT_MOST} 次。"


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """What is said of a route: exactly one of the two rhythms."""

    name: str
    every_days: int | None = None
    times_a_week: int | None = None
    radius: int = 50


def lay_route(*, area: Area, draft: RouteDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Route:
    """Lay out a route in a grid or community; raises `NotYours` elsewhere, `InputRefused`."""
    refuse_looking_only(actor)
    _refuse_senseless(draft)
    if area.level.kind not in (LevelKind.GRID, LevelKind.COMMUNITY):
        raise InputRefused("巡查路线定在网格或社区上，请重新选。", field="area")
    with transaction.atomic():
        route = Route(area=area, added_at=at)
        _set(route, draft)
        route.save(force_insert=True)
        if not Route.objects.kept_by(actor).filter(pk=route.pk).exists() and not actor.is_system:
            raise NotYours("这个地方的巡查路线由网格员、网格长和社区来定。")
        facts = {"every_days": route.every_days, "times": route.times_a_week}
        note(route, "lay", area_id=area.pk, actor=actor, at=at, facts=facts, entry_id=entry_id)
    return route


def change_route(
    *, uid: uuid.UUID, draft: RouteDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Route:
    """Change name, rhythm or radius."""
    _refuse_senseless(draft)
    with transaction.atomic():
        route = _kept(uid, actor)
        _set(route, draft)
        save = ("name", "every_days", "times_a_week", "radius")
        facts = {"every_days": route.every_days, "times": route.times_a_week}
        note(route, "change", area_id=route.area_id, actor=actor, at=at, facts=facts, save=save, entry_id=entry_id)
    return route


def end_route(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Route:
    """Nobody walks it any more; what was walked stays."""
    with transaction.atomic():
        route = _kept(uid, actor)
        route.ended_at = at
        note(route, "end", area_id=route.area_id, actor=actor, at=at, save=("ended_at",))
    return route


def add_point(
    *,
    uid: uuid.UUID,
    actor: Actor,
    at: datetime,
    site: Site | None = None,
    name: str = "",
    area: Area | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
    entry_id: uuid.UUID | None = None,
) -> Point:
    """Add a stop at the end: a site of the register, or a place of its own below the route's area.

    Raises `NotThere`, `InputRefused` for a nameless one, for a place elsewhere and for half a position.
    """
    with transaction.atomic():
        route = _kept(uid, actor)
        place = site.area if site is not None else area or route.area
        said = (site.name if site is not None else name).strip()
        _refuse_point(route, place, said, longitude, latitude)
        last = route.points.aggregate(last=Max("position"))["last"]
        standing = route.points.current()
        if standing.count() >= POINTS_AT_MOST:
            raise InputRefused(f"一条路线最多 {POINTS_AT_MOST} 处，请另定一条。", field="name")
        if site is not None and standing.filter(site=site).exists():
            raise Conflict("这处已经在路线上了。", field="site")
        point = Point.objects.create(
            route=route, position=(last or 0) + 1, site=site, area=place, name=said, code=_free_code(),
            longitude=site.longitude if site is not None else longitude,
            latitude=site.latitude if site is not None else latitude,
        )  # fmt: skip
        note(
            route, "add_point", area_id=route.area_id, actor=actor, at=at, facts={"point": point.pk}, entry_id=entry_id
        )
    return point


def drop_point(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Point:
    """Take a stop off the route; its plate means nothing from then on."""
    with transaction.atomic():
        point = Point.objects.visible_to(actor).current().filter(uid=uid).select_related("route").first()
        if point is None:
            raise NotThere(GONE)
        route = _kept(point.route.uid, actor)
        point.ended_at = at
        point.save(update_fields=["ended_at"])
        note(route, "drop_point", area_id=route.area_id, actor=actor, at=at, facts={"point": point.pk})
    return point


def raise_point(*, uid: uuid.UUID, actor: Actor, at: datetime) -> None:
    """One place earlier on the round."""
    with transaction.atomic():
        point = Point.objects.visible_to(actor).current().filter(uid=uid).select_related("route").first()
        if point is None:
            raise NotThere(GONE)
        route = _kept(point.route.uid, actor)
        before = route.points.current().filter(position__lt=point.position).order_by("-position").first()
        if before is None:
            return
        here, there = point.position, before.position
        spare = (route.points.aggregate(last=Max("position"))["last"] or 0) + 1
        for row, place in ((point, spare), (before, here), (point, there)):
            row.position = place
            row.save(update_fields=["position"])
        note(route, "order_points", area_id=route.area_id, actor=actor, at=at, facts={"point": point.pk})


def open_scene(
    *,
    kind: str,
    name: str,
    document: str,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    at: datetime,
    entry_id: uuid.UUID | None = None,
) -> Scene:
    """A named security or emergency scene in which rounds count for the day, with its document and an end (R11).

    Raises `NotYours` for everybody but the system administrator, `InputRefused` without name, document or end, for
    more than three months, and for what is routine: that cannot be switched on.
    """
    refuse_keeping(actor)
    if kind not in SceneKind.values:
        raise InputRefused("只有安全保卫和应急处置可以按到岗认定。", field="kind")
    if not name.strip() or any(word in name for word in ROUTINE):
        raise InputRefused("请写是哪一次安保或应急任务。日常、例行的巡查不能按到岗认定。", field="name")
    if not document.strip():
        raise InputRefused("请写依据的文件和文号，会显示在页面上。", field="document")
    if not starts_on < ends_on <= starts_on + timedelta(days=SCENE_DAYS_AT_MOST) or ends_on <= clock.local_date(at):
        raise InputRefused(f"请写到哪天为止，最长 {SCENE_DAYS_AT_MOST} 天；还要继续的，到期再定。", field="ends_on")
    with transaction.atomic():
        scene = Scene.objects.create(
            kind=kind, name=name.strip(), document=document.strip(), starts_on=starts_on, ends_on=ends_on, added_at=at
        )
        facts = {"kind": kind, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        note(scene, "open", area_id=_root().pk, actor=actor, at=at, facts=facts, entry_id=entry_id)
    return scene


def end_scene(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Scene:
    """It is over before its day."""
    refuse_keeping(actor)
    with transaction.atomic():
        scene = Scene.objects.select_for_update(no_key=True).filter(uid=uid, ended_at=None).first()
        if scene is None:
            raise NotThere("没有找到这一条，或它已经停用。")
        scene.ended_at = at
        note(scene, "end", area_id=_root().pk, actor=actor, at=at, save=("ended_at",))
    return scene


def _root() -> Area:
    root: Area = Area.objects.current().get(depth=1)
    return root


def _kept(uid: uuid.UUID, actor: Actor) -> Route:
    refuse_looking_only(actor)
    rows = Route.objects.select_for_update(no_key=True, of=("self",)).select_related("area")
    route = rows.kept_by(actor).filter(uid=uid, ended_at=None).first()
    if route is not None:
        return route
    if Route.objects.visible_to(actor).filter(uid=uid).exists():
        raise NotYours("巡查路线由网格员、网格长和社区来改，您可以照着走。")
    raise NotThere(GONE)


def _refuse_senseless(draft: RouteDraft) -> None:
    if not draft.name.strip() or len(draft.name.strip()) > NAME_LENGTH:
        raise InputRefused(f"请给路线起个名字，最多 {NAME_LENGTH} 个字。", field="name")
    refuse_forbidden(draft.name, field="name")
    every, times = draft.every_days, draft.times_a_week
    is_possible = (times is None and every is not None and 1 <= every <= EVERY_AT_MOST) or (
        every is None and times is not None and 1 <= times <= TIMES_AT_MOST
    )
    if not is_possible:
        raise InputRefused(RHYTHM, field="every_days")
    if not RADIUS_LEAST <= draft.radius <= RADIUS_MOST:
        raise InputRefused(f"请填 {RADIUS_LEAST} 到 {RADIUS_MOST} 米。", field="radius")


def _set(route: Route, draft: RouteDraft) -> None:
    route.name, route.radius = draft.name.strip(), draft.radius
    route.every_days, route.times_a_week = draft.every_days, draft.times_a_week


def _refuse_point(route: Route, place: Area, said: str, longitude: float | None, latitude: float | None) -> None:
    if not said:
        raise InputRefused("请写这处叫什么，或从登记的点位里选。", field="name")
    refuse_forbidden(said, field="name")
    if not place.path.startswith(route.area.path) and RANKS[place.level.kind] >= RANKS[LevelKind.COMMUNITY]:
        raise InputRefused("这处不在路线的网格里，请重新选。", field="site")
    if (longitude is None) != (latitude is None):
        raise InputRefused("地图上的位置没有选好，请重新点一下。", field="name")


def _free_code() -> str:
    while Point.objects.filter(code=(code := codes.plate_code())).exists():
        continue
    return code
