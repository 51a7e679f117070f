"""A small district to play on: one community with its desk, buildings, and the company that looks after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from louzhang.accounts.actions import register_person
from louzhang.accounts.models import User
from louzhang.areas.actions import Newcomer, add_area, add_unit, appoint_post, found_district, serve_area
from louzhang.areas.models import Area, AreaLevel, LevelKind, PostKind, Unit, UnitKind
from louzhang.areas.queries import actor_for
from louzhang.areas.roles import KEEPER_ROLES, Role
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.workorders.actions import load_preset, load_starter_categories

BUILDINGS = 6
STAIRWELLS = 3


@dataclass
class Ground:
    """The places and people of a scenario."""

    at: datetime
    root: Area
    levels: dict[str, AreaLevel]
    phones: Iterator[int] = field(default_factory=lambda: count(1))
    community: Area | None = None
    grid: Area | None = None
    buildings: list[Area] = field(default_factory=list)
    stairwells: list[Area] = field(default_factory=list)

    def area(self, kind: str, name: str, parent: Area) -> Area:
        """Add a place below another."""
        code = f"{kind}-{next(self.phones)}"
        made: Area = add_area(parent=parent, level=self.levels[kind], name=name, code=code, actor=SYSTEM, at=self.at)
        return made

    def person(self, name: str, role: Role, *, area: Area | None = None, unit: Unit | None = None) -> User:
        """Register somebody and appoint them."""
        phone = f"1390001{next(self.phones):04d}"
        user = register_person(name=name, phone=phone, actor=SYSTEM, at=self.at)
        appoint_post(user=user, role=role, area=area, unit=unit, kind=PostKind.PAID, actor=SYSTEM, at=self.at)
        return user

    def unit(self, name: str, kind: UnitKind, served: Area) -> Unit:
        """Add a unit that serves a place."""
        unit = add_unit(name=name, kind=kind, actor=SYSTEM, at=self.at)
        serve_area(unit=unit, area=served, actor=SYSTEM, at=self.at)
        return unit

    def actor(self, user: User) -> Actor:
        """Somebody with the posts held."""
        return actor_for(user, self.at)


def founded_district(at: datetime) -> Ground:
    """Found a district with its categories and clocks, and nothing below it."""
    keepers = {role: Newcomer(f"情景{role.label}", f"1390000{number:04d}") for number, role in enumerate(KEEPER_ROLES)}
    founded = found_district(name="情景区", code="990000", order_prefix="QJ", keepers=keepers, actor=SYSTEM, at=at)
    load_starter_categories(actor=SYSTEM, at=at)
    load_preset(key="plain", actor=SYSTEM, at=at)
    return Ground(at=at, root=founded.root, levels={level.kind: level for level in AreaLevel.objects.all()})


def small_district(at: datetime) -> Ground:
    """Found a district with one community of a few buildings, its categories and clocks."""
    ground = founded_district(at)
    street = ground.area(LevelKind.STREET, "情景街道", ground.root)
    ground.community = ground.area(LevelKind.COMMUNITY, "情景社区", street)
    ground.grid = ground.area(LevelKind.GRID, "1号网格", ground.community)
    for number in range(1, BUILDINGS + 1):
        building = ground.area(LevelKind.BUILDING, f"{number}号楼", ground.grid)
        ground.buildings.append(building)
        names = (f"{entrance}单元" for entrance in range(1, STAIRWELLS + 1))
        ground.stairwells += [ground.area(LevelKind.STAIRWELL, name, building) for name in names]
    return ground
