"""数字: dwellings by kind, households, residents by age group, for each place next below one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from louzhang.areas.models import Area
from louzhang.kit import clock
from louzhang.register.models import DwellingKind
from louzhang.register.queries.counts import Counts, numbers_below
from louzhang.register.queries.offices import Ward
from louzhang.register.suppressing import Cells, suppressed, with_sums

# Age groups: what they are called, from which age, below which.
AGES: Sequence[tuple[str, int, int]] = (
    ("0–6 岁", 0, 7), ("7–17 岁", 7, 18), ("18–59 岁", 18, 60), ("60–79 岁", 60, 80), ("80 岁以上", 80, 1000),
)  # fmt: skip
UNKNOWN_AGE, NO_KIND = "没有出生年", "没有分类"
TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: what each line is (a place), the columns, the numbers with sums; None is hidden."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]

    @property
    def has_hidden(self) -> bool:
        """Whether some numbers are not told."""
        return any(count is None for _, counts in self.rows for count in counts)


def sheets_of(ward: Ward, at: datetime) -> list[Sheet]:
    """The tables of a place in reach: homes, households and people; ten queries at most."""
    places, today = _next_below(ward.area), clock.local_date(at)
    kinds = list(DwellingKind.objects.filter(ended_at=None).order_by("position", "pk"))
    numbers = numbers_below(ward.area, at)
    standing = {kind.pk for kind in kinds}
    doors = _grouped(numbers.doors, lambda kind: kind if kind in standing else None)
    people = _grouped(numbers.people, partial(_age_group, today))
    of_kind: list[tuple[str, Any]] = [(kind.name, kind.pk) for kind in kinds]
    ages: list[tuple[str, Any]] = [(label, place) for place, (label, _, _) in enumerate(AGES)]
    return [
        _sheet("房屋，按类型", places, [*of_kind, (NO_KIND, None)], doors, ward),
        _sheet("居民，按年龄", places, [*ages, (UNKNOWN_AGE, len(AGES))], people, ward),
        _sheet("住户", places, [("户", 0)], numbers.homes, ward),
    ]


def _next_below(area: Area) -> list[Area]:
    rows = Area.objects.get_queryset().under_paths([area.path]).current().filter(depth=area.depth + 1)
    return list(rows.defer("outline").order_by("path"))


def _grouped(counts: Counts, group_of: Callable[[int | None], int | None]) -> Counts:
    """The same counts by what each key belongs to."""
    grouped: Counts = Counter()
    for (path, key), number in counts.items():
        grouped[path, group_of(key)] += number
    return grouped


def _age_group(today: date, year: int | None) -> int:
    """The place of the age group of who was born in a year; after the last for an unknown year or one to come."""
    age = None if year is None else today.year - year
    return next(
        (place for place, (_, since, below) in enumerate(AGES) if age is not None and since <= age < below), len(AGES)
    )


def _sheet(
    title: str,
    places: Sequence[Area],
    columns: Sequence[tuple[str, Any]],
    counts: Counts,
    ward: Ward,
) -> Sheet:
    table = with_sums([[counts[place.path, key] for _, key in columns] for place in places])
    cells: Cells = [list(row) for row in table] if ward.is_inside else suppressed(table)
    labels = [*(place.name for place in places), TOTAL] if places else []
    has_one = len(columns) == 1
    rows = tuple((label, tuple(row[:-1] if has_one else row)) for label, row in zip(labels, cells, strict=True))
    names = tuple(label for label, _ in columns)
    return Sheet(title, names if has_one else (*names, TOTAL), rows)
