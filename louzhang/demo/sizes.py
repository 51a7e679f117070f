"""How large the demo is, and the places it plays in as `places.toml` names them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("places.toml")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each; the full size is the district of the handbook (R11)."""

    streets: int = 7
    communities: int = 52
    grids: int = 315
    built_up: int = 6
    buildings: tuple[int, int] = (10, 20)
    stairwells: tuple[int, int] = (2, 4)
    residents: int = 8
    orders: int = 400
    older_orders: int = 12
    days: int = 60
    photos: int = 18


FULL = Sizes()
SMALL = Sizes(
    streets=2,
    communities=4,
    grids=9,
    built_up=1,
    buildings=(3, 4),
    stairwells=(1, 2),
    residents=2,
    orders=0,
    older_orders=2,
    photos=2,
)


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """A street with the communities it gets and how many grids each of them gets."""

    code: str
    name: str
    communities: Sequence[tuple[str, int]]
    estates: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlacePlan:
    """The district as it will be laid out."""

    name: str
    code: str
    order_prefix: str
    hotline: str
    outline: Sequence[Sequence[float]]
    streets: Sequence[StreetPlan]
    units: Sequence[dict[str, Any]]


def plan_places(sizes: Sizes) -> PlacePlan:
    """Read the places and share the grids out among the communities, at least one each."""
    with FILE.open("rb") as file:
        written = tomllib.load(file)
    named = written["street"][: sizes.streets]
    kept = _kept([len(street["communities"]) for street in named], sizes.communities)
    shares = iter(_shares(sizes.grids, sum(kept)))
    streets = [
        StreetPlan(
            code=street["code"],
            name=street["name"],
            communities=[(name, next(shares)) for name in street["communities"][:number]],
            estates=street["estates"] if position < sizes.built_up else [],
        )
        for position, (street, number) in enumerate(zip(named, kept, strict=True))
    ]
    facts = {key: written[key] for key in ("name", "code", "order_prefix", "hotline", "outline")}
    return PlacePlan(streets=streets, units=written["unit"], **facts)


def _kept(named: Sequence[int], wanted: int) -> list[int]:
    """How many communities of each street to take, as evenly as the names allow."""
    kept = [0] * len(named)
    while sum(kept) < min(wanted, sum(named)):
        room = [index for index, number in enumerate(named) if kept[index] < number]
        kept[min(room, key=lambda index: kept[index] / named[index])] += 1
    return kept


def _shares(total: int, parts: int) -> list[int]:
    """Whole numbers that differ by one at most and add up to the total."""
    return [(index + 1) * total // parts - index * total // parts for index in range(parts)]
