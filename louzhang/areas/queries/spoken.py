"""Places in words: the line of an area from a level down, as people say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.kit.compiled import OneOf, compiled


def spoken_places(areas: Iterable[Area], *, from_rank: int = RANKS[LevelKind.COMMUNITY]) -> dict[int, str]:
    """The line of each area from a level down, by id: "彩虹社区 12号楼 2单元" (one query).

    Grids are left out between a community and its buildings; an area above the level stands for
    itself.
    """
    wanted = {area.pk: area for area in areas}
    above = _names_above(area.path for area in wanted.values())
    return {pk: _line(area, above, from_rank) for pk, area in wanted.items()}


def _names_above(paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    lines = {path[:end] for path in paths for end in range(Area.steplen, len(path) + 1, Area.steplen)}
    return {path: (name, kind) for path, name, kind in _at(paths=sorted(lines))} if lines else {}


@compiled
def _at(*, paths: Any) -> QuerySet[Area, Any]:
    rows: QuerySet[Area] = Area.objects.filter(OneOf("path", paths)).order_by()
    return rows.values_list("path", "name", "level__kind")


def _line(area: Area, names: dict[str, tuple[str, str]], from_rank: int) -> str:
    steps = [area.path[:end] for end in range(Area.steplen, len(area.path) + 1, Area.steplen)]
    return _said([(step == area.path, *names[step]) for step in steps if step in names], from_rank)


def spoken_line(line: Sequence[Area], *, from_rank: int = RANKS[LevelKind.COMMUNITY]) -> str:
    """The same of one area whose line is at hand, the district first (`line_of`)."""
    return _said([(area is line[-1], area.name, area.level.kind) for area in line], from_rank)


def _said(line: Iterable[tuple[bool, str, str]], from_rank: int) -> str:
    return " ".join(
        name for is_last, name, kind in line if is_last or (RANKS[kind] >= from_rank and kind != LevelKind.GRID)
    )
