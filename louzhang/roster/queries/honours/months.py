"""Months in addresses, choices and words."""

from __future__ import annotations

from datetime import date

from louzhang.roster.models.honours import Often
from louzhang.roster.queries.appraisal.spans import first_of, shifted, spoken

BACK = 12


def months_back(day: date, often: str = Often.MONTH) -> list[tuple[str, str]]:
    """This month and those before, or this year and the last, as values of an address and words."""
    if often == Often.YEAR:
        return [(f"{year}-01", f"{year}年") for year in (day.year, day.year - 1)]
    months = [shifted(day, -by) for by in range(BACK)]
    return [(f"{month:%Y-%m}", spoken(month)) for month in months]


def month_in(typed: str, usual: date) -> date:
    """The month an address names; the usual one for anything else."""
    try:
        year, _, month = typed.partition("-")
        return date(int(year), int(month), 1)
    except ValueError:
        return first_of(usual)
