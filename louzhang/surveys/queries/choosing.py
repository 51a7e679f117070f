"""The households and doors that a survey would ask, on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from louzhang.register.models import Dwelling, Household, Stay
from louzhang.register.models.shelters import sheltered
from louzhang.surveys.choosing import Choice


def chosen_households(area_ids: Iterable[int], choice: Choice, day: date) -> QuerySet[Household]:
    """Households that live in these places on a day and are chosen."""
    rows = Household.objects.as_of(day).within(*area_ids).filter(ends_on=None, dwelling__ended_at=None)
    rows = rows.unshielded()  # whom a protection order shields is asked by nobody who may not know of them
    if choice.kinds:
        rows = rows.filter(dwelling__kind_id__in=choice.kinds)
    if choice.asks_ages:
        rows = rows.filter(Exists(_of_age(choice, day)))
    return rows


def _of_age(choice: Choice, day: date) -> QuerySet[Stay]:
    people = Stay.objects.filter(household=OuterRef("pk"), ends_on=None, resident__ended_at=None)
    people = people.exclude(resident_id__in=sheltered())
    if choice.age_from is not None:
        people = people.filter(resident__birth_year__lte=day.year - choice.age_from)
    if choice.age_to is not None:
        people = people.filter(resident__birth_year__gte=day.year - choice.age_to)
    return people


def chosen_doors(area_ids: Iterable[int], choice: Choice) -> QuerySet[Dwelling]:
    """Doors behind which nobody is registered, where those are asked for."""
    if not choice.with_empty:
        return Dwelling.objects.none()
    living = Household.objects.unshielded().filter(dwelling=OuterRef("pk"), ends_on=None)
    rows = Dwelling.objects.current().within(*area_ids).filter(~Exists(living))
    return rows.filter(kind_id__in=choice.kinds) if choice.kinds else rows
