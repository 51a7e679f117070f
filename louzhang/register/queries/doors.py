"""Doors to choose from on a phone without a signal: where they are, and nobody behind them."""

from __future__ import annotations

from louzhang.areas.models import RANKS, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.register.models import Dwelling


def own_doors(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The doors where an actor keeps the register, by building and stairwell: pairs of id and door; two queries.

    Each names its place: once chosen it stands alone, and there is a 501 in every stairwell.
    """
    rows = Dwelling.objects.kept_by(actor).current().select_related("area").defer("area__outline")
    doors = list(rows.order_by("area__path", "floor", "position", "door"))
    places = spoken_places({door.area for door in doors}, from_rank=RANKS[LevelKind.BUILDING]) if doors else {}
    groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for door in doors:
        place = groups.setdefault(door.area_id, (places[door.area_id], []))
        place[1].append((str(door.uid), f"{place[0]} {door.door}"))
    return list(groups.values())
