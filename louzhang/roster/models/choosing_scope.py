"""Where an actor stands to a round of choosing: offices, grids, homes."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.ties import own_term
from louzhang.register.models import own_households
from louzhang.register.models.bindings import own_residents

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]


def office_paths(actor: Actor, *, above: bool = False) -> list[str]:
    """Where the actor works in the office of a community, or of a street or the district."""
    offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    return [seat.path for seat in offices if (seat.rank < COMMUNITY_RANK if above else seat.rank == COMMUNITY_RANK)]


def reviewing_paths(actor: Actor) -> list[str]:
    """The grids an actor works in or leads."""
    return [seat.path for seat in actor.seats_with(Role.GRID_WORKER, Role.GRID_LEAD) if seat.path]


def home_paths(actor: Actor) -> list[str]:
    """The line of places down to each home of an actor, as confirmed; one query where there may be any."""
    if actor.user_id is None and not actor.device:
        return []
    homes = own_households(actor).order_by().values_list("dwelling__area__path", flat=True)
    step = Area.steplen
    return sorted({path[:end] for path in homes for end in range(step, len(path) + 1, step)})


def lives_below(actor: Actor, path: str) -> Q | None:
    """Rows whose place, at this column of its path, has a home of the actor in it; None for who has no home here."""
    if actor.user_id is None and not actor.device:
        return None
    return Q(Exists(own_households(actor).filter(dwelling__area__path__startswith=OuterRef(path))))


def concerns(actor: Actor, path: str) -> Q:
    """Rows of rounds in which the actor was named, as account or resident, or whose place they hold: none of theirs."""
    own = own_term(actor, "user_id")
    if own is None:
        return Q(pk__in=[])
    known = Q(resident__in=own_residents(actor).order_by().values("resident_id"))
    places, people = apps.get_model("roster", "Vacancy").objects, apps.get_model("roster", "Nominee").objects
    held = places.filter(outgoing__user_id=actor.user_id or 0).order_by().values("round_id")
    named = people.filter(own | known).order_by().values("round_id")
    return Q(**{f"{path}__in": named}) | Q(**{f"{path}__in": held})
