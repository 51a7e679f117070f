"""Places in words: one line for a row of a list, and finding a building by two characters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor

__all__ = ["FoundPlace", "find_places", "offices_and_grids", "spoken_places"]

FOUND_AT_MOST = 12
ROOTS_AT_MOST = 40
SHORTEST_WORDS = 2
_PARTS = re.compile(r"[0-9]+[^\s0-9]*|[^\s0-9]+")


def offices_and_grids(root_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Streets, communities and grids in these areas, in the order of the tree, set in by their level (two queries)."""
    kinds = (LevelKind.DISTRICT, LevelKind.STREET, LevelKind.COMMUNITY, LevelKind.GRID)
    rows = Area.objects.within(*root_ids).current().of_kind(*kinds).order_by("path")
    listed = list(rows.values_list("pk", "name", "depth"))
    top = min((depth for _, _, depth in listed), default=0)
    return [{"id": pk, "name": name, "label": "　" * (depth - top) + name} for pk, name, depth in listed]


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One place of a search: what is posted, and what is read."""

    area_id: int
    label: str
    is_near: bool


def find_places(words: str, actor: Actor) -> list[FoundPlace]:
    """Places whose name, with the names above it, holds every part typed ("彩虹12", "12号楼 彩虹").

    Those below the actor's own seats come first, then buildings before larger places. Two
    characters at least. At most 12 (three queries).
    """
    parts = _PARTS.findall(words.strip())[:4]
    if len("".join(parts)) < SHORTEST_WORDS:
        return []
    rows = Area.objects.current().filter(depth__gte=2).exclude(level__kind=LevelKind.STAIRWELL)
    for part in parts:
        rows = rows.filter(_named(part))
    near = _own_ground(actor)
    found = rows.select_related("level").defer("outline", "chain_head").order_by("-level__kind", "path")
    ranked = sorted(found[: 8 * FOUND_AT_MOST], key=lambda area: (not _is_in(area, near), *_order(area, parts)))
    chosen = ranked[:FOUND_AT_MOST]
    lines = spoken_places(chosen, from_rank=RANKS[LevelKind.STREET])
    return [FoundPlace(area.pk, lines[area.pk], _is_in(area, near)) for area in chosen]


def _named(part: str) -> Q:
    """The area is named so, or lies below one (or in an estate) that is."""
    term = Q(name__contains=part) | Q(estate__name__contains=part)
    roots = Area.objects.current().filter(name__contains=part, level__kind__in=_ROOT_KINDS).order_by()
    for path in roots.values_list("path", flat=True)[:ROOTS_AT_MOST]:
        term |= Q(path__gte=path, path__lt=path + "~")
    return term


_ROOT_KINDS = (LevelKind.STREET, LevelKind.COMMUNITY, LevelKind.GRID)


def _order(area: Area, parts: list[str]) -> tuple[bool, int, str]:
    """Exact names first, then the lowest place, then the order of the tree."""
    return area.name not in parts and not area.name.startswith(parts[-1]), -RANKS[area.level.kind], area.path


def _own_ground(actor: Actor) -> list[str]:
    return [seat.path for seat in actor.seats_with(*OFFICE_ROLES, *FIELD_ROLES) if seat.path]


def _is_in(area: Area, paths: list[str]) -> bool:
    return any(area.path.startswith(path) for path in paths)
