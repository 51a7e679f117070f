"""When a route is to be walked: pure arithmetic on days.

So many times a week are spread over the week: with two, one is due from Monday and the second from Thursday. What was
not walked in a week is not paid back in the next.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

WEEK_DAYS = 7


def week_of(day: date) -> tuple[date, date]:
    """Monday of a day's week and the Monday after it."""
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=WEEK_DAYS)


def wanted_by(day: date, times: int) -> int:
    """How many of so many rounds a week are wanted by the evening of a day."""
    return ceil(times * (day.weekday() + 1) / WEEK_DAYS)


def is_due(day: date, walked_on: date | None, walked_this_week: int, every_days: int | None, times: int | None) -> bool:
    """Whether a route is to be walked on a day; one that was never walked is."""
    if times:
        return walked_this_week < wanted_by(day, times)
    return walked_on is None or every_days is None or walked_on + timedelta(days=every_days) <= day
