"""A dwelling with its households and people, now and before; one household; one resident."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.models import Dwelling, Household, Need, Reach, Registration, Resident, Stay, Tie
from louzhang.register.scope import NO_ROW

GONE = "没有找到这条登记，或它不在您负责的范围内。"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a household as a page shows them: the name in full, numbers masked."""

    resident: Resident
    tie: str
    since: date
    until: date | None
    registered: str

    @property
    def is_head(self) -> bool:
        """Whether they are the head."""
        return self.tie == Tie.HEAD

    @property
    def tie_label(self) -> str:
        """What they are to the head."""
        return Tie(self.tie).label


@dataclass(frozen=True, slots=True)
class Family:
    """A household with its people, how it is reached and what it asked for."""

    household: Household
    people: tuple[Person, ...]
    reach: Reach | None
    needs: tuple[Need, ...]

    @property
    def name(self) -> str:
        """What a household is called: its head, else whoever is known."""
        known = next((person for person in self.people if person.is_head), None) or next(iter(self.people), None)
        return f"{known.resident.name}家" if known else "没有登记人的户"


def find_dwelling(actor: Actor, uid: uuid.UUID) -> Dwelling:
    """One dwelling in scope; raises `NotThere`."""
    row = (
        Dwelling.objects.visible_to(actor).filter(uid=uid).select_related("area__level", "area__estate", "kind").first()
    )
    if row is None:
        raise NotThere(GONE)
    return row


def find_household(actor: Actor, uid: uuid.UUID) -> Household:
    """One household in scope; raises `NotThere`."""
    rows = Household.objects.visible_to(actor).select_related("dwelling__area__level", "dwelling__kind")
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_resident(actor: Actor, uid: uuid.UUID) -> Resident:
    """One resident in scope; raises `NotThere`."""
    row = Resident.objects.visible_to(actor).current().filter(uid=uid).select_related("area__level").first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_need(actor: Actor, uid: uuid.UUID) -> Need:
    """One need in scope; raises `NotThere`."""
    row = Need.objects.visible_to(actor).filter(uid=uid).select_related("area__level", "household").first()
    if row is None:
        raise NotThere(GONE)
    return row


def behind_door(dwelling: Dwelling, actor: Actor, at: datetime) -> tuple[list[Family], list[Resident]]:
    """Who lives behind a door now, and who is registered there and lives elsewhere (人户分离); four queries.

    Both as far as the actor may know of them.
    """
    rows = Household.objects.visible_to(actor).filter(dwelling=dwelling, ends_on=None)
    known = Resident.objects.visible_to(actor).current().filter(died_on=None)
    families, ties = _families(rows, actor, at, Q(dwelling=dwelling, resident__in=known))
    living = {person.resident.pk for family in families for person in family.people}
    apart = [tie.resident for tie in ties if tie.dwelling_id == dwelling.pk and tie.resident_id not in living]
    return families, sorted(apart, key=lambda resident: (resident.name_key, resident.pk))


def family_of(household: Household, actor: Actor, at: datetime) -> Family:
    """One household the caller has found in scope, with everything a page shows of it."""
    return _families(Household.objects.filter(pk=household.pk), actor, at)[0][0]


def _families(
    rows: QuerySet[Household], actor: Actor, at: datetime, more: Q = NO_ROW
) -> tuple[list[Family], list[Registration]]:
    """Households with everything a page shows of them, and the registrations read; four queries however many.

    `more` are registrations to read besides those of the people.
    """
    households = list(rows.select_related("dwelling", "reach").order_by("starts_on", "pk"))
    ids, day = [household.pk for household in households], clock.local_date(at)
    stays = _stays(ids, actor, day)
    term = Q(resident__in=[stay.resident_id for stay in stays]) | more
    ties = list(Registration.objects.as_of(day).filter(term).select_related("resident", "dwelling__area"))
    registered = {tie.resident_id: _place_of(tie) for tie in ties}
    needs = list(Need.objects.visible_to(actor).open().filter(household__in=ids).order_by("raised_at"))
    families = [
        Family(
            household=household,
            people=tuple(_person(stay, registered) for stay in stays if stay.household_id == household.pk),
            reach=getattr(household, "reach", None),
            needs=tuple(need for need in needs if need.household_id == household.pk),
        )
        for household in households
    ]
    return families, ties


def _stays(household_ids: Sequence[int], actor: Actor, day: date) -> list[Stay]:
    now = Stay.objects.visible_to(actor).as_of(day).filter(household__in=household_ids)
    order = list(Tie)
    return sorted(now.select_related("resident"), key=lambda stay: (order.index(Tie(stay.tie)), stay.resident_id))


def _place_of(tie: Registration) -> str:
    return tie.address if tie.dwelling is None else f"{tie.dwelling.area.name} {tie.dwelling.door}"


def _person(stay: Stay, registered: dict[int, str]) -> Person:
    return Person(stay.resident, stay.tie, stay.starts_on, stay.ends_on, registered.get(stay.resident_id, ""))


def stays_of(resident: Resident, actor: Actor) -> list[Stay]:
    """Where somebody lives and lived, the latest first, behind doors the actor may know of."""
    rows = Stay.objects.visible_to(actor).filter(resident=resident)
    return list(rows.select_related("household__dwelling__area").order_by("-starts_on", "-pk"))


def lived_here(dwelling: Dwelling, actor: Actor, day: date) -> list[Stay]:
    """Who lived behind a door before, the latest first; names only of those the actor still may know of."""
    rows = Stay.objects.visible_to(actor).filter(household__dwelling=dwelling, ends_on__lte=day)
    seen = rows.filter(resident__in=Resident.objects.visible_to(actor).current())
    return list(seen.select_related("resident", "household").order_by("-ends_on", "-pk")[:30])


def doors_in(house_path: str, actor: Actor) -> list[tuple[str, str]]:
    """The doors of a building to choose from: id and what they are called."""
    rows = Dwelling.objects.kept_by(actor).current().filter(area__path__startswith=house_path)
    found = rows.order_by("area__path", "floor", "position", "door").values_list("pk", "area__name", "door")
    return [(str(pk), f"{name} {door}") for pk, name, door in found]


def living_households(house_area_path: str, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """The households of a building to choose from: id and what they are called; two queries."""
    rows = Household.objects.kept_by(actor).filter(ends_on=None, dwelling__area__path__startswith=house_area_path)
    homes = list(rows.select_related("dwelling__area").order_by("dwelling__area__path", "dwelling__door", "pk"))
    today = Stay.objects.visible_to(actor).as_of(clock.local_date(at))
    heads = today.filter(household__in=[home.pk for home in homes], tie=Tie.HEAD)
    names = dict(heads.values_list("household_id", "resident__name"))
    return [
        (str(home.pk), f"{home.dwelling.area.name} {home.dwelling.door} {names.get(home.pk, '没有户主')}")
        for home in homes
    ]
