"""Visits and good deeds of a place and a period, by day or by community, added up from their roll-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum

from louzhang.areas.models import Area
from louzhang.figures.models import DEED_COUNTS, VISIT_COUNTS, DeedDay, VisitDay
from louzhang.figures.queries.counting import By
from louzhang.figures.queries.labels import names_of
from louzhang.figures.queries.reach import Reach

NAMES = (*VISIT_COUNTS, *DEED_COUNTS)
COLUMNS = {By.DAY: "day", By.COMMUNITY: "area_id"}
FieldLine = tuple[Any, str, "FieldFigures"]


@dataclass(slots=True)
class FieldFigures:
    """How many of each; every visit counts once, whoever made it."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))

    def add(self, counts: dict[str, int | None]) -> None:
        """Add some of them."""
        for name, count in counts.items():
            self.counts[name] += count or 0

    def __bool__(self) -> bool:
        return any(self.counts.values())


def count_field(reach: Reach, by: By) -> dict[Any, FieldFigures]:
    """The figures along days or communities, by key (two queries)."""
    column = COLUMNS[by]
    found: dict[Any, FieldFigures] = {}
    for model, names in ((VisitDay, VISIT_COUNTS), (DeedDay, DEED_COUNTS)):
        rows = model.objects.filter(day__range=(reach.since, reach.until)).order_by()
        if not reach.is_whole:
            below = Area.objects.get_queryset().under_paths([reach.area.path]).order_by().values("pk")
            rows = rows.filter(area_id__in=below)
        for row in rows.values(column).annotate(**{f"sum_{name}": Sum(name) for name in names}):
            figures = found.setdefault(row[column], FieldFigures())
            figures.add({name: row[f"sum_{name}"] for name in names})
    return found


def total_of(found: Iterable[FieldFigures]) -> FieldFigures:
    """All together."""
    whole = FieldFigures()
    for figures in found:
        whole.add(dict(figures.counts))
    return whole


def labelled_field(by: By, found: dict[Any, FieldFigures]) -> list[FieldLine]:
    """(key, name, figures): the latest day first, of communities the most visits first (one query for communities)."""
    names = names_of(by, found)
    lines = [(key, names.get(key, str(key)), figures) for key, figures in found.items() if figures]
    if by is By.DAY:
        return sorted(lines, key=_day, reverse=True)
    return sorted(lines, key=lambda line: (-line[2].counts["visits"], line[1]))


def _day(line: FieldLine) -> date:
    day: date = line[0]
    return day
