"""Reading the district: actors with their posts, the line of offices, settings, places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Left

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Post, Setting, Unit
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.settings_registry import REGISTRY
from louzhang.journal.actor import Actor, ActorKind, Seat
from louzhang.kit import clock
from louzhang.kit.compiled import compiled


def posts_of(user_id: int, at: datetime) -> QuerySet[Post]:
    """The posts a person fills at a moment: the own ones and those stood in for."""
    return _posts_on(user_id, clock.local_date(at))


def _posts_on(user_id: Any, day: Any) -> QuerySet[Post]:
    rows: QuerySet[Post] = (
        Post.objects.as_of(day)
        .filter(Q(user_id=user_id) | Q(stand_in_id=user_id) & (Q(stand_in_until=None) | Q(stand_in_until__gt=day)))
        .filter(Q(area=None) | Q(area__ended_at=None), Q(unit=None) | Q(unit__ended_at=None))
        .select_related("area__level", "area__office")
        .order_by("pk")
    )
    return rows


def actor_for(
    user: User,
    at: datetime,
    *,
    kind: ActorKind = ActorKind.PERSON,
    token_id: int | None = None,
    is_read_only: bool = False,
    device: str = "",
    opened_report_ids: frozenset[int] = frozenset(),
) -> Actor:
    """A person with the posts held at this moment, as one frozen value.

    Working in the office of an area counts as working in that area's unit. An ended account
    holds nothing.
    """
    held = _held(user_id=user.pk, day=clock.local_date(at)) if user.is_active else []
    return Actor(
        kind=kind,
        user_id=user.pk,
        seats=tuple(_seat(*post, user_id=user.pk) for post in held),
        unit_ids=frozenset(unit_id for post in held if (unit_id := _unit_of(*post))),
        device=device,
        token_id=token_id,
        opened_report_ids=opened_report_ids,
        is_read_only=is_read_only,
    )


# What an actor needs of a post; plain columns, since every request asks for them.
HELD = ("pk", "user_id", "role", "area_id", "unit_id", "area__level__kind", "area__path", "area__office__pk")


@compiled
def _held(*, user_id: Any, day: Any) -> QuerySet[Post, Any]:
    return _posts_on(user_id, day).values_list(*HELD)


def _seat(
    pk: int,
    holder_id: int,
    role: str,
    area_id: int | None,
    unit_id: int | None,
    kind: str | None,
    path: str | None,
    _office_id: int | None,
    *,
    user_id: int,
) -> Seat:
    return Seat(
        post_id=pk,
        role=role,
        area_id=area_id,
        unit_id=unit_id,
        rank=RANKS[kind] if kind else 0,
        path=path or "",
        is_stand_in=holder_id != user_id,
    )


def _unit_of(
    _pk: int,
    _holder_id: int,
    role: str,
    _area_id: int | None,
    unit_id: int | None,
    _kind: str | None,
    _path: str | None,
    office_id: int | None,
) -> int | None:
    return unit_id if unit_id is not None else (office_id if role in OFFICE_ROLES else None)


def area_with_line(area_id: int) -> Area | None:
    """A current area; `line_of` it is read with it (one query)."""
    line = _line_down_to(area_id=area_id)
    if not line or line[-1].ended_at is not None:
        return None
    area: Area = line[-1]
    area.line = tuple(line)
    return area


@compiled
def _line_down_to(*, area_id: Any) -> QuerySet[Area]:
    path = Subquery(Area.objects.filter(pk=area_id).order_by().values("path"))
    steps = [Left(path, Area.steplen * depth) for depth in range(1, max(RANKS.values()) + 1)]
    rows: QuerySet[Area] = Area.objects.filter(path__in=steps)
    return rows.order_by("depth").select_related("level").defer("outline")


def line_of(area: Area) -> list[Area]:
    """The area and all above it, the district first, with their levels; no query after `area_with_line`."""
    return list(area.line) or _line(len(area.path) // Area.steplen, **line_paths(area.path))


def line_paths(path: str) -> dict[str, str]:
    """The positions from the district down to a path, named for slots: `path0`, `path1` …."""
    return {f"path{depth}": path[: (depth + 1) * Area.steplen] for depth in range(len(path) // Area.steplen)}


@compiled
def _line(depth: int, **paths: Any) -> QuerySet[Area]:
    rows: QuerySet[Area] = Area.objects.filter(path__in=[paths[f"path{each}"] for each in range(depth)])
    return rows.order_by("depth").select_related("level").defer("outline")


def office_area_of(line: Iterable[Area], *, at_most_rank: int = RANKS[LevelKind.COMMUNITY]) -> Area:
    """The lowest office-bearing area of a line, from the district first, up to a rank."""
    bearing = [area for area in line if RANKS[area.level.kind] <= at_most_rank]
    return bearing[-1]


def district() -> Area | None:
    """The root of the tree; None before the district is founded."""
    root: Area | None = Area.objects.current().filter(depth=1).first()
    return root


def setting(key: str, at: datetime | None = None) -> Any:
    """The value of a setting now (or at a moment), else the registry's default."""
    moment = at or clock.now()
    row = _said.first(key=key, moment=moment)
    return REGISTRY[key].default if row is None else row


@compiled
def _said(*, key: Any, moment: Any) -> QuerySet[Setting, Any]:
    return said_at(key, moment)


def said_at(key: Any, moment: Any) -> QuerySet[Setting, Any]:
    """The value of a setting at a moment, if it was ever set; to be read by itself or beside other things."""
    rows = Setting.objects.filter(key=key, starts_at__lte=moment).filter(Q(ends_at=None) | Q(ends_at__gt=moment))
    return rows.order_by("-starts_at", "-pk").values_list("value", flat=True)[:1]


def settings_now(at: datetime) -> dict[str, Any]:
    """Every setting at a moment, by one query; what was never set has the registry's default."""
    said = dict(_all_said(moment=at))
    return {key: said.get(key, entry.default) for key, entry in REGISTRY.items()}


@compiled
def _all_said(*, moment: Any) -> QuerySet[Setting, Any]:
    rows = Setting.objects.filter(starts_at__lte=moment).filter(Q(ends_at=None) | Q(ends_at__gt=moment))
    return rows.order_by("starts_at", "pk").values_list("key", "value")


def settings_rows(at: datetime) -> dict[str, Setting]:
    """The row that says each setting at a moment, with its author; settings never said are left out."""
    rows = Setting.objects.filter(starts_at__lte=at).filter(Q(ends_at=None) | Q(ends_at__gt=at))
    return {row.key: row for row in rows.select_related("author").order_by("starts_at", "pk")}


def units_serving(area: Area, at: datetime) -> QuerySet[Unit]:
    """Units an order at this area may be dispatched to: offices of its line and their like,
    and units that serve any area of the line now.
    """
    day = clock.local_date(at)
    ids = [node.pk for node in line_of(area)]
    serving = Q(served_areas__area_id__in=ids, served_areas__starts_on__lte=day) & (
        Q(served_areas__ends_on=None) | Q(served_areas__ends_on__gt=day)
    )
    rows = Unit.objects.filter(ended_at=None).filter(Q(office_area_id__in=ids) | serving)
    return rows.distinct().order_by("kind", "name_key", "pk")


def list_areas(*, within: int | None = None, kind: str = "") -> list[dict[str, Any]]:
    """Current areas in the order of the tree, each with the id of the one above it.

    Names of places are public; posts and people are not part of this list.
    """
    rows = Area.objects.current().select_related("level").defer("outline", "chain_head")
    if within is not None:
        rows = Area.objects.within(within).current().select_related("level").defer("outline", "chain_head")
    areas = list(rows.order_by("path"))
    ids = {area.path: area.pk for area in areas}
    return [
        {
            "id": area.pk,
            "code": area.code,
            "name": area.name,
            "kind": area.level.kind,
            "level": area.level.name,
            "parent": ids.get(area.path[: -Area.steplen]),
            "longitude": area.longitude,
            "latitude": area.latitude,
        }
        for area in areas
        if not kind or area.level.kind == kind
    ]


def list_units() -> list[dict[str, Any]]:
    """Units in use, by kind and name; their phone is a public desk number."""
    return [dict(zip(UNIT_LINE, row, strict=True)) for row in _units_in_use()]


UNIT_LINE = ("id", "name", "kind", "phone")


@compiled
def _units_in_use() -> QuerySet[Unit, Any]:
    return Unit.objects.filter(ended_at=None).order_by("kind", "name_key", "pk").values_list(*UNIT_LINE)


def list_outlines() -> dict[str, Any]:
    """The outlines of the district and its streets as a GeoJSON feature collection."""
    drawn = Area.objects.current().exclude(outline=None).of_kind(LevelKind.DISTRICT, LevelKind.STREET)
    features = [{"type": "Feature", "geometry": area.outline, "properties": {"title": area.name}} for area in drawn]
    return {"type": "FeatureCollection", "features": features}
