"""Pages of rows for programs, and what belongs to the rows of one page by one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from louzhang.journal.actor import Actor
from louzhang.register.models import Dwelling, DwellingQuerySet, Household, Resident, Stay


def dwellings_of(actor: Actor, area_id: int | None) -> DwellingQuerySet:
    """Current doors in scope, of an area where one is named."""
    rows = Dwelling.objects.visible_to(actor).current().select_related("area", "kind").defer("area__outline")
    return rows if area_id is None else rows.within(area_id)


def households_of(dwellings: Sequence[Dwelling], actor: Actor) -> dict[int, list[UUID]]:
    """The households living behind doors now that the actor may know of, by the id of the door."""
    found: dict[int, list[UUID]] = {}
    rows = Household.objects.visible_to(actor).filter(dwelling__in=[row.pk for row in dwellings], ends_on=None)
    for dwelling_id, uid in rows.order_by("pk").values_list("dwelling_id", "uid"):
        found.setdefault(dwelling_id, []).append(uid)
    return found


def people_of(households: Sequence[Household], actor: Actor, day: date) -> dict[int, list[tuple[UUID, str]]]:
    """Who lives in households, with the tie to the head, as far as the actor may know."""
    found: dict[int, list[tuple[UUID, str]]] = {}
    stays = Stay.objects.visible_to(actor).as_of(day).filter(household__in=[row.pk for row in households])
    for household_id, uid, tie in stays.order_by("pk").values_list("household_id", "resident__uid", "tie"):
        found.setdefault(household_id, []).append((uid, tie))
    return found


def homes_of(residents: Sequence[Resident]) -> dict[int, UUID]:
    """The household each of these residents lives in now."""
    stays = Stay.objects.filter(resident__in=[row.pk for row in residents], ends_on=None)
    return dict(stays.values_list("resident_id", "household__uid"))
