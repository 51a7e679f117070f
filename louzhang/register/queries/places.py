"""Where dwellings lie: lines of areas, and which areas hold dwellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.queries import line_of
from louzhang.areas.queries.spoken import spoken_line
from louzhang.register.scope import COMMUNITY_RANK


def lines_of(area_ids: Iterable[int]) -> dict[int, list[int]]:
    """The ids of each area and all above it, the district first, by two queries however many."""
    wanted = dict(Area.objects.filter(pk__in=set(area_ids)).order_by().values_list("pk", "path"))
    step = Area.steplen
    starts = {path[:end] for path in wanted.values() for end in range(step, len(path) + 1, step)}
    ids = dict(Area.objects.filter(path__in=starts).order_by().values_list("path", "pk"))
    return {pk: [ids[path[:end]] for end in range(step, len(path) + 1, step)] for pk, path in wanted.items()}


def community_of(area_id: int) -> int:
    """The community a place lies in."""
    return lines_of([area_id])[area_id][COMMUNITY_RANK - 1]


def counted_by_path(rows: Iterable[tuple[str, int]]) -> Counter[str]:
    """Counts of leaves by the path of the leaf, and of every area above it."""
    counted: Counter[str] = Counter()
    for path, number in rows:
        for end in range(Area.steplen, len(path) + 1, Area.steplen):
            counted[path[:end]] += number
    return counted


@dataclass(frozen=True, slots=True)
class Where:
    """A place in words, and the id of its building or group."""

    words: str
    house_id: int


def where_is(area: Area) -> Where:
    """Where a leaf lies; one query."""
    line = line_of(area)
    house = next(node for node in reversed(line) if node.level.kind != LevelKind.STAIRWELL)
    return Where(spoken_line(line), house.pk)
