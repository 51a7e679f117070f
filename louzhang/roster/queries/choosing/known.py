"""Nominees and the register: which row a nominee is, and who else of that name was named for the same place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.register.models import Binding, Resident, ResidentQuerySet, Stay
from louzhang.register.models.residents import phone_index
from louzhang.roster.models.choosing import Nominee, Vacancy, name_index

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A row of the register in words that tell people of one name apart; for the office alone."""

    resident: Resident
    words: str


def resident_of(vacancy: Vacancy, name: str, phone: str, user_id: int | None) -> Resident | None:
    """Which row of the register somebody is: by their account, by name and number, else the only one of that name
    who lives at the place; None where that is not certain.
    """
    bound = Binding.objects.filter(user_id=user_id or 0, ended_at=None, confirmed_at__isnull=False)
    if (own := bound.select_related("resident").first()) is not None:
        return own.resident
    rows = _of_name(vacancy, name)
    by_phone = list(rows.filter(phone_index=phone_index(phone))[:2]) if phone else []
    near = by_phone or list(rows.filter(area__path__startswith=vacancy.area.path)[:2])
    return near[0] if len(near) == 1 else None


def _of_name(vacancy: Vacancy, name: str) -> ResidentQuerySet:
    """The living of this name in the community of a round."""
    community = Area.objects.within(vacancy.round.area_id).order_by().values("pk")
    rows: ResidentQuerySet = Resident.objects.current().filter(name=name, died_on=None, area__in=community)
    return rows.order_by("pk")


def people_like(nominee: Nominee, actor: Actor) -> list[KnownPerson]:
    """Rows of the register the office may say a nominee is: those of the name in its community (four queries)."""
    rows = _of_name(nominee.vacancy, nominee.name) & Resident.objects.kept_by(actor)
    return spoken_people(list(rows.order_by("pk")[:SHOWN_AT_MOST]))


def spoken_people(residents: Sequence[Resident]) -> list[KnownPerson]:
    """Each with door and year of birth (three queries)."""
    stays = Stay.objects.filter(resident__in=residents, ends_on=None).select_related("household__dwelling__area")
    doors = {stay.resident_id: stay.household.dwelling for stay in stays.order_by("pk")}
    places = spoken_places({dwelling.area for dwelling in doors.values()}) if doors else {}
    found = []
    for resident in residents:
        dwelling = doors.get(resident.pk)
        where = f"{places[dwelling.area_id]} {dwelling.door}" if dwelling is not None else "现在不住在这里"
        born = f"{resident.birth_year} 年生" if resident.birth_year else "出生年没有登记"
        found.append(KnownPerson(resident, f"{where}，{born}"))
    return found


def namesakes_of(round_id: int, vacancy_uid: uuid.UUID | None, name: str) -> list[Nominee]:
    """Who was named already under this name for a place of a round, in their order (one query, two for none)."""
    vacancy = Vacancy.objects.filter(round_id=round_id, uid=vacancy_uid).first() if vacancy_uid else None
    if vacancy is None or not name.strip():
        return []
    rows = Nominee.objects.filter(vacancy=vacancy, name_index=name_index(vacancy.pk, name))
    return list(rows.select_related("resident").order_by("number", "pk"))


def told_apart(nominees: Sequence[Nominee], actor: Actor) -> dict[int, str]:
    """What tells nominees of one name apart, by id, for the office: what was said, else what the register has."""
    linked = [nominee.resident_id for nominee in nominees if nominee.resident_id is not None]
    kept = list(Resident.objects.kept_by(actor).filter(pk__in=linked))
    words = {each.resident.pk: each.words for each in spoken_people(kept)}
    return {
        nominee.pk: "；".join(filter(None, [nominee.open_field("which"), words.get(nominee.resident_id or 0, "")]))
        for nominee in nominees
    }
