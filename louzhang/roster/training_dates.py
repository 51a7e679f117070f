"""By when a course is due, computed from a rule, the first day of a post and the last time somebody was there."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_on(
    *, within_days: int | None, every_months: int | None, since: date, in_post_since: date, last: date | None
) -> date | None:
    """The day by which to have been there; None where it is done for good.

    A rule counts from the day it was made, never before, so that nobody is late on that day.
    """
    began = max(since, in_post_since)
    if within_days is not None:
        return None if last is not None else began + timedelta(days=within_days)
    if every_months is None:
        raise ValueError("a rule asks for one way or the other")
    return (
        months_later(last, every_months)
        if last is not None
        else max(months_later(in_post_since, every_months), _room(began))
    )


def _room(began: date) -> date:
    """A month's notice for those whose time had passed before anybody asked."""
    return months_later(began, 1)
