"""What the register of a community holds, as far as an import must know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stairwell, a building without any or a group: where doors are; `key` and `estate` as places are compared."""

    area_id: int
    building_id: int
    building: str
    estate: str
    stairwell: str = ""
    name: str = ""
    words: str = ""  # for people: 12号楼2单元


@dataclass(slots=True)
class Person:
    """Somebody registered; `household_id` is None where they live nowhere now, not in this community, or shielded.

    `is_near` tells of such a one that they were last known here, so that the community reads the row anyway. `since`
    is the day from which they live there; of whom lives nowhere the day they left.
    """

    resident_id: int
    name: str
    tie: str = ""
    id_index: str = ""
    phone_index: str = ""
    sex: str = ""
    birth_year: int | None = None
    household_id: int | None = None
    since: date | None = None
    is_near: bool = False
    is_dead: bool = False


@dataclass(slots=True)
class Family:
    """A household that lives behind a door."""

    household_id: int
    starts_on: date
    people: list[Person] = field(default_factory=list)


@dataclass(slots=True)
class Home:
    """A door that stands."""

    dwelling_id: int
    kind_id: int | None
    is_vacant: bool = False
    families: list[Family] = field(default_factory=list)


@dataclass
class Standing:
    """All of it, by what lines are compared by."""

    leaves: list[Leaf] = field(default_factory=list)
    homes: dict[tuple[int, str], Home] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    kind_names: Mapping[int, str] = field(default_factory=dict)
