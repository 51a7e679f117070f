"""The places whose counts an office may read: its own and those below it, down to the communities."""

from __future__ import annotations

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor

BEARING = (LevelKind.DISTRICT, LevelKind.STREET, LevelKind.COMMUNITY)


def places_of(actor: Actor) -> list[tuple[Area, str]]:
    """The places of the actor's offices down to the communities, set in by their level (one query)."""
    paths = [seat.path for seat in actor.seats_with(*OFFICE_ROLES)]
    rows = Area.objects.get_queryset().under_paths(paths).current().of_kind(*BEARING).defer("outline").order_by("path")
    areas = list(rows.select_related("level"))
    top = min((area.depth for area in areas), default=0)
    return [(area, "　" * (area.depth - top) + area.name) for area in areas]
