"""Buildings an actor keeps the register of, with how many homes and people, and one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.queries.spoken import spoken_line
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.models import Dwelling, Resident
from louzhang.register.queries.places import counted_by_path
from louzhang.register.scope import keeping_seats, keeps_area, knows_vacancy

HOUSES = (LevelKind.BUILDING, LevelKind.GROUP)


@dataclass(frozen=True, slots=True)
class House:
    """A building or group with its numbers; `vacant` is None for whoever is not told."""

    area: Area
    where: str
    dwellings: int
    people: int
    vacant: int | None


def kept_houses(actor: Actor) -> list[House]:
    """The buildings and groups where an actor keeps the register, in the order of the tree; four queries."""
    areas = _house_areas(actor)
    if not areas:
        return []
    names = _names_above(areas)
    doors = Dwelling.objects.kept_by(actor).current()
    homes = counted_by_path(doors.values_list("area__path").annotate(Count("pk")).order_by())
    empty = counted_by_path(
        doors.filter(vacant_since__isnull=False).values_list("area__path").annotate(Count("pk")).order_by()
    )
    residents = Resident.objects.kept_by(actor).current().filter(stays__ends_on=None, stays__isnull=False)
    people = counted_by_path(residents.values_list("area__path").annotate(Count("pk")).order_by())
    return [
        House(
            area=area,
            where=names.get(area.path[: -Area.steplen], ""),
            dwellings=homes[area.path],
            people=people[area.path],
            vacant=empty[area.path] if knows_vacancy(actor, area) else None,
        )
        for area in areas
    ]


def _house_areas(actor: Actor) -> list[Area]:
    seats = keeping_seats(actor)
    step = Area.steplen
    homes = [seat.path[:-step] for seat in seats if seat.role == Role.STAIRWELL_HEAD]
    below = Area.objects.get_queryset().under_paths([seat.path for seat in seats])
    rows = (below | Area.objects.filter(path__in=homes)).current().of_kind(*HOUSES)
    return list(rows.select_related("level", "estate").defer("outline").order_by("path"))


def houses_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """The same buildings by id and name with the estate or grid before it; two queries."""
    areas = _house_areas(actor)
    names = _names_above(areas)
    return [
        (str(area.pk), f"{area.estate.name if area.estate else names.get(area.path[: -Area.steplen], '')} {area.name}")
        for area in areas
    ]


def _names_above(areas: Iterable[Area]) -> dict[str, str]:
    paths = {area.path[: -Area.steplen] for area in areas}
    return dict(Area.objects.filter(path__in=paths).order_by().values_list("path", "name"))


def find_house(actor: Actor, area_id: int) -> Area:
    """A building or group of which the actor keeps at least a stairwell; raises `NotThere`."""
    rows = Area.objects.current().of_kind(*HOUSES).filter(pk=area_id).select_related("level", "estate")
    area: Area | None = rows.defer("outline").first()
    if area is not None and (keeps_area(actor, area) or _keeps_part(actor, area)):
        return area
    raise NotThere("没有找到这个楼栋，或它不在您负责的范围内。")


def _keeps_part(actor: Actor, area: Area) -> bool:
    return any(seat.path.startswith(area.path) for seat in keeping_seats(actor))


def house_of(area: Area) -> Area:
    """The building of a stairwell; a building or group itself."""
    if area.level.kind != LevelKind.STAIRWELL:
        return area
    house: Area = Area.objects.select_related("level", "estate").get(path=area.path[: -Area.steplen])
    return house


def leaves_of(house: Area, actor: Actor) -> list[Area]:
    """The stairwells of a building that the actor keeps, or the house itself where it has none."""
    return place_and_leaves(house, actor)[1]


def place_and_leaves(house: Area, actor: Actor) -> tuple[str, list[Area]]:
    """A building in words, from the community down, and its stairwells as above; one query."""
    above = [house.path[:end] for end in range(Area.steplen, len(house.path), Area.steplen)]
    rows = Area.objects.filter(Q(path__in=above) | Q(path__startswith=house.path, ended_at=None)).exclude(pk=house.pk)
    around = list(rows.select_related("level").defer("outline").order_by("name_key", "path"))
    line = sorted((area for area in around if area.path in above), key=lambda area: area.path)
    stairwells = [area for area in around if area.path not in above]
    return spoken_line([*line, house]), [area for area in stairwells or [house] if keeps_area(actor, area)]
