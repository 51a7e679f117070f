"""Many dwellings, households and residents at once, under the same constraints and chains as one by one.

For imports, the demo and scenarios. A `Batch` is filled, then stored whole or not at all:

    batch = Batch(actor=actor, at=at, entry_id=import_uid)
    home = batch.add_dwelling(area=stairwell, door="301", floor=3)
    family = batch.add_household(dwelling=home, starts_on=day)
    batch.add_resident(household=family, draft=ResidentDraft(name="…", tie=Tie.HEAD))
    batch.store()
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Chained, Event, Unread
from louzhang.journal.readers import unread
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.register.actions.keeping import refuse_branches
from louzhang.register.models import Dwelling, DwellingKind, Household, Registration, Resident, Stay, Tie
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import keeps_area, refuse_looking_only


@dataclass(frozen=True, slots=True)
class ResidentDraft:
    """A resident as read from a form or a file; numbers are normal already (`kit.phones`, `kit.id_numbers`)."""

    name: str
    tie: str = Tie.OTHER
    sex: str = ""
    birth_year: int | None = None
    birth_date: date | None = None
    id_number: str = ""
    phone: str = ""
    registered_address: str = ""
    uid: uuid.UUID | None = None


def new_resident(draft: ResidentDraft, *, area: Area, at: datetime) -> Resident:
    """A resident of a draft, unsaved, with everything sealed."""
    resident = Resident(area=area, sex=draft.sex, birth_year=draft.birth_year, registered_at=at)
    resident.uid = draft.uid or resident.uid
    resident.set_name(draft.name)
    resident.seal(
        id_number=draft.id_number,
        phone=draft.phone,
        birth_date=draft.birth_date.isoformat() if draft.birth_date else "",
    )
    return resident


@dataclass
class Batch:
    """New rows that belong together; `entry_id` stands on every event of them, so that all can be found again."""

    actor: Actor
    at: datetime
    entry_id: uuid.UUID | None = None
    dwellings: list[Dwelling] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    residents: list[Resident] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)

    def add_dwelling(
        self,
        *,
        area: Area,
        door: str,
        floor: int | None = None,
        position: int = 1,
        kind: DwellingKind | None = None,
        vacant_since: date | None = None,
    ) -> Dwelling:
        """A new door, unsaved."""
        dwelling = Dwelling(
            area=area,
            door=door,
            floor=floor,
            position=position,
            kind=kind,
            vacant_since=vacant_since,
            started_at=self.at,
        )
        self.dwellings.append(dwelling)
        return dwelling

    def add_household(self, *, dwelling: Dwelling, starts_on: date) -> Household:
        """A new household behind a new or a stored door, unsaved."""
        household = Household(dwelling=dwelling, starts_on=starts_on)
        self.households.append(household)
        return household

    def add_resident(self, *, household: Household, draft: ResidentDraft, starts_on: date | None = None) -> Resident:
        """A new resident of a new or a stored household, unsaved; there since the household is unless told."""
        resident = new_resident(draft, area=household.dwelling.area, at=self.at)
        day = starts_on or household.starts_on
        self.residents.append(resident)
        self.stays.append(Stay(resident=resident, household=household, tie=draft.tie, starts_on=day))
        if draft.registered_address:
            self.registrations.append(Registration(resident=resident, address=draft.registered_address, starts_on=day))
        return resident

    def store(self) -> None:
        """Write everything with one event a row.

        Raises `NotYours` for a place the actor does not keep, `InputRefused` for a day that has not come or lies before
        the household came and for a place with places below it, `Conflict` where a door, an ID number or a head of a
        household stands already, or a stored household has ended meanwhile.
        """
        refuse_looking_only(self.actor)
        self._refuse_strange_places()
        self._refuse_days()
        refuse_branches(dwelling.area_id for dwelling in self.dwellings)
        try:
            with transaction.atomic():
                self._lock_standing()
                self._number()
                self._write()
        except IntegrityError:
            raise Conflict("有门牌、证件号或户主已经登记过，这一批没有保存，请核对后重试。") from None

    def _refuse_strange_places(self) -> None:
        doors = {household.dwelling.pk: household.dwelling for household in self._standing_in()}
        areas = {dwelling.area_id: dwelling.area for dwelling in (*self.dwellings, *doors.values())}
        if not all(keeps_area(self.actor, area) for area in areas.values()):
            raise NotYours("这里面有不归您登记的楼栋，请只登记自己负责的地方。")

    def _refuse_days(self) -> None:
        today = clock.local_date(self.at)
        if any(home.starts_on > today for home in self.households) or any(
            stay.starts_on > today for stay in self.stays
        ):
            raise InputRefused("有的日期还没有到。人房登记只记已经发生的事，请核对后重试。", field="on")
        if any(stay.starts_on < stay.household.starts_on for stay in self.stays):
            raise InputRefused("有的人住进来的日期早于这户人家搬来的日期，请核对后重试。", field="on")

    def _standing_in(self) -> Iterable[Household]:
        return (*self.households, *(stay.household for stay in self.stays))

    def _lock_standing(self) -> None:
        """Keep stored doors and households from ending while people are put behind them."""
        fresh = {id(row) for row in (*self.dwellings, *self.households)}
        doors = {home.dwelling_id for home in self.households if id(home.dwelling) not in fresh}
        homes = {stay.household_id for stay in self.stays if id(stay.household) not in fresh}
        standing = Dwelling.objects.filter(pk__in=doors).current().order_by("pk").select_for_update(no_key=True)
        if len(standing) < len(doors):
            raise Conflict("有的房屋已经注销，请重新核对这一批。")
        living = Household.objects.filter(pk__in=homes, ends_on=None).order_by("pk").select_for_update(no_key=True)
        if len(living) < len(homes):
            raise Conflict("有的户刚刚迁走了，请重新核对这一批。")

    def _number(self) -> None:
        """Give every row its id, then every reference; chains cover both."""
        for rows in (self.dwellings, self.households, self.residents, self.stays, self.registrations):
            _number_rows(rows)
        for household in self.households:  # assigned again, a row takes over the id that its other has got
            household.dwelling = household.dwelling
        for stay in self.stays:
            stay.resident, stay.household = stay.resident, stay.household
        for registration in self.registrations:
            registration.resident = registration.resident

    def _write(self) -> None:
        events = self._events()
        for rows in (self.dwellings, self.households, self.residents, self.stays, self.registrations, events):
            pour_in(rows)
        Unread.objects.bulk_create([row for event in events if (row := unread(event)) is not None])
        occupied = {household.dwelling_id for household in self.households} - {row.pk for row in self.dwellings}
        Dwelling.objects.filter(pk__in=occupied, vacant_since__isnull=False).update(vacant_since=None)

    def _events(self) -> list[Event]:
        doors = [household.dwelling.area_id for household in self.households]
        lines = lines_of([row.area_id for row in self.dwellings] + doors + [row.area_id for row in self.residents])
        events = [
            self._event(row, "add", lines[row.area_id], door=row.door, floor=row.floor, kind=row.kind_id)
            for row in self.dwellings
        ]
        for home in self.households:
            day = home.starts_on.isoformat()
            events.append(self._event(home, "move_in", lines[home.dwelling.area_id], dwelling=home.dwelling_id, on=day))
        for stay in self.stays:
            facts = {"household": stay.household_id, "tie": str(stay.tie), "on": stay.starts_on.isoformat()}
            events.append(self._event(stay.resident, "register", lines[stay.resident.area_id], **facts))
        for event, pk in zip(events, reserve_ids(Event._meta.db_table, len(events)), strict=True):
            event.pk = pk
        return events

    def _event(self, subject: Chained, verb: str, line: Sequence[int], **payload: Any) -> Event:
        event, _ = prepare_event(
            subject,
            verb,
            actor=self.actor,
            at=self.at,
            audience=Audience.HANDLERS,
            payload=payload,
            area_ids=line,
            post_id=self.actor.post_at(None, None),
            entry_id=self.entry_id,
        )
        return event


def _number_rows(rows: Sequence[Any]) -> None:
    if rows:
        for row, pk in zip(rows, reserve_ids(rows[0]._meta.db_table, len(rows)), strict=True):
            row.pk = pk
