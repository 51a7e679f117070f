"""A month as the clock of the district has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from louzhang.kit import clock

MONTHS = 12


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def shifted(month: date, by: int) -> date:
    """The first day of the month so many months later, or earlier."""
    year, place = divmod(month.year * MONTHS + month.month - 1 + by, MONTHS)
    return date(year, place + 1, 1)


def spoken(month: date) -> str:
    """2026年3月."""
    return f"{month.year}年{month.month}月"


def last_month(at: datetime) -> date:
    """The first day of the month before this one."""
    return shifted(first_of(clock.local_date(at)), -1)


@dataclass(frozen=True, slots=True)
class Span:
    """One month: its first day, that of the next, and the moments they begin."""

    month: date

    @property
    def next_month(self) -> date:
        """The first day that is no longer part of it."""
        return shifted(self.month, 1)

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return clock.day_start(self.month)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return clock.day_start(self.next_month)

    @property
    def recorded_from(self) -> datetime:
        """Nothing of it was recorded before this moment: what happened later was not written down earlier."""
        return min(self.begin, clock.now() - timedelta(hours=1))
