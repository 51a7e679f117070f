"""When a household is due: pure arithmetic on days, nothing of tables or clocks.

A visit counts from its own day, not from the day it was due: who came early or late is not paid back. What arrives
late from a phone never moves a day back.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK, MONTH = "day", "week", "month"
WEEK_DAYS = 7
MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Beat:
    """Every so many days, weeks or months."""

    every: int
    span: str

    @property
    def days(self) -> int:
        """How many days one round has, about."""
        return self.every * {DAY: 1, WEEK: WEEK_DAYS, MONTH: MONTH_DAYS}[self.span]


def next_on(last_on: date, beat: Beat) -> date:
    """The day one round after a day; a month ends with its own last day (31 January, then 28 February)."""
    if beat.span == MONTH:
        months = last_on.year * 12 + last_on.month - 1 + beat.every
        year, month = divmod(months, 12)
        return date(year, month + 1, min(last_on.day, monthrange(year, month + 1)[1]))
    return last_on + timedelta(days=beat.days)


def first_on(starts_on: date, beat: Beat, number: int) -> date:
    """The first day of a household nobody has been to: the homes of a place are spread over the first round."""
    return starts_on + timedelta(days=number % beat.days)


def due_on(last_on: date | None, starts_on: date, beat: Beat, number: int) -> date:
    """The day a household is due: a round after the last visit, never before the rhythm began."""
    if last_on is None:
        return first_on(starts_on, beat, number)
    return max(starts_on, next_on(last_on, beat))


def later_of(last_on: date | None, visited_on: date) -> date:
    """The last visit, when one more becomes known."""
    return visited_on if last_on is None else max(last_on, visited_on)


def period_of(day: date, beat: Beat) -> tuple[date, date]:
    """The round of the calendar a day lies in, from its first day up to the first of the next (weeks, months)."""
    if beat.span == MONTH:
        first = day.replace(day=1)
        return first, next_on(first, Beat(1, MONTH))
    if beat.span == WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=WEEK_DAYS)
    return day, day + timedelta(days=1)
