"""A building as a picture: floors down the side, stairwells across, a cell for each home (pages.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.beside import Mark, marks_on
from louzhang.register.models import Dwelling, Stay, Tie
from louzhang.register.models.shelters import unsheltered
from louzhang.register.queries.buildings import place_and_leaves
from louzhang.register.scope import knows_vacancy

# More doors across than a phone has room for; more floors than fit its height.
FITS_ACROSS, FITS_DOWN = 6, 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One home: its door, kind and what it carries; `people` live there now, `names` are those of their heads."""

    dwelling: Dwelling
    names: str
    people: int
    is_vacant: bool
    is_due: bool
    is_cared: bool

    @property
    def letter(self) -> str:
        """The sign of the kind, or that it stands empty."""
        return "空" if self.is_vacant else (self.dwelling.kind.letter if self.dwelling.kind else "")

    @property
    def words(self) -> str:
        """The cell for a screen reader, after the door."""
        kind = self.dwelling.kind.name if self.dwelling.kind else "没有分类"
        home = "空置" if self.is_vacant else f"{self.people} 人" if self.people else "没有登记住户"
        due = "，有事要办" if self.is_due else ""
        care = "，有要关照的" if self.is_cared else ""
        return f"{kind}，{home}{due}{care}"


@dataclass(frozen=True, slots=True)
class Floor:
    """One storey: for each stairwell its cells, None where there is no home."""

    label: str
    stairs: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Stairs:
    """One stairwell and how many columns it takes."""

    area: Area
    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Elevation:
    """The whole picture; `place` is the building in words."""

    place: str
    stairs: tuple[Stairs, ...]
    floors: tuple[Floor, ...]
    cells: tuple[Cell, ...]

    @property
    def is_wide(self) -> bool:
        """Whether a phone shows only a part of it at a time."""
        return sum(stair.width for stair in self.stairs) > FITS_ACROSS

    @property
    def is_tall(self) -> bool:
        """Whether it scrolls by itself, so that the stairwells stay named."""
        return len(self.floors) > FITS_DOWN

    def by_stairs(self) -> list[tuple[Stairs, list[Cell]]]:
        """The same homes stairwell by stairwell, from the top as in the picture."""
        lowest = min((cell.dwelling.floor for cell in self.cells if cell.dwelling.floor is not None), default=0) - 1
        inside = sorted(
            self.cells,
            key=lambda cell: (
                -(lowest if cell.dwelling.floor is None else cell.dwelling.floor),
                cell.dwelling.position,
                cell.dwelling.door,
            ),
        )
        return [(stair, [cell for cell in inside if cell.dwelling.area_id == stair.area.pk]) for stair in self.stairs]


def elevation_of(house: Area, actor: Actor, at: datetime) -> Elevation:
    """The picture of a building as far as the actor keeps it; three queries and one for all marks."""
    place, leaves = place_and_leaves(house, actor)
    doors = list(
        Dwelling.objects.kept_by(actor)
        .current()
        .filter(area__in=leaves)
        .select_related("kind")
        .order_by("position", "door")
    )
    cells = _cells(doors, house, actor, at)
    by_leaf = {leaf.pk: [cell for cell in cells if cell.dwelling.area_id == leaf.pk] for leaf in leaves}
    stairs = tuple(
        Stairs(leaf, leaf.name if leaf.pk != house.pk else "", max(1, _widest(by_leaf[leaf.pk]))) for leaf in leaves
    )
    levels = sorted({cell.dwelling.floor for cell in cells}, key=lambda floor: (floor is not None, floor), reverse=True)
    floors = tuple(_floor(level, stairs, by_leaf) for level in levels)
    return Elevation(place, stairs, floors, tuple(cells))


def _cells(doors: Sequence[Dwelling], house: Area, actor: Actor, at: datetime) -> list[Cell]:
    ids = [door.pk for door in doors]
    people = _people_behind(ids, actor, at)
    marks: Mapping[int, Mark] = marks_on(ids, actor, at)
    told = knows_vacancy(actor, house)
    return [
        Cell(
            dwelling=door,
            names=_names(people.get(door.pk, [])),
            people=len(people.get(door.pk, [])),
            is_vacant=told and door.vacant_since is not None and door.pk not in people,
            is_due=marks.get(door.pk, Mark()).is_due,
            is_cared=marks.get(door.pk, Mark()).is_cared,
        )
        for door in doors
    ]


Lodger = tuple[int, str, str]


def _people_behind(ids: Collection[int], actor: Actor, at: datetime) -> dict[int, list[Lodger]]:
    """Who lives behind each door, by household, tie and name, but for those whom a protection order shields."""
    now = Stay.objects.as_of(clock.local_date(at)).filter(household__dwelling__in=ids)
    now = now.filter(unsheltered(actor, "resident_id", "household__dwelling__area")).order_by("pk")
    found: dict[int, list[Lodger]] = {}
    for door, *lodger in now.values_list("household__dwelling_id", "household_id", "tie", "resident__name"):
        found.setdefault(door, []).append((lodger[0], lodger[1], lodger[2]))
    return found


def _names(people: Sequence[Lodger]) -> str:
    """The households behind a door by the name of their head, or of whoever came first."""
    homes: dict[int, str] = {}
    for household, tie, name in people:
        if tie == Tie.HEAD or household not in homes:
            homes[household] = name
    return "、".join(homes.values())


def _widest(cells: Iterable[Cell]) -> int:
    floors: dict[int | None, int] = {}
    for cell in cells:
        floors[cell.dwelling.floor] = floors.get(cell.dwelling.floor, 0) + 1
    return max(floors.values(), default=0)


def _floor(level: int | None, stairs: Sequence[Stairs], by_leaf: Mapping[int, Sequence[Cell]]) -> Floor:
    rows = []
    for stair in stairs:
        here: list[Cell | None] = [cell for cell in by_leaf[stair.area.pk] if cell.dwelling.floor == level]
        rows.append(tuple(here + [None] * (stair.width - len(here))))
    return Floor("" if level is None else f"{level}层", tuple(rows))
