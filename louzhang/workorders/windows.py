"""When a routing rule holds: days of the week, hours of the day, from a day to a day. Pure; knows no table.

Moments are those of the district's clock. Hours may go over midnight; the day of the week is that of
the moment itself, so the small hours belong to the day that has begun. `ends_on` is the first day on
which it no longer holds, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
ALL_WEEK = frozenset(range(1, 8))
DAY_MINUTES = 24 * 60

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """A window; what is left empty does not narrow it. Weekdays count from 1, Monday."""

    weekdays: frozenset[int] = frozenset()
    opens: time | None = None
    closes: time | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment of the district's clock lies in the window."""
        minute = moment.hour * 60 + moment.minute
        return (
            self._has_day(moment.date())
            and (not self.weekdays or moment.isoweekday() in self.weekdays)
            and any(start <= minute < stop for start, stop in self._spans())
        )

    def _has_day(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether it will not hold on this day or any later one."""
        return self.ends_on is not None and self.ends_on <= day

    def covers(self, other: Window) -> bool:
        """Whether this window holds whenever the other does."""
        return self._covers_days(other) and self._covers_weekdays(other) and self._covers_hours(other)

    def _covers_days(self, other: Window) -> bool:
        from_start = self.starts_on is None or (other.starts_on is not None and self.starts_on <= other.starts_on)
        to_end = self.ends_on is None or (other.ends_on is not None and other.ends_on <= self.ends_on)
        return from_start and to_end

    def _covers_weekdays(self, other: Window) -> bool:
        return (other.weekdays or ALL_WEEK) <= (self.weekdays or ALL_WEEK)

    def _covers_hours(self, other: Window) -> bool:
        own = self._spans()
        return all(any(start <= first and last <= stop for start, stop in own) for first, last in other._spans())

    def _spans(self) -> Sequence[Span]:
        """The minutes of a day it holds, from and up to; two spans where it goes over midnight."""
        if self.opens is None or self.closes is None:
            return [(0, DAY_MINUTES)]
        first, last = _minute(self.opens), _minute(self.closes)
        if first < last:
            return [(first, last)]
        return [(first, DAY_MINUTES), (0, last)] if last else [(first, DAY_MINUTES)]

    @property
    def spoken(self) -> str:
        """The window in words; empty where nothing narrows it."""
        parts = (_spoken_days(self.starts_on, self.ends_on), _spoken_weekdays(self.weekdays), self._spoken_hours())
        return "，".join(part for part in parts if part)

    def _spoken_hours(self) -> str:
        if self.opens is None or self.closes is None:
            return ""
        next_day = "次日 " if self.opens > self.closes else ""
        return f"{self.opens:%H:%M} 至 {next_day}{self.closes:%H:%M}"


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _spoken_days(starts_on: date | None, ends_on: date | None) -> str:
    start = f"从 {starts_on} 起" if starts_on else ""
    return start + (f"到 {ends_on} 止" if ends_on else "")


def _spoken_weekdays(weekdays: frozenset[int]) -> str:
    """周一至周五 for neighbours, else one by one; empty for any day."""
    if not weekdays or weekdays == ALL_WEEK:
        return ""
    days = sorted(weekdays)
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0] - 1]}至{WEEKDAYS[days[-1] - 1]}"
    return "、".join(WEEKDAYS[day - 1] for day in days)
