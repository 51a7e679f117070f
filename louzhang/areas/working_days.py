"""What kind of day a day is before anybody has said so: as published, else by its weekday.

The published arrangements come from the library chinesecalendar, which knows the years 2004 up to the last
one announced. A later year is plain weekdays, marked provisional, until the library or a person knows better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

from louzhang.areas.models import WEEKDAYS, DayKind, WorkingHours, kinds_of
from louzhang.kit.working_time import DAY_MINUTES, Spans

# What a district works that has not said otherwise: 09:00–12:00 and 13:30–17:30, Monday to Friday.
STANDARD_WEEKDAYS = (1, 2, 3, 4, 5)
STANDARD_SPANS: Spans = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
WEEKDAY_LETTERS = "一二三四五六日"
ROUND_THE_CLOCK: Spans = ((0, DAY_MINUTES),)

_NAMES: Mapping[str, str] = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
_PUBLISHED_YEARS = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """A day as it is published, or as its weekday suggests."""

    date: date
    kind: DayKind
    name: str = ""
    is_provisional: bool = False


def is_published(year: int) -> bool:
    """Whether the holidays of a year are known."""
    return year in _PUBLISHED_YEARS


def days_of(year: int) -> Iterator[date]:
    """Every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def weekday_name(day: date) -> str:
    """The day of the week in words."""
    return "周" + WEEKDAY_LETTERS[day.isoweekday() - 1]


def spoken_hours(weekdays: Sequence[int], spans: Spans, *, works_on_holidays: bool) -> str:
    """Hours in words: 周一至周五 09:00–12:00、13:30–17:30, or 每天 全天，放假也上班."""
    days = "每天" if len(weekdays) == len(WEEKDAYS) else _spoken_weekdays(weekdays)
    times = "全天" if spans == ROUND_THE_CLOCK else "、".join(f"{_wall(start)}–{_wall(stop)}" for start, stop in spans)
    return f"{days} {times}{'，放假也上班' if works_on_holidays else ''}"


def _spoken_weekdays(weekdays: Sequence[int]) -> str:
    names = ["周" + WEEKDAY_LETTERS[number - 1] for number in weekdays]
    is_row = len(weekdays) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1
    return f"{names[0]}至{names[-1]}" if is_row else "、".join(names)


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def expected_day(day: date) -> ExpectedDay:
    """What a day is without anybody of the district having said so."""
    ordinary = kinds_of(day)[0]
    if not is_published(day.year):
        return ExpectedDay(day, ordinary, is_provisional=True)
    is_free, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return ExpectedDay(day, ordinary)
    # The library names a worked weekend after the holiday it was moved for.
    kind = DayKind.HOLIDAY if is_free else DayKind.SWAPPED
    return ExpectedDay(day, kind, _NAMES.get(name, "") if kind is DayKind.HOLIDAY else "")


@lru_cache(maxsize=64)
def expected_exceptions(year: int) -> Mapping[date, DayKind]:
    """The days of a year that are not what their weekday says."""
    found = (expected_day(day) for day in days_of(year))
    return {each.date: each.kind for each in found if each.kind != kinds_of(each.date)[0]}


def spans_worked(kind: DayKind, day: date, hours: WorkingHours | None) -> Spans:
    """What is worked on a day of this kind under these hours; None stands for the standard ones.

    A swapped day is worked by everybody, a holiday only where the hours say so.
    """
    weekdays, spans = (STANDARD_WEEKDAYS, STANDARD_SPANS) if hours is None else (tuple(hours.weekdays), hours.spans)
    if kind == DayKind.SWAPPED:
        return spans
    if kind == DayKind.HOLIDAY and (hours is None or not hours.works_on_holidays):
        return ()
    return spans if day.isoweekday() in weekdays else ()
