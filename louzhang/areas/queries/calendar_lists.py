"""What the pages of the working calendar show: a year by months, who works when."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from louzhang.areas.models import DayKind, Unit, WorkingDay, WorkingHours
from louzhang.areas.rights import units_visible_to
from louzhang.areas.working_days import (
    STANDARD_SPANS,
    STANDARD_WEEKDAYS,
    days_of,
    expected_day,
    spoken_hours,
    weekday_name,
)
from louzhang.journal.actor import Actor

LETTERS = {DayKind.HOLIDAY: "休", DayKind.SWAPPED: "班"}
STANDARD_WORDS = spoken_hours(STANDARD_WEEKDAYS, STANDARD_SPANS, works_on_holidays=False)


@dataclass(frozen=True, slots=True)
class Day:
    """One day as it is shown; whose word it is and why, where somebody said so."""

    date: date
    kind: DayKind
    name: str = ""
    is_provisional: bool = False
    author: str = ""
    reason: str = ""

    @property
    def letter(self) -> str:
        """The sign that stands beside the number: 休 for a holiday, 班 for a swapped day."""
        return LETTERS.get(self.kind, "")

    @property
    def is_free(self) -> bool:
        """Whether it is no day of work for an office."""
        return self.kind in {DayKind.REST, DayKind.HOLIDAY}

    @property
    def spoken(self) -> str:
        """In words: 10月1日 周四，放假，国庆节."""
        facts = [f"{self.date.month}月{self.date.day}日 {weekday_name(self.date)}", self.kind.label, self.name]
        facts += [self.reason, "暂定" if self.is_provisional else ""]
        return "，".join(fact for fact in facts if fact)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of seven, with None for days of its neighbours."""

    number: int
    weeks: list[list[Day | None]]


def days_shown(year: int) -> list[Day]:
    """Every day of a year: from the table, or before it is filled as it is expected."""
    rows = {row.date: row for row in WorkingDay.objects.filter(date__year=year).select_related("author")}
    return [_day(day, rows.get(day)) for day in days_of(year)]


def find_day(day: date) -> Day:
    """One day, as `days_shown` has it."""
    return _day(day, WorkingDay.objects.filter(date=day).select_related("author").first())


def is_filled(year: int) -> bool:
    """Whether a year is in the table."""
    return WorkingDay.objects.filter(date=date(year, 1, 1)).exists()


def _day(day: date, row: WorkingDay | None) -> Day:
    if row is None:
        expected = expected_day(day)
        return Day(day, expected.kind, expected.name, expected.is_provisional)
    author = row.author.name if row.author else ""
    return Day(day, DayKind(row.kind), row.name, row.is_provisional, author, row.reason)


def months_of(days: list[Day]) -> Iterator[Month]:
    """The days of a year by months and weeks, Monday first."""
    by_date = {day.date: day for day in days}
    year = days[0].date.year
    for number in range(1, 13):
        weeks = Weeks().monthdatescalendar(year, number)
        yield Month(number, [[by_date.get(day) if day.month == number else None for day in week] for week in weeks])


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Hours of somebody, now or to come."""

    hours: WorkingHours
    is_coming: bool

    @property
    def spoken(self) -> str:
        """When they work, in words."""
        row = self.hours
        return spoken_hours(row.weekdays, row.spans, works_on_holidays=row.works_on_holidays)


def hours_shown(actor: Actor, today: date) -> list[HoursRow]:
    """The hours that hold or will hold: the district's first, then of units in scope by name."""
    rows = _lasting(today).filter(Q(unit=None) | Q(unit__in=units_visible_to(actor)))
    found = sorted(rows, key=lambda row: (row.unit is not None, row.unit.name_key if row.unit else "", row.starts_on))
    return [HoursRow(row, row.starts_on > today) for row in found]


def hours_of_unit(unit: Unit | None, today: date) -> list[HoursRow]:
    """The hours of one unit, or of the district, that hold or will hold."""
    rows = _lasting(today).filter(unit=unit).order_by("starts_on")
    return [HoursRow(row, row.starts_on > today) for row in rows]


def _lasting(today: date) -> QuerySet[WorkingHours]:
    lasting = Q(ends_on=None) | Q(ends_on__gt=today)
    rows: QuerySet[WorkingHours] = WorkingHours.objects.filter(lasting).select_related("unit", "author")
    return rows
