"""Places to choose from: community → building → stairwell for residents, the own ones for field workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.workorders.queries.choices import Choice, Group, grouped

HOMES = (LevelKind.BUILDING, LevelKind.GROUP)
REPORTABLE = (LevelKind.COMMUNITY, LevelKind.GRID, *HOMES, LevelKind.STAIRWELL)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as far as it has been chosen, and what can be chosen next."""

    communities: list[Group] = field(default_factory=list)
    buildings: list[Group] = field(default_factory=list)
    stairwells: list[Choice] = field(default_factory=list)
    community: Area | None = None
    building: Area | None = None
    stairwell: Area | None = None

    @property
    def area(self) -> Area | None:
        """The lowest area chosen."""
        return self.stairwell or self.building or self.community


def place_of(community: str, building: str, stairwell: str) -> Place:
    """Read three posted ids; one that does not lie below the one before it is dropped (three queries)."""
    rows = _current_places().of_kind(LevelKind.STREET, LevelKind.COMMUNITY)
    communities = list(rows)
    at_community = _find(communities, community, LevelKind.COMMUNITY)
    homes = _below(at_community, LevelKind.GRID, *HOMES)
    at_building = _find(homes, building, *HOMES)
    entrances = _below(at_building, LevelKind.STAIRWELL)
    return Place(
        communities=_by_street(communities),
        buildings=_by_estate_or_grid(homes),
        stairwells=[Choice(area.pk, area.name) for area in entrances],
        community=at_community,
        building=at_building,
        stairwell=_find(entrances, stairwell, LevelKind.STAIRWELL),
    )


def has_outline() -> bool:
    """Whether the district has been drawn, so that a map shows something even without tiles."""
    return bool(Area.objects.current().filter(depth=1, outline__isnull=False).exists())


def area_remembered(area_id: str) -> Area | None:
    """The area a phone remembers; None where there is none or it has ended."""
    area: Area | None = None
    if area_id.isdecimal() and len(area_id) < 19:
        area = _current_places().filter(pk=int(area_id)).first()
    return area


def place_at(area_id: str) -> Place:
    """The place of a remembered area; nothing chosen where it has ended."""
    area = area_remembered(area_id)
    line = {above.level.kind: str(above.pk) for above in line_of(area)} if area is not None else {}
    return place_of(
        line.get(LevelKind.COMMUNITY, ""),
        line.get(LevelKind.BUILDING, line.get(LevelKind.GROUP, "")),
        line.get(LevelKind.STAIRWELL, ""),
    )


def _current_places() -> Any:
    return Area.objects.current().select_related("level", "estate").defer("outline", "chain_head")


def _below(area: Area | None, *kinds: LevelKind) -> list[Area]:
    if area is None:
        return []
    return list(_current_places().under_paths([area.path]).of_kind(*kinds))


def _find(areas: Iterable[Area], typed: str, *kinds: LevelKind) -> Area | None:
    return next((area for area in areas if str(area.pk) == typed and area.level.kind in kinds), None)


def _by_street(areas: Sequence[Area]) -> list[Group]:
    streets = {area.path: area.name for area in areas if area.level.kind == LevelKind.STREET}
    communities = [area for area in areas if area.level.kind == LevelKind.COMMUNITY]
    return _as_choices(communities, lambda area: str(streets.get(area.path[: -Area.steplen], "")))


def _by_estate_or_grid(areas: Sequence[Area]) -> list[Group]:
    """Buildings under their estate's name, the others under their grid's."""
    grids = {area.path: area.name for area in areas if area.level.kind == LevelKind.GRID}

    def heading(area: Area) -> str:
        return str(area.estate.name if area.estate else grids.get(area.path[: -Area.steplen], ""))

    return _as_choices(sorted((area for area in areas if area.level.kind in HOMES), key=heading), heading)


def _as_choices(areas: Iterable[Area], heading: Callable[[Area], str]) -> list[Group]:
    groups = grouped(areas, heading)
    return [Group(group.label, [Choice(area.pk, area.name) for area in group.choices]) for group in groups]


def own_places(actor: Actor, at: datetime) -> list[Group]:
    """The buildings, stairwells and grids a field worker may report from: of the own seats, and those
    the own units serve (two queries). A community stands there only where it has nothing below.
    """
    rows = _current_places().filter(_own_ground(actor, at)).of_kind(*REPORTABLE).order_by("path")
    areas = list(rows)
    if len(areas) > 1:
        areas = [area for area in areas if area.level.kind != LevelKind.COMMUNITY]
    by_path = {area.path: area for area in areas}
    groups = grouped(areas, lambda area: _ground_heading(area, by_path))
    return [
        Group(group.label, [Choice(area.pk, _ground_label(area, by_path)) for area in group.choices])
        for group in groups
    ]


def _above(area: Area, by_path: dict[str, Area]) -> Area | None:
    return by_path.get(area.path[: -Area.steplen])


def _ground_heading(area: Area, by_path: dict[str, Area]) -> str:
    """The grid a place lies in, or its estate."""
    above = area
    while (higher := _above(above, by_path)) is not None:
        above = higher
    return str(above.name if above.level.kind == LevelKind.GRID or not above.estate else above.estate.name)


def _ground_label(area: Area, by_path: dict[str, Area]) -> str:
    if area.level.kind == LevelKind.GRID:
        return f"{area.name}（楼外公共区域）"
    above = _above(area, by_path)
    return f"{above.name} {area.name}" if area.level.kind == LevelKind.STAIRWELL and above else str(area.name)


def _own_ground(actor: Actor, at: datetime) -> Q:
    """The areas below the actor's own seats, and those the actor's units serve now."""
    paths = [seat.path for seat in actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES) if seat.path]
    if actor.unit_ids:
        paths += _served_paths(actor, at)
    ground = Q(pk__in=[])
    for path in paths:
        ground |= Q(path__gte=path, path__lt=path + "~")
    return ground


def _served_paths(actor: Actor, at: datetime) -> list[str]:
    day = clock.local_date(at)
    served = Area.objects.filter(served_by__unit_id__in=actor.unit_ids, served_by__starts_on__lte=day)
    current = served.filter(Q(served_by__ends_on=None) | Q(served_by__ends_on__gt=day))
    return list(current.order_by().values_list("path", flat=True))
