"""Months in addresses, choices and words."""

from __future__ import annotations

from datetime import date

from louzhang.roster.models.honours import Often

BACK = 12


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_before(day: date, by: int = 1) -> date:
    """The first day of the month so many months before."""
    year, place = divmod(day.year * 12 + day.month - 1 - by, 12)
    return date(year, place + 1, 1)


def spoken(month: date) -> str:
    """2026年3月."""
    return f"{month.year}年{month.month}月"


def months_back(day: date, often: str = Often.MONTH) -> list[tuple[str, str]]:
    """This month and those before, or this year and the last, as values of an address and words."""
    if often == Often.YEAR:
        return [(f"{year}-01", f"{year}年") for year in (day.year, day.year - 1)]
    months = [month_before(day, by) for by in range(BACK)]
    return [(f"{month:%Y-%m}", spoken(month)) for month in months]


def month_in(typed: str, usual: date) -> date:
    """The month an address names; the usual one for anything else."""
    try:
        year, _, month = typed.partition("-")
        return date(int(year), int(month), 1)
    except ValueError:
        return first_of(usual)
