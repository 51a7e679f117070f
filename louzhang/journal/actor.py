"""Who acts: one frozen value that every queryset and every action receives.

Posts are resolved into it in `louzhang.areas` (see `areas.queries.actor_for`); the journal
only knows ids and role names, so that it can stay below every domain app.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    """What stands behind an act."""

    PERSON = "person"  # someone signed in
    DEVICE = "device"  # a resident's browser without an account
    TOKEN = "token"  # a person through a program: never more than the person
    SYSTEM = "system"  # the worker; a relation for timed verbs, not a superuser


@dataclass(frozen=True, slots=True)
class Seat:
    """One post held now: a role at exactly one area or one unit.

    `rank` is the level of the area (1 district … 6 stairwell; 0 for a post in a unit).
    `path` is the area's position in the tree, good for this request only. `is_stand_in` tells
    that somebody else's post is being filled for the time being.
    """

    post_id: int
    role: str
    area_id: int | None = None
    unit_id: int | None = None
    rank: int = 0
    path: str = ""
    is_stand_in: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the posts held now, a device, a token, or the system.

    `unit_ids` are the units the person works in, by a post in the unit or in the office of
    an area. `opened_report_ids` are reports opened by their tracking code in this visit.
    """

    kind: ActorKind
    user_id: int | None = None
    seats: tuple[Seat, ...] = ()
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    device: str = ""
    token_id: int | None = None
    opened_report_ids: frozenset[int] = field(default_factory=frozenset)
    is_read_only: bool = False

    @property
    def is_system(self) -> bool:
        """Whether the worker acts by the clock."""
        return self.kind is ActorKind.SYSTEM

    @property
    def owner_key(self) -> str:
        """Whose request keys these are; two actors never share one."""
        if self.kind is ActorKind.TOKEN:
            return f"token:{self.token_id}"
        if self.user_id is not None:
            return f"user:{self.user_id}"
        return f"{self.kind.value}:{self.device}"

    def seats_with(self, *roles: str) -> tuple[Seat, ...]:
        """The seats whose role is one of these."""
        return tuple(seat for seat in self.seats if seat.role in roles)

    def has_role(self, *roles: str) -> bool:
        """Whether any seat carries one of these roles."""
        return any(seat.role in roles for seat in self.seats)

    def post_at(self, area_id: int | None, unit_id: int | None) -> int | None:
        """The post that best explains an act on a row of this area or unit, for the event."""
        for seat in self.seats:
            if (area_id and seat.area_id == area_id) or (unit_id and seat.unit_id == unit_id):
                return seat.post_id
        return self.seats[0].post_id if self.seats else None

    def post_on(self, line: Sequence[int]) -> int | None:
        """The post that explains an act at the end of a line of areas: the nearest on it, else the first of all."""
        on = [seat for seat in self.seats if seat.area_id in line]
        nearest = max(on, key=lambda seat: seat.rank, default=None)
        return nearest.post_id if nearest else self.post_at(None, None)

    def post_above(self, path: str) -> int | None:
        """The post nearest above a place in the tree; None where no seat of the actor lies above it."""
        above = [seat for seat in self.seats if seat.path and path.startswith(seat.path)]
        nearest = max(above, key=lambda seat: seat.rank, default=None)
        return nearest.post_id if nearest else None


SYSTEM = Actor(kind=ActorKind.SYSTEM)
