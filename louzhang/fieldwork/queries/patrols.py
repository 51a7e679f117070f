"""Reading routes and rounds: which are due, how far one has come, what the community sees of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from louzhang.areas.models import Post, PostKind
from louzhang.areas.roles import Role
from louzhang.fieldwork import sources
from louzhang.fieldwork.lifecycle.patrols import PatrolState
from louzhang.fieldwork.models import (
    Confirmation,
    ItemKind,
    Patrol,
    Point,
    Route,
    Scene,
    Way,
    WorkLog,
    own_post_ids,
)
from louzhang.fieldwork.patrol_rhythm import is_due, week_of
from louzhang.fieldwork.sources import Draft, Field
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import coordinates
from louzhang.register.models import Site

GONE = "没有找到这条巡查路线，或它不在您负责的范围内。"
WALKERS = (Role.GRID_WORKER, Role.GRID_LEAD, Role.CHIEF)


@dataclass(frozen=True, slots=True)
class Stop:
    """One point on a round: confirmed or not, and how."""

    point: Point
    done: Confirmation | None = None
    reason: str = ""

    @property
    def way(self) -> str:
        """How it was confirmed, in words."""
        return Way(self.done.way).label if self.done is not None else ""


@dataclass(frozen=True, slots=True)
class Due:
    """A route with whether it is to be walked today and how often it was this week."""

    route: Route
    points: int
    is_due: bool
    this_week: int
    going: Patrol | None = None


def routes_seen(actor: Actor, day: date) -> list[Due]:
    """The routes one sees, those due today first (three queries)."""
    rows = Route.objects.visible_to(actor).current().select_related("area")
    standing = Count("points", filter=Q(points__ended_at=None))
    found: list[Any] = list(rows.annotate(stops=standing).order_by("area__path", "pk"))
    weeks = _walked_in_week([route.pk for route in found], day)
    mine = Patrol.objects.going().filter(post_id__in=own_post_ids(actor), route__in=found)
    going = {patrol.route_id: patrol for patrol in mine}
    dues = [
        Due(route, route.stops, route.stops > 0 and _is_due(route, weeks, day), weeks.get(route.pk, 0),
            going.get(route.pk))
        for route in found
    ]  # fmt: skip
    return sorted(dues, key=lambda due: (due.going is None, not due.is_due))


def _walked_in_week(ids: Sequence[int], day: date) -> dict[int, int]:
    first, until = week_of(day)
    rows = Patrol.objects.filter(route_id__in=ids, status=PatrolState.WHOLE.value, day__gte=first, day__lt=until)
    return dict(rows.order_by().values_list("route_id").annotate(count=Count("pk")))


def _is_due(route: Route, weeks: dict[int, int], day: date) -> bool:
    return is_due(day, route.walked_on, weeks.get(route.pk, 0), route.every_days, route.times_a_week)


def find_route(actor: Actor, uid: uuid.UUID) -> Route:
    """One that the actor sees, in use; raises `NotThere`."""
    route = Route.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level").first()
    if route is None:
        raise NotThere(GONE)
    return route


def may_lay(actor: Actor, route: Route) -> bool:
    """Whether the actor changes this route."""
    return not actor.is_read_only and Route.objects.kept_by(actor).filter(pk=route.pk).exists()


def points_of(route: Route) -> list[Point]:
    """Its stops in their order."""
    return list(route.points.current().select_related("site", "area").order_by("position"))


def round_today(actor: Actor, route: Route, day: date) -> Patrol | None:
    """The newest round of one's own posts along a route on a day."""
    rows = Patrol.objects.visible_to(actor).with_ties(actor)
    return rows.filter(route=route, post_id__in=own_post_ids(actor), day=day).order_by("-pk").first()


def stops_of(points: Sequence[Point], patrol: Patrol | None) -> list[Stop]:
    """Each stop with its confirmation in a round (one query)."""
    done = {}
    if patrol is not None:
        done = {row.point_id: row for row in Confirmation.objects.filter(patrol=patrol)}
    return [Stop(point, done.get(point.pk)) for point in points]


def point_by_code(actor: Actor, code: str) -> Point:
    """The stop a plate stands at, of a route one may walk; raises `NotThere`."""
    rows = Point.objects.current().filter(route__in=Route.objects.walked_by(actor).current(), code=code)
    point = rows.select_related("route__area__level", "area__level").first()
    if point is None:
        raise NotThere("没有找到这块牌子上的点位，或它不在您走的路线上。")
    return point


def point_seen(actor: Actor, uid: uuid.UUID) -> Point:
    """A stop of a route one sees; raises `NotThere`."""
    point = Point.objects.visible_to(actor).current().filter(uid=uid).select_related("route").first()
    if point is None:
        raise NotThere("没有找到这处点位，或它不在您负责的范围内。")
    return point


def own_points(actor: Actor) -> list[Point]:
    """All stops of the routes one may walk, route by route: to choose from without a signal."""
    rows = Point.objects.current().filter(route__in=Route.objects.walked_by(actor).current())
    return list(rows.select_related("route").order_by("route__area__path", "route_id", "position"))


def spot_of(point: Point) -> dict[str, str] | None:
    """Where a stop is, in both datums, for the phone to compare with where it is; None where nobody knows."""
    if point.longitude is None or point.latitude is None:
        return None
    there = coordinates.from_wgs84(point.longitude, point.latitude, coordinates.Datum.GCJ02)
    return {
        "lat": f"{point.latitude:.6f}",
        "lon": f"{point.longitude:.6f}",
        "gcj_lat": f"{there[1]:.6f}",
        "gcj_lon": f"{there[0]:.6f}",
        "radius": str(point.route.radius),
    }


def rounds_of(actor: Actor, route: Route) -> list[Patrol]:
    """Its last rounds, for who looks after the grid, the community, and each walker the own ones."""
    rows = Patrol.objects.visible_to(actor).filter(route=route).select_related("walker", "post")
    return list(rows.annotate(count=Count("confirmations")).order_by("-pk")[:20])


def find_patrol(actor: Actor, uid: uuid.UUID) -> Patrol:
    """One round with its ties; raises `NotThere`."""
    rows = Patrol.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    patrol = rows.select_related("route__area__level", "walker", "area__level").first()
    if patrol is None:
        raise NotThere("没有找到这趟巡查，或它不在您的范围内。")
    return patrol


def reasons_in(patrol: Patrol) -> tuple[dict[int, str], str]:
    """The reasons given instead of a code by point, and why it was broken off (two queries)."""
    beside = Q(subject_kind=Patrol.subject_kind, subject_id=patrol.pk)
    said = {row.seq: str(row.spoken.get("reason", "")) for row in Words.objects.filter(beside)}
    events = Event.objects.filter(beside, verb__in=("confirm", "confirm_late", "break_off")).order_by("seq")
    by_point = {event.payload["point"]: said.get(event.seq, "") for event in events if "point" in event.payload}
    broken = next((said.get(event.seq, "") for event in events if event.verb == "break_off"), "")
    return by_point, broken


def sites_to_choose(route: Route) -> list[Site]:
    """Register sites below the route's place that are not on it yet."""
    rows = Site.objects.current().filter(area__path__startswith=route.area.path)
    taken = route.points.current().filter(site__isnull=False).values("site")
    return list(rows.exclude(pk__in=taken).select_related("area").order_by("area__path", "kind", "name")[:300])


def routes_due(ground: Field) -> Iterator[Draft]:
    """Routes to be walked that day, for whoever is nearest."""
    rows = Route.objects.current().filter(area__path__gte=ground.low, area__path__lt=ground.high)
    stops = Count("points", filter=Q(points__ended_at=None))
    found: list[Any] = list(rows.annotate(stops=stops).filter(stops__gt=0).select_related("area").order_by("pk"))
    weeks = _walked_in_week([route.pk for route in found], ground.day)
    for route in found:
        if not _is_due(route, weeks, ground.day):
            continue
        holder = ground.nearest(route.area.path, WALKERS, route.pk)
        if holder is None or not ground.wants(holder):
            continue
        last = "还没有走过" if route.walked_on is None else f"上次是 {(ground.day - route.walked_on).days} 天前"
        yield Draft(
            post_id=holder.post_id,
            kind=ItemKind.PATROL,
            source=f"patrol_route:{route.pk}",
            title=f"巡查 {route.name}",
            why=f"{route.spoken_rhythm}，{last}，共 {route.stops} 处。",
            weight=sources.CHECK,
            minutes=ground.minutes[ItemKind.PATROL],
            url=reverse("patrols:route", args=[route.uid]),
            area_id=route.area_id,
        )


# ---- Scenes in which a round counts for the day ------------------------------------------------------------


def scenes_on(day: date) -> list[Scene]:
    """The named scenes in force; none is the rule."""
    return list(Scene.objects.on(day).order_by("pk"))


def all_scenes() -> list[Scene]:
    """Every scene, the newest first."""
    return list(Scene.objects.order_by("-pk")[:50])


@dataclass(frozen=True, slots=True)
class Counted:
    """One's own day while a scene is in force: what is there and what is missing. Nobody else is shown it."""

    scene: Scene
    has_point: bool
    has_log: bool

    @property
    def is_whole(self) -> bool:
        """Whether the day counts."""
        return self.has_point and self.has_log


def counted_day(actor: Actor, day: date) -> Counted | None:
    """How one's own day counts; None without a scene, and always for a volunteer."""
    scenes = scenes_on(day)
    if not scenes or actor.user_id is None:
        return None
    held = own_post_ids(actor)
    is_paid = Post.objects.filter(pk__in=held, user_id=actor.user_id).exclude(kind=PostKind.VOLUNTEER).exists()
    if not is_paid:
        return None
    mine = Confirmation.objects.filter(patrol__walker_id=actor.user_id, patrol__day=day)
    sent = WorkLog.objects.filter(holder_id=actor.user_id, day=day).exclude(sent_at=None)
    return Counted(scenes[0], mine.exists(), sent.exclude(status="draft").exists())
