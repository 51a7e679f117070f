"""Many dwellings, households and residents at once, under the same constraints and chains as one by one.

For imports, the demo and scenarios. A `Batch` is filled, then stored whole or not at all:

    batch = Batch(actor=actor, at=at, entry_id=import_uid)
    home = batch.add_dwelling(area=stairwell, door="301", floor=3)
    family = batch.add_household(dwelling=home, starts_on=day)
    batch.add_resident(household=family, draft=ResidentDraft(name="…", tie=Tie.HEAD))
    batch.store()

What is added is a plain row (`newcomers`), which carries its id once the batch is stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Model

from louzhang.areas.models import Area
from louzhang.journal.actions import ManyEvents
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_values, update_values
from louzhang.register.actions.keeping import refuse_branches
from louzhang.register.actions.newcomers import (
    DWELLING,
    HOUSEHOLD,
    REGISTRATION,
    RESIDENT,
    STAY,
    Behind,
    Door,
    Known,
    Mover,
    NewDwelling,
    NewHousehold,
    NewResident,
    ResidentDraft,
    Values,
    dwelling_row,
    household_row,
    registration_row,
    resident_row,
    stay_row,
    tell_moved,
)
from louzhang.register.models import Dwelling, DwellingKind, Household, Registration, Resident, Stay
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import keeps_area, refuse_looking_only

__all__ = ["Batch", "ResidentDraft", "new_resident"]


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
    dwellings: list[NewDwelling] = field(default_factory=list)
    households: list[NewHousehold] = field(default_factory=list)
    residents: list[NewResident] = field(default_factory=list)
    movers: list[Mover] = field(default_factory=list)

    def add_dwelling(
        self,
        *,
        area: Area,
        door: str,
        floor: int | None = None,
        position: int = 1,
        kind: DwellingKind | None = None,
        vacant_since: date | None = None,
    ) -> NewDwelling:
        """A new door."""
        dwelling = NewDwelling(area, door, floor, position, kind, vacant_since)
        self.dwellings.append(dwelling)
        return dwelling

    def add_household(self, *, dwelling: Door, starts_on: date) -> NewHousehold:
        """A new household behind a new or a stored door."""
        household = NewHousehold(dwelling, starts_on)
        self.households.append(household)
        return household

    def add_resident(self, *, household: Behind, draft: ResidentDraft, starts_on: date | None = None) -> NewResident:
        """A new resident of a new or a stored household; there since the household is unless told."""
        resident = NewResident(household, draft, starts_on or household.starts_on)
        self.residents.append(resident)
        return resident

    def add_mover(self, *, household: Behind, person: Known, tie: str, starts_on: date, before: int | None) -> Mover:
        """Somebody registered, whom the caller has locked and whose stay in household `before` has ended."""
        mover = Mover(person, household, tie, starts_on, before)
        self.movers.append(mover)
        return mover

    def store(self) -> None:
        """Write everything with one event a row.

        Raises `NotYours` for a place the actor does not keep, `InputRefused` for a day that has not come or lies before
        the household came and for a place with places below it, `Conflict` where a door, an ID number or a head of a
        household stands already, or a stored household has ended meanwhile.
        """
        refuse_looking_only(self.actor)
        self._refuse_strange_places()
        self._refuse_days()
        refuse_branches(dwelling.area.pk for dwelling in self.dwellings)
        try:
            with transaction.atomic():
                self._lock_standing()
                self._number()
                self._write()
        except IntegrityError:
            raise Conflict("有门牌、证件号或户主已经登记过，这一批没有保存，请核对后重试。") from None

    def _refuse_strange_places(self) -> None:
        areas = {
            door.area.pk: door.area for door in (*self.dwellings, *(home.dwelling for home in self._standing_in()))
        }
        if not all(keeps_area(self.actor, area) for area in areas.values()):
            raise NotYours("这里面有不归您登记的楼栋，请只登记自己负责的地方。")

    def _refuse_days(self) -> None:
        today = clock.local_date(self.at)
        days = {home.starts_on for home in self.households} | {row.starts_on for row in self._coming()}
        if any(day > today for day in days):
            raise InputRefused("有的日期还没有到。人房登记只记已经发生的事，请核对后重试。", field="on")
        if any(row.starts_on < row.household.starts_on for row in self._coming()):
            raise InputRefused("有的人住进来的日期早于这户人家搬来的日期，请核对后重试。", field="on")

    def _coming(self) -> Iterable[NewResident | Mover]:
        return (*self.residents, *self.movers)

    def _standing_in(self) -> Iterable[Behind]:
        """Every household that somebody is put into, or that is new, once."""
        return {id(home): home for home in (*self.households, *(row.household for row in self._coming()))}.values()

    def _lock_standing(self) -> None:
        """Keep stored doors and households from ending while people are put behind them."""
        doors = {home.dwelling.pk for home in self.households if isinstance(home.dwelling, Dwelling)}
        homes = {row.household.pk for row in self._coming() if isinstance(row.household, Household)}
        standing = Dwelling.objects.filter(pk__in=doors).current().order_by("pk").select_for_update(no_key=True)
        if len(standing) < len(doors):
            raise Conflict("有的房屋已经注销，请重新核对这一批。")
        living = Household.objects.filter(pk__in=homes, ends_on=None).order_by("pk").select_for_update(no_key=True)
        if len(living) < len(homes):
            raise Conflict("有的户刚刚迁走了，请重新核对这一批。")

    def _number(self) -> None:
        """Give every row its id; events and references need them."""
        _number_rows(Dwelling, self.dwellings)
        _number_rows(Household, self.households)
        _number_rows(Resident, self.residents)
        _number_rows(Stay, self.movers)

    def _write(self) -> None:
        """Store every table by one `COPY`.

        People are made ready while the server stores where they live: keeping those periods from overlapping is what
        costs it most, sealing is what costs most here. References are checked at the end of the transaction.
        """
        doors = [home.dwelling.area.pk for home in self.households]
        inside = [row.household.dwelling.area.pk for row in self._coming()]
        lines = lines_of([row.area.pk for row in self.dwellings] + doors + inside)
        events = ManyEvents(actor=self.actor, at=self.at, entry_id=self.entry_id)
        pour_values(Dwelling, DWELLING, [dwelling_row(row, events, lines, self.at) for row in self.dwellings])
        pour_values(Household, HOUSEHOLD, [household_row(row, events, lines) for row in self.households])
        people: list[Values] = []
        numbers = iter(reserve_ids(Stay._meta.db_table, len(self.residents)))

        def made_ready() -> Iterator[Values]:
            for row, number in zip(self.residents, numbers, strict=True):
                people.append(resident_row(row, events, lines, self.at))
                yield stay_row(row, number)
            for mover in self.movers:
                tell_moved(mover, events, lines)
                yield mover.pk, mover.person.pk, mover.household.pk, mover.tie, mover.starts_on.isoformat()

        pour_values(Stay, STAY, made_ready())
        pour_values(Resident, RESIDENT, people)
        update_values(
            Resident, ("chain_seq", "chain_head", "area"),
            [(who.pk, who.seq, who.head, who.area_id) for who in (row.person for row in self.movers)],
        )  # fmt: skip
        registered = [row for row in self.residents if row.draft.registered_address]
        pour_values(
            Registration, REGISTRATION,
            map(registration_row, registered, reserve_ids(Registration._meta.db_table, len(registered))),
        )  # fmt: skip
        events.store()
        occupied = {home.dwelling.pk for home in self.households if isinstance(home.dwelling, Dwelling)}
        Dwelling.objects.filter(pk__in=occupied, vacant_since__isnull=False).update(vacant_since=None)


def _number_rows(model: type[Model], rows: Sequence[NewDwelling | NewHousehold | NewResident | Mover]) -> None:
    for row, pk in zip(rows, reserve_ids(model._meta.db_table, len(rows)), strict=True):
        row.pk = pk
