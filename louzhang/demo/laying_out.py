"""The first half of the demo: the district, its tree with outlines, its estates and its units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from louzhang.areas.actions import (
    NewArea,
    add_areas,
    add_estate,
    add_unit,
    change_setting,
    fill_coming_years,
    found_root,
    outline_area,
    serve_area,
)
from louzhang.areas.models import Area, Estate, LevelKind, Unit, UnitKind
from louzhang.demo.district import Building, Community, District, Grid
from louzhang.demo.names import MARK
from louzhang.demo.shapes import cut, geojson, middle, spread
from louzhang.demo.sizes import PlacePlan, Sizes, StreetPlan
from louzhang.journal.actor import SYSTEM


def lay_out(plan: PlacePlan, sizes: Sizes, at: datetime, rng: Random) -> District:
    """Found the district and everything in it that is no person."""
    root = found_root(name=plan.name, code=plan.code, actor=SYSTEM, at=at)
    whole = Polygon(plan.outline)
    root = outline_area(area=root, outline=geojson(whole), actor=SYSTEM, at=at)
    _settle(plan, at)
    district = District(at=at, root=root)
    shapes = _add_tree(district, plan, whole, rng)
    _add_buildings(district, plan, sizes, shapes, rng)
    _add_units(district, plan)
    return district


def _settle(plan: PlacePlan, at: datetime) -> None:
    values = {
        "place_name": plan.name,
        "order_prefix": plan.order_prefix,
        "hotline": plan.hotline,
        "is_demo": True,
    }
    for key, value in values.items():
        change_setting(key=key, value=value, actor=SYSTEM, at=at)
    fill_coming_years(actor=SYSTEM, at=at)


def _add_tree(district: District, plan: PlacePlan, whole: BaseGeometry, rng: Random) -> dict[str, BaseGeometry]:
    """Streets, communities and grids with their outlines; gives the shape of each by its code."""
    new: list[NewArea] = []
    shapes: dict[str, BaseGeometry] = {}
    weights = [sum(grids for _, grids in street.communities) for street in plan.streets]
    for street, shape in zip(plan.streets, cut(whole, weights, rng), strict=True):
        shapes[street.code] = shape
        new.append(_area(street.code, street.name, LevelKind.STREET, plan.code, shape, f"{street.code}000"))
        new += _communities(street, shapes, rng)
    stored = {area.code: area for area in add_areas(areas=new, actor=SYSTEM, at=district.at)}
    for unit in Unit.objects.filter(kind=UnitKind.OFFICE).select_related("office_area__level"):
        district.offices[unit.office_area_id or 0] = unit
    for street in plan.streets:
        for position, (_, grids) in enumerate(street.communities, start=1):
            area = stored[_community_code(street, position)]
            community = Community(area=area, street=stored[street.code], office=district.offices[area.pk])
            codes = [f"{area.code}G{number:02d}" for number in range(1, grids + 1)]
            community.grids = [Grid(area=stored[code], place=middle(shapes[code])) for code in codes]
            district.communities.append(community)
    return shapes


def _community_code(street: StreetPlan, position: int) -> str:
    """A code that can be nobody's: the three digits of a real community are a letter and two digits here."""
    return f"{street.code}Y{position:02d}"


def _communities(street: StreetPlan, shapes: dict[str, BaseGeometry], rng: Random) -> Iterable[NewArea]:
    weights = [grids for _, grids in street.communities]
    parts = cut(shapes[street.code], weights, rng)
    for position, ((name, grids), shape) in enumerate(zip(street.communities, parts, strict=True), start=1):
        code = _community_code(street, position)
        shapes[code] = shape
        yield _area(code, name, LevelKind.COMMUNITY, street.code, shape)
        for number, part in enumerate(cut(shape, [1] * grids, rng), start=1):
            shapes[f"{code}G{number:02d}"] = part
            yield _area(f"{code}G{number:02d}", f"{number}号网格", LevelKind.GRID, code, part)


def _area(code: str, name: str, kind: str, parent: str, shape: BaseGeometry, official: str = "") -> NewArea:
    longitude, latitude = middle(shape)
    return NewArea(
        code=code,
        name=name,
        kind=kind,
        parent_code=parent,
        official_code=official,
        longitude=longitude,
        latitude=latitude,
        outline=geojson(shape),
    )


def _add_buildings(
    district: District,
    plan: PlacePlan,
    sizes: Sizes,
    shapes: dict[str, BaseGeometry],
    rng: Random,
) -> None:
    """Estates with buildings and stairwells in the first community of the streets that have estates."""
    estates = {street.code: street.estates for street in plan.streets}
    seen: set[str] = set()
    new: list[NewArea] = []
    for community in district.communities:
        code = community.street.code
        if code not in seen and estates[code]:
            new += _build_up(community, estates[code], sizes, shapes, rng)
        seen.add(code)
    stored = {area.code: area for area in add_areas(areas=new, actor=SYSTEM, at=district.at)}
    grids = {grid.area.code: (grid, community) for community in district.communities for grid in community.grids}
    for wanted in new:
        area = stored[wanted.code]
        if wanted.kind == LevelKind.BUILDING:
            grid, community = grids[wanted.parent_code]
            estate = wanted.estate.name if wanted.estate else ""
            place = (wanted.longitude or 0.0, wanted.latitude or 0.0)
            community.buildings.append(Building(area=area, grid=grid, estate=estate, place=place))
        else:
            community.buildings[-1].stairwells.append(area)


def _build_up(
    community: Community, estates: Sequence[str], sizes: Sizes, shapes: dict[str, BaseGeometry], rng: Random
) -> Iterable[NewArea]:
    rows = [
        add_estate(name=name, community=community.area, actor=SYSTEM, at=community.area.started_at) for name in estates
    ]
    count = rng.randint(*sizes.buildings)
    homes = _homes(community.grids, len(rows))
    number = 0
    for estate, grids in zip(rows, homes, strict=True):
        for grid in grids:
            share = max(1, count // sum(len(part) for part in homes))
            for place in spread(shapes[grid.area.code], share, rng):
                number += 1
                yield from _building(number, grid, estate, place, rng.randint(*sizes.stairwells))


def _homes(grids: Sequence[Grid], estates: int) -> list[Sequence[Grid]]:
    """Which grids an estate lies in: two for the first one, one for each other."""
    first = 2 if len(grids) > estates else 1
    return [grids[:first], *([grid] for grid in grids[first : first + estates - 1])]


def _building(
    number: int, grid: Grid, estate: Estate, place: tuple[float, float], stairwells: int
) -> Iterable[NewArea]:
    code = f"{grid.area.code}L{number:02d}"
    yield NewArea(
        code=code,
        name=f"{number}号楼",
        kind=LevelKind.BUILDING,
        parent_code=grid.area.code,
        estate=estate,
        longitude=place[0],
        latitude=place[1],
    )
    for stairwell in range(1, stairwells + 1):
        name, kind = f"{stairwell}单元", LevelKind.STAIRWELL
        yield NewArea(code=f"{code}D{stairwell}", name=name, kind=kind, parent_code=code)


def _add_units(district: District, plan: PlacePlan) -> None:
    """Departments and partners for the district, a team for each street, a company and committee for each estate."""
    for written in plan.units:
        unit = _unit(written["name"], written["kind"], [district.root], district.at, written["duties"])
        district.units[written["key"]] = unit
    for street in {community.street.pk: community.street for community in district.communities}.values():
        duties = "城管、市场监管、司法所合成一支队伍"
        district.teams[street.pk] = _unit(
            f"{street.name}综合执法队", UnitKind.ENFORCEMENT, [street], district.at, duties
        )
    for community in district.built_up():
        for estate, grids in _grids_of_estates(community).items():
            community.properties[estate] = _unit(
                f"{estate}物业{MARK}", UnitKind.PROPERTY, grids, district.at, "物业服务"
            )
            community.owners[estate] = _unit(f"{estate}业委会{MARK}", UnitKind.OWNERS, grids, district.at, "业主事务")


def _grids_of_estates(community: Community) -> dict[str, list[Area]]:
    found: dict[str, dict[int, Area]] = {}
    for building in community.buildings:
        found.setdefault(building.estate, {})[building.grid.area.pk] = building.grid.area
    return {estate: list(grids.values()) for estate, grids in found.items()}


def _unit(name: str, kind: str, areas: Iterable[Area], at: datetime, duties: str) -> Unit:
    unit = add_unit(name=name, kind=kind, duties=duties, actor=SYSTEM, at=at)
    for area in areas:
        serve_area(unit=unit, area=area, actor=SYSTEM, at=at)
    return unit
