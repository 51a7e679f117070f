"""Who votes: the households or adults of the register at some leaves on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from louzhang.ballots.models import Poll
from louzhang.ballots.queries.apart import homes_of
from louzhang.kit import clock
from louzhang.register.models import Household, Resident, Stay

ADULT_AT = 18


@dataclass(frozen=True, slots=True)
class Entitled:
    """One vote: a household's, or a person's who lives in it."""

    household_id: int
    resident_id: int | None = None


def entitled_in(poll: Poll, at: datetime) -> list[Entitled]:
    """Everybody with a vote, as the register has it today.

    A household in which somebody lives has one; an adult is who is eighteen on the day voting ends, and whoever's age
    the register does not know: that can be objected to. The home of whom a star sheet is about has none.
    """
    day = clock.local_date(at)
    living = Stay.objects.as_of(day).filter(household__dwelling__area_id__in=poll.area_ids, resident__ended_at=None)
    if poll.is_of_stars:
        living = living.exclude(household_id__in=homes_of(poll.barred))
    if poll.is_of_households:
        homes = Household.objects.filter(pk__in=living.order_by().values("household_id"))
        return [Entitled(pk) for pk in homes.order_by("pk").values_list("pk", flat=True)]
    stays = living.select_related("resident").order_by("resident_id")
    last = clock.local_date(poll.closes_at)
    return [Entitled(stay.household_id, stay.resident_id) for stay in stays if is_adult(stay.resident, last)]


def members_of(electors: Iterable[Entitled]) -> dict[Entitled, list[int]]:
    """The residents whose vote each is: the adult, or all who live in the household now."""
    rows = list(electors)
    homes = {each.household_id for each in rows if each.resident_id is None}
    living: dict[int, list[int]] = {}
    stays = Stay.objects.filter(household_id__in=homes, ends_on=None, resident__ended_at=None).order_by("resident_id")
    for household_id, resident_id in stays.values_list("household_id", "resident_id"):
        living.setdefault(household_id, []).append(resident_id)
    return {
        each: living.get(each.household_id, []) if each.resident_id is None else [each.resident_id] for each in rows
    }


def is_adult(resident: Resident, day: date) -> bool:
    """Whether somebody is eighteen on a day; the sealed birth date is asked only in the year in which it decides."""
    if resident.birth_year is None:
        return True
    age = day.year - resident.birth_year
    if age != ADULT_AT:
        return age > ADULT_AT
    born = resident.open_field("birth_date")
    return not born or (int(born[5:7]), int(born[8:10])) <= (day.month, day.day)


def names_of(resident_ids: Iterable[int]) -> dict[int, str]:
    """The names of adults on a roll."""
    return dict(Resident.objects.filter(pk__in=list(resident_ids)).values_list("pk", "name"))
