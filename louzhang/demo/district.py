"""What stands of the demo while it is being made: places with their people, for the matters to happen in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, Unit
from louzhang.areas.queries import actor_for
from louzhang.journal.actor import Actor


@dataclass
class Building:
    """A building with its stairwells, its chief and where it stands."""

    area: Area
    grid: Grid
    estate: str
    place: tuple[float, float]
    stairwells: list[Area] = field(default_factory=list)
    chief: Post | None = None


@dataclass
class Grid:
    """A grid with its full-time worker."""

    area: Area
    place: tuple[float, float]
    worker: Post | None = None


@dataclass
class Community:
    """A community with its office, its grids and, in some, its buildings and their companies."""

    area: Area
    street: Area
    office: Unit
    grids: list[Grid] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    properties: dict[str, Unit] = field(default_factory=dict)
    owners: dict[str, Unit] = field(default_factory=dict)


@dataclass
class District:
    """The whole demo district; `at` is the moment everything was set up.

    `desks` and `offices` are by the id of the area whose office they are, `teams` by that of the street,
    `members` by that of the unit (an office counts as one), `units` by their key in `places.toml`.
    """

    at: datetime
    root: Area
    communities: list[Community] = field(default_factory=list)
    desks: dict[int, list[User]] = field(default_factory=dict)
    offices: dict[int, Unit] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    teams: dict[int, Unit] = field(default_factory=dict)
    members: dict[int, list[User]] = field(default_factory=dict)
    residents: list[User] = field(default_factory=list)
    _actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, user: User) -> Actor:
        """The person with the posts of the demo, which nobody changes while it is made."""
        if user.pk not in self._actors:
            self._actors[user.pk] = actor_for(user, self.at)
        return self._actors[user.pk]

    def built_up(self) -> list[Community]:
        """The communities that have buildings."""
        return [community for community in self.communities if community.buildings]
