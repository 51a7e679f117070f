"""Who keeps the register of which place, written once.

A unit head keeps the own stairwell, a chief the own building, a grid worker the grid, the office of a
community all below it. Streets and the district see counts, never rows: what they do with people they do
through the community. Units, property companies, volunteers without such a post and the three
administrators see nothing. A person sees the own row, once the chief has confirmed who they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor, Seat
from louzhang.journal.refusals import NotYours

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
EVERY_ROW = Q(pk__isnull=False)
NO_ROW = Q(pk__in=[])
# A vacant home is for the chief and above (handbook, R7).
KNOW_VACANCY = (Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD, *OFFICE_ROLES)


def keeping_seats(actor: Actor) -> list[Seat]:
    """The seats by which an actor keeps the register of a place."""
    if not isinstance(actor, Actor):
        raise TypeError("scope needs an Actor; None is never everyone")
    offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
    return [seat for seat in (*actor.seats_with(*FIELD_ROLES), *offices) if seat.area_id is not None]


def kept_places(actor: Actor, column: str = "area") -> Q:
    """Rows whose area lies where the actor keeps the register; no row where there is no such place."""
    seats = keeping_seats(actor)
    return EVERY_ROW if actor.is_system else seat_places(seats, column)


def seat_places(seats: Iterable[Seat], column: str = "area") -> Q:
    """Rows whose area lies at or below one of these seats; no row for no seat."""
    paths = [seat.path for seat in seats if seat.path]
    if not paths:
        return NO_ROW
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    return Q(**{f"{column}_id__in": areas})


def seat_paths(seats: Iterable[Seat], column: str = "area") -> Q:
    """The same rows by the path of their area, for a condition that stands beside another one with "or".

    There the database would look a subquery up once for each place it goes through, and reads the whole table instead.
    """
    term = NO_ROW
    for seat in seats:
        if seat.path:
            term |= Q(**{f"{column}__path__gte": seat.path, f"{column}__path__lt": seat.path + "~"})
    return term


def keeps_area(actor: Actor, area: Area) -> bool:
    """The same of one area at hand, without asking the database."""
    return actor.is_system or any(area.path.startswith(seat.path) for seat in keeping_seats(actor))


def knows_vacancy(actor: Actor, area: Area) -> bool:
    """Whether the actor is told which homes of an area stand empty."""
    seats = [seat for seat in keeping_seats(actor) if seat.role in KNOW_VACANCY]
    return actor.is_system or any(area.path.startswith(seat.path) for seat in seats)


def refuse_looking_only(actor: Actor) -> None:
    """Raise `NotYours` for a program that may only look."""
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能修改人房登记。")
