"""Ages that the law asks about: under 14 a guardian consents, at 14 and at 18 it is asked anew.

The day of birth is sealed, so no column may tell it: an age counts as reached on the first of the month after the
birthday, and where only the year is known on the first of January after it.
"""

from __future__ import annotations

from datetime import date

from louzhang.register.models import Resident

CHILD_UNTIL = 14
MINOR_UNTIL = 18
DECEMBER = 12


def reaches(resident: Resident, years: int) -> date | None:
    """From when on somebody counts as so old; None where neither day nor year of birth is known."""
    born = resident.open_field("birth_date")
    if born:
        birth = date.fromisoformat(born)
        return _month_after(birth.year + years, birth.month)
    return date(resident.birth_year + years + 1, 1, 1) if resident.birth_year else None


def _month_after(year: int, month: int) -> date:
    return date(year + 1, 1, 1) if month == DECEMBER else date(year, month + 1, 1)


def is_under(resident: Resident, years: int, day: date) -> bool:
    """Whether somebody counts as younger than that; not where nothing is known."""
    reached = reaches(resident, years)
    return reached is not None and day < reached


def consent_ends_on(resident: Resident, day: date) -> date | None:
    """When a consent given on a day ends by age: at 14, at 18, or never."""
    for years in (CHILD_UNTIL, MINOR_UNTIL):
        if is_under(resident, years, day):
            return reaches(resident, years)
    return None
