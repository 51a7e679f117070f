"""What the keys of figures are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from louzhang.areas.models import Area, LevelKind, Unit
from louzhang.figures.measures import Figures
from louzhang.figures.queries.counting import By
from louzhang.workorders.models import Category, Channel

LEVELS = {4: "网格（楼栋）", 3: "社区", 2: "街道", 1: "区", 0: "没有办结或不详"}
_CHANNELS = {channel.value: str(channel.label) for channel in Channel}

Line = tuple[Any, str, Figures]


def labelled(by: By, found: Mapping[Any, Figures], names: Mapping[Any, str] | None = None) -> list[Line]:
    """(key, name, figures) in the order in which people read them: time and levels by their own order,
    all else the most orders first; rows without anything are left out (one query for places, categories
    and units whose names are not given).
    """
    names = _NAMES[by](found) if names is None else names
    lines = [
        (key, names.get(key, str(key)), figures)
        for key, figures in found.items()
        if figures.orders or figures.count("sent_back")
    ]
    if by is By.DAY:
        return sorted(lines, key=lambda line: line[0])
    if by is By.LEVEL:
        return sorted(lines, key=lambda line: -line[0])
    return sorted(lines, key=lambda line: (-line[2].orders, line[1]))


def names_of(by: By, keys: Iterable[Any]) -> dict[Any, str]:
    """What the keys of a line are called (one query for places, categories and units)."""
    return _NAMES[by](keys)


def _days(keys: Iterable[date]) -> dict[Any, str]:
    return {day: day.isoformat() for day in keys}


def _areas(keys: Iterable[int]) -> dict[Any, str]:
    rows = Area.objects.filter(pk__in=list(keys)).order_by().values_list("pk", "name", "level__kind")
    return {pk: name if kind == LevelKind.COMMUNITY else f"{name}（未定到社区）" for pk, name, kind in rows}


def _categories(keys: Iterable[int]) -> dict[Any, str]:
    return {pk: name for pk, (name, _) in categories_of(keys).items()}


def categories_of(keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Name and code of each category; by the code the list of orders is narrowed (one query)."""
    rows = Category.objects.filter(pk__in=list(keys)).order_by().values_list("pk", "name", "code")
    return {pk: (name, code) for pk, name, code in rows}


def _units(keys: Iterable[int]) -> dict[Any, str]:
    return dict(Unit.objects.filter(pk__in=list(keys)).order_by().values_list("pk", "name"))


_NAMES: Mapping[By, Callable[[Iterable[Any]], dict[Any, str]]] = {
    By.DAY: _days,
    By.COMMUNITY: _areas,
    By.CATEGORY: _categories,
    By.CHANNEL: lambda _keys: dict(_CHANNELS),
    By.UNIT: _units,
    By.LEVEL: lambda _keys: dict(LEVELS),
}
