"""数字: dwellings by kind, households, residents by age group, for each place next below one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Left

from louzhang.areas.models import Area
from louzhang.register.models import Dwelling, DwellingKind, Household, Stay
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


def sheets_of(ward: Ward, day: date) -> list[Sheet]:
    """The tables of a place in reach: homes, households and people; five queries."""
    places = _next_below(ward.area)
    kinds = list(DwellingKind.objects.filter(ended_at=None).order_by("position", "pk"))
    standing = Case(When(kind__ended_at=None, then=F("kind_id")), output_field=BigIntegerField())
    doors = _by(ward.area, Dwelling.objects.current(), "area__path", standing)
    homes = _by(ward.area, Household.objects.as_of(day), "dwelling__area__path", Value(0))
    people = _by(ward.area, Stay.objects.as_of(day), "household__dwelling__area__path", _age_group(day))
    of_kind: list[tuple[str, Any]] = [(kind.name, kind.pk) for kind in kinds]
    ages: list[tuple[str, Any]] = [(label, place) for place, (label, _, _) in enumerate(AGES)]
    return [
        _sheet("房屋，按类型", places, [*of_kind, (NO_KIND, None)], doors, ward),
        _sheet("居民，按年龄", places, [*ages, (UNKNOWN_AGE, len(AGES))], people, ward),
        _sheet("住户", places, [("户", 0)], homes, ward),
    ]


def _next_below(area: Area) -> list[Area]:
    rows = Area.objects.get_queryset().under_paths([area.path]).current().filter(depth=area.depth + 1)
    return list(rows.defer("outline").order_by("path"))


def _by(area: Area, rows: QuerySet[Any], path: str, group: Any) -> Counter[tuple[str, Any]]:
    """Counts by the place next below and by a group."""
    step = len(area.path) + Area.steplen
    here = rows.filter(**{f"{path}__gte": area.path, f"{path}__lt": area.path + "~"}).order_by()
    found = here.annotate(at=Left(path, step), group=group).values_list("at", "group").annotate(count=Count("pk"))
    return Counter({(at, key): count for at, key, count in found})


def _age_group(day: date) -> Case:
    """The place of the age group somebody belongs to this year; after the last for an unknown year."""
    years = [
        When(
            Q(resident__birth_year__gt=day.year - below, resident__birth_year__lte=day.year - since), then=Value(place)
        )
        for place, (_, since, below) in enumerate(AGES)
    ]
    return Case(*years, default=Value(len(AGES)), output_field=IntegerField())


def _sheet(
    title: str,
    places: Sequence[Area],
    columns: Sequence[tuple[str, Any]],
    counts: Counter[tuple[str, Any]],
    ward: Ward,
) -> Sheet:
    table = with_sums([[counts[place.path, key] for _, key in columns] for place in places])
    cells: Cells = [list(row) for row in table] if ward.is_inside else suppressed(table)
    labels = [*(place.name for place in places), TOTAL] if places else []
    has_one = len(columns) == 1
    rows = tuple((label, tuple(row[:-1] if has_one else row)) for label, row in zip(labels, cells, strict=True))
    names = tuple(label for label, _ in columns)
    return Sheet(title, names if has_one else (*names, TOTAL), rows)
