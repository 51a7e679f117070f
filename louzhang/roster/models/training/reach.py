"""Whom something of an office reaches: everybody who works below it, and the offices on its own line."""

from __future__ import annotations

from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.register.scope import NO_ROW, seat_paths

READER_ROLES = (*FIELD_ROLES, *OFFICE_ROLES)


def refuse_none(actor: Actor) -> None:
    """Raise for anything but an actor: None is never everyone."""
    if not isinstance(actor, Actor):
        raise TypeError("scope needs an Actor; None is never everyone")


def reached(actor: Actor, column: str = "area") -> Q | None:
    """Rows of an office on the line above one of the actor's posts, that post's own place among them."""
    step = Area.steplen
    paths = {
        seat.path[:end] for seat in actor.seats_with(*READER_ROLES) for end in range(step, len(seat.path) + 1, step)
    }
    return Q(**{f"{column}__path__in": sorted(paths)}) if paths else None


def run_by(actor: Actor, column: str = "area") -> Q | None:
    """Rows of the actor's own offices and of those below them."""
    seats = actor.seats_with(*OFFICE_ROLES)
    return seat_paths(seats, column) if seats else None


def either(*terms: Q | None) -> Q:
    """Rows for which any of these holds; no row where there is none."""
    found = NO_ROW
    for term in terms:
        if term is not None:
            found |= term
    return found
