"""The figures of a place and a period, added up from the roll-ups along one or more lines (by).

What an actor may not see is not in their figures: orders that begin above their office are left out
by the row's level, and complaints that name the actor, the own seat or the own unit are taken out
again one by one, since there are few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.db import connection

from louzhang.areas.models import Area
from louzhang.figures.buckets import COUNT
from louzhang.figures.contributions import Key, PlaceKey, Sums, UnitKey
from louzhang.figures.measures import STEPS, Figures
from louzhang.figures.models import CLOCKS, COUNTS, PlaceDay, UnitDay
from louzhang.figures.queries.chains import chains_of_orders
from louzhang.figures.queries.reach import Reach
from louzhang.kit import clock
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.scope import not_about


class By(StrEnum):
    """Along which line figures are told apart."""

    DAY = "day"
    COMMUNITY = "community"
    CATEGORY = "category"
    CHANNEL = "channel"
    UNIT = "unit"
    LEVEL = "level"


COLUMNS = {
    By.DAY: "day",
    By.COMMUNITY: "area_id",
    By.CATEGORY: "category_id",
    By.CHANNEL: "channel",
    By.UNIT: "unit_id",
    By.LEVEL: "settled_rank",
}
LineKey = date | int | str


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures along each line that was asked for, by key."""

    lines: dict[By, dict[Any, Figures]]

    def total(self) -> Figures:
        """Everything in the place, along whichever line does not tell units apart."""
        whole = Figures()
        by = next(by for by in self.lines if by is not By.UNIT)
        for figures in self.lines[by].values():
            whole.add(figures.values)
        return whole


def count_figures(reach: Reach, *bys: By) -> Counted:
    """Add up the roll-ups along these lines (one query, one more for units)."""
    lines: dict[By, dict[Any, Figures]] = {by: {} for by in bys}
    places = tuple(by for by in bys if by is not By.UNIT)
    if places:
        _read(PlaceDay, places, reach, lines)
    if By.UNIT in bys:
        _read(UnitDay, (By.UNIT,), reach, lines)
    _take_out(reach, lines)
    return Counted(lines)


def _read(
    model: type[PlaceDay | UnitDay], bys: tuple[By, ...], reach: Reach, lines: dict[By, dict[Any, Figures]]
) -> None:
    given: list[Any] = [reach.since, reach.until, reach.floor_rank]
    if not reach.is_whole:
        given += [reach.area.path, f"{reach.area.path}~"]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, bys, is_whole=reach.is_whole), given)
        for row in cursor.fetchall():
            place = next(index for index, key in enumerate(row[: len(bys)]) if key is not None)
            lines[bys[place]][row[place]] = Figures([value or 0 for value in row[len(bys) :]])


@cache
def _statement(model: type[PlaceDay | UnitDay], bys: tuple[By, ...], *, is_whole: bool) -> str:
    columns = [COLUMNS[by] for by in bys]
    sums = [f"sum(orders) FILTER (WHERE step = '{step}')" for step in STEPS]
    sums += [f"sum({name})" for name in COUNTS]
    sums += [f"sum({name}[{place}])" for name in CLOCKS for place in range(1, COUNT + 1)]
    below = f"SELECT id FROM {Area._meta.db_table} WHERE path >= %s AND path < %s"  # noqa: S608 - our own table
    where = "day BETWEEN %s AND %s AND floor_rank >= %s" + ("" if is_whole else f" AND area_id IN ({below})")
    groups = ", ".join(f"({column})" for column in columns)
    return (
        f"SELECT {', '.join((*columns, *sums))} FROM {model._meta.db_table}"  # noqa: S608 - names of our own columns
        f" WHERE {where} GROUP BY GROUPING SETS ({groups})"
    )


def _take_out(reach: Reach, lines: dict[By, dict[Any, Figures]]) -> None:
    """Take complaints out of the figures of whom they name (one query, a few more where there are any)."""
    hidden = _hidden_orders(reach)
    if not hidden:
        return
    area_ids = set(Area.objects.get_queryset().under_paths([reach.area.path]).order_by().values_list("pk", flat=True))
    sums = Sums()
    for chain in chains_of_orders(hidden):
        sums.follow(chain, chain.read())
    for key, row in sums.rows.items():
        if _is_within(key, reach, area_ids):
            for figures in _lines_of(key, lines):
                figures.add([*_steps(key, row), *row], -1)


def _hidden_orders(reach: Reach) -> list[int]:
    """The orders of the period that name the actor (one query)."""
    begin, end = clock.day_start(reach.since), clock.day_start(reach.until + timedelta(days=1))
    rows = WorkOrder.objects.filter(reported_at__gte=begin, reported_at__lt=end, floor_rank__gte=reach.floor_rank)
    return list(rows.exclude(not_about(reach.actor)).order_by().values_list("pk", flat=True))


def _is_within(key: Key, reach: Reach, area_ids: Collection[int]) -> bool:
    is_in_time = reach.since <= key.day <= reach.until
    return is_in_time and key.floor_rank >= reach.floor_rank and key.area_id in area_ids


def _lines_of(key: Key, lines: dict[By, dict[Any, Figures]]) -> Iterator[Figures]:
    for by, found in lines.items():
        if isinstance(key, UnitKey if by is By.UNIT else PlaceKey):
            figures = found.get(getattr(key, COLUMNS[by]))
            if figures is not None:
                yield figures


def _steps(key: Key, row: Sequence[int]) -> list[int]:
    return [row[0] if step == key.step else 0 for step in STEPS]
