"""Numbers for streets and the district, who see no rows: homes, households and people by place, small ones hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.rights import offices_of
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.models import Dwelling, Household, Stay
from louzhang.register.queries.places import counted_by_path
from louzhang.register.scope import COMMUNITY_RANK

# Fewer than this are not told outside the community (standards.md, "People's data").
SHOWN_FROM = 5
Number = int | None


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place with its numbers; None for one too small to be told."""

    area: Area
    dwellings: Number
    households: Number
    people: Number


def counts_below(actor: Actor, at: datetime) -> list[PlaceCount]:
    """The numbers of every street or community next below the offices of an actor above communities; four queries.

    Nobody else gets any: who keeps the register reads the rows.
    """
    seats = [seat for seat in offices_of(actor) if seat.rank < COMMUNITY_RANK]
    if not seats:
        return []
    kinds = {LevelKind.STREET if seat.rank == RANKS[LevelKind.DISTRICT] else LevelKind.COMMUNITY for seat in seats}
    rows = Area.objects.get_queryset().under_paths([seat.path for seat in seats]).current().of_kind(*kinds)
    areas = list(rows.select_related("level").defer("outline").order_by("path"))
    day = clock.local_date(at)
    doors = counted_by_path(Dwelling.objects.current().order_by().values_list("area__path").annotate(Count("pk")))
    homes = counted_by_path(
        Household.objects.as_of(day).order_by().values_list("dwelling__area__path").annotate(Count("pk"))
    )
    stays = Stay.objects.as_of(day).order_by().values_list("household__dwelling__area__path")
    people = counted_by_path(stays.annotate(Count("pk")))
    return [
        PlaceCount(area, _told(doors[area.path]), _told(homes[area.path]), _told(people[area.path])) for area in areas
    ]


def _told(number: int) -> Number:
    return number if number == 0 or number >= SHOWN_FROM else None
