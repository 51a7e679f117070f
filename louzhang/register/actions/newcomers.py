"""Doors, households and people that are about to be stored by the hundred, as plain rows and as values of their tables.

A row of the ORM costs more to make than everything that is sealed, indexed and hashed for it; so rows that come by
the hundred thousand are none.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from louzhang.areas.models import Area
from louzhang.journal.actions import ManyEvents
from louzhang.journal.sealed import sealed_text
from louzhang.kit.writing import array_text
from louzhang.register.models import (
    Dwelling,
    DwellingKind,
    Household,
    Resident,
    Tie,
    found_by,
    id_index,
    phone_index,
)

DWELLING = ("id", "uid", "area", "floor", "door", "position", "kind", "vacant_since", "started_at", "chain_seq",
            "chain_head")  # fmt: skip
HOUSEHOLD = ("id", "uid", "dwelling", "starts_on", "chain_seq", "chain_head")
RESIDENT = ("id", "uid", "area", "name", "name_key", "initials", "search_terms", "sex", "birth_year",
            "birth_date_sealed", "id_number_sealed", "id_index", "phone_sealed", "phone_index", "registered_at",
            "chain_seq", "chain_head")  # fmt: skip
STAY = ("id", "resident", "household", "tie", "starts_on")
REGISTRATION = ("id", "resident", "address", "starts_on")

Lines = Mapping[int, Sequence[int]]
Values = Sequence[object]


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


@dataclass(slots=True, eq=False)
class NewDwelling:
    """A door; `pk` is 0 until the batch is stored."""

    area: Area
    door: str
    floor: int | None = None
    position: int = 1
    kind: DwellingKind | None = None
    vacant_since: date | None = None
    pk: int = 0


@dataclass(slots=True, eq=False)
class NewHousehold:
    """A household behind a new or a stored door."""

    dwelling: Dwelling | NewDwelling
    starts_on: date
    pk: int = 0


@dataclass(slots=True, eq=False)
class NewResident:
    """A person of a new or a stored household."""

    household: Household | NewHousehold
    draft: ResidentDraft
    starts_on: date
    pk: int = 0


@dataclass(slots=True)
class Known:
    """Somebody registered and locked: the end of the chain, where they are, the stay they have left if any."""

    pk: int
    seq: int
    head: bytes
    area_id: int
    stay: int | None = None


@dataclass(slots=True, eq=False)
class Mover:
    """Somebody registered who comes into a new or a stored household; `before` is the household they have left."""

    person: Known
    household: Household | NewHousehold
    tie: str
    starts_on: date
    before: int | None = None
    pk: int = 0  # of the new stay


Door = Dwelling | NewDwelling
Behind = Household | NewHousehold


def dwelling_row(row: NewDwelling, events: ManyEvents, lines: Lines, at: datetime) -> Values:
    """A door with its first event."""
    kind = row.kind.pk if row.kind else None
    facts = {"door": row.door, "floor": row.floor, "kind": kind}
    head = events.append(Dwelling.subject_kind, row.pk, "add", facts, area_ids=lines[row.area.pk])
    place = (row.area.pk, row.floor, row.door, row.position, kind)
    return (row.pk, uuid.uuid4().hex, *place, row.vacant_since, at, 1, head)


def household_row(row: NewHousehold, events: ManyEvents, lines: Lines) -> Values:
    """A household with its first event."""
    door, day = row.dwelling, row.starts_on.isoformat()
    facts = {"dwelling": door.pk, "on": day}
    head = events.append(Household.subject_kind, row.pk, "move_in", facts, area_ids=lines[door.area.pk])
    return row.pk, uuid.uuid4().hex, door.pk, day, 1, head


def resident_row(row: NewResident, events: ManyEvents, lines: Lines, at: datetime) -> Values:
    """A person with the first event, everything sealed: the same columns as `Resident.set_name` and `seal` set."""
    draft, home = row.draft, row.household
    area_id = home.dwelling.area.pk
    facts = {"household": home.pk, "tie": str(draft.tie), "on": row.starts_on.isoformat()}
    head = events.append(Resident.subject_kind, row.pk, "register", facts, area_ids=lines[area_id])
    uid = draft.uid or uuid.uuid4()
    born = draft.birth_date
    key, first, terms = found_by(draft.name)
    return (
        row.pk, uid.hex, area_id, draft.name, key, first, array_text(terms), draft.sex,
        born.year if born else draft.birth_year,
        sealed_text(born.isoformat() if born else "", Resident.subject_kind, uid, "birth_date"),
        sealed_text(draft.id_number, Resident.subject_kind, uid, "id_number"), id_index(draft.id_number),
        sealed_text(draft.phone, Resident.subject_kind, uid, "phone"), phone_index(draft.phone),
        at, 1, head,
    )  # fmt: skip


def tell_moved(row: Mover, events: ManyEvents, lines: Lines) -> None:
    """The event of a move, as `actions.moves` and `actions.residents` tell it; the person is where they moved to."""
    person, home = row.person, row.household
    facts = {"household": home.pk, "tie": row.tie, "on": row.starts_on.isoformat()}
    verb = "move_in" if row.before is None else "move"
    facts |= {} if row.before is None else {"before": row.before}
    person.area_id = home.dwelling.area.pk
    line = lines[person.area_id]
    person.head = events.append(
        Resident.subject_kind, person.pk, verb, facts, area_ids=line, seq=person.seq, head=person.head
    )
    person.seq += 1


def stay_row(row: NewResident, number: int) -> Values:
    """Where a person lives from a day on."""
    return number, row.pk, row.household.pk, str(row.draft.tie), row.starts_on.isoformat()


def registration_row(row: NewResident, number: int) -> Values:
    """Where a person who said it is registered."""
    return number, row.pk, row.draft.registered_address, row.starts_on.isoformat()
