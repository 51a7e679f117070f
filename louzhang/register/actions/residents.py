"""Residents: entered, born, corrected, found right, dead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.register.actions.assessing import refuse_unassessed
from louzhang.register.actions.bulk import ResidentDraft, new_resident
from louzhang.register.actions.keeping import refuse_future, tell
from louzhang.register.actions.stays import at_home, end_stay, living, settle, standing
from louzhang.register.actions.taken_numbers import (
    ANOTHER,
    LIVES,
    NumberTaken,
    log_met,
    refuse_hidden,
    whose_number,
)
from louzhang.register.models import Household, Registration, Resident, Stay

SEALED_CHANGES = ("id_number", "phone", "birth_date")
PLAIN_CHANGES = ("sex", "birth_year")
NAME_LENGTH = 40


def enter_resident(draft: ResidentDraft, household: Household, on: date, actor: Actor, at: datetime) -> Resident:
    """Put a person into a locked household: a new row, or the one with this ID number that lives nowhere now.

    Raises `InputRefused` without a name and for a sensitive field that no assessment has switched on, `NumberTaken`
    for a number that belongs to somebody living elsewhere or of another name, `Conflict` for a second head.
    """
    if not draft.name.strip() or len(draft.name.strip()) > NAME_LENGTH:
        raise InputRefused(f"请填写姓名，最多 {NAME_LENGTH} 个字。", field="name")
    refuse_unassessed(asdict(draft), actor)
    resident = _known(draft, actor, at)
    if resident is None:
        resident = _stored(new_resident(draft, area=household.dwelling.area, at=at), actor, at)
        verb = "register"
    else:
        resident.area = household.dwelling.area
        verb = "move_in"
    settle(resident, household, on, draft.tie, actor=actor, at=at)
    if draft.registered_address:
        Registration.objects.create(resident=resident, address=draft.registered_address, starts_on=on)
    facts = {"household": household.pk, "tie": str(draft.tie), "on": on.isoformat()}
    tell(resident, verb, area_id=resident.area_id, actor=actor, at=at, payload=facts, save=("area",))
    return resident


def _known(draft: ResidentDraft, actor: Actor, at: datetime) -> Resident | None:
    """The row of this number, if it is the same person and lives nowhere now; that it was met is logged."""
    resident = whose_number(draft.id_number)
    if resident is None:
        return None
    refuse_hidden(resident, actor)
    if resident.name != draft.name.strip() or resident.died_on is not None:
        raise NumberTaken(resident, actor, ANOTHER)
    if Stay.objects.filter(resident=resident, ends_on=None).exists():
        raise NumberTaken(resident, actor, LIVES)
    log_met(resident.pk, actor, at)
    return resident


def _stored(resident: Resident, actor: Actor, at: datetime) -> Resident:
    resident.checked_on = clock.local_date(at)
    try:
        with transaction.atomic():
            resident.save(force_insert=True)
    except IntegrityError:
        raise _taken_by(resident, actor) from None
    return resident


def _taken_by(resident: Resident, actor: Actor) -> Conflict:
    """The refusal of a row whose ID number is another's."""
    met = Resident.objects.current().filter(id_index=resident.id_index).exclude(pk=resident.pk).first()
    if met is None:
        return Conflict("这个证件号刚刚由别人改过，请刷新后核对。", field="id_number")
    return NumberTaken(met, actor, ANOTHER)


def register_resident(*, household_id: int, draft: ResidentDraft, on: date, actor: Actor, at: datetime) -> Resident:
    """Enter a person into a household from a day on; see `enter_resident`."""
    refuse_future(on, at)
    with transaction.atomic():
        return enter_resident(draft, living(household_id, actor), on, actor, at)


def record_birth(*, household_id: int, draft: ResidentDraft, on: date, actor: Actor, at: datetime) -> Resident:
    """A child is born into a household: the day is the birthday and the first day of living there."""
    refuse_future(on, at)
    born = ResidentDraft(
        name=draft.name, tie=draft.tie, sex=draft.sex, birth_year=on.year, birth_date=on, id_number=draft.id_number
    )
    with transaction.atomic():
        household = living(household_id, actor)
        resident = enter_resident(born, household, on, actor, at)
        facts = {"household": household.pk, "on": on.isoformat()}
        tell(resident, "born", area_id=resident.area_id, actor=actor, at=at, payload=facts)
    return resident


def correct_resident(*, resident_id: int, actor: Actor, at: datetime, **changes: Any) -> Resident:
    """Correct name, sex, year or day of birth, ID number or phone; numbers are normal already.

    The event names the columns, not the values; a name before goes into its erasable words. What stays the same
    makes no event. Raises `NumberTaken` for an ID number that is somebody else's.
    """
    refuse_unassessed(changes, actor)
    with transaction.atomic():
        resident = standing(resident_id, actor)
        before = resident.name
        saved = _corrected(resident, changes)
        if saved:
            resident.checked_on = clock.local_date(at)
            words = {"name_before": before} if resident.name != before else {}
            named = sorted({column.split("_sealed")[0] for column in saved} & set(changes))
            try:
                with transaction.atomic():
                    tell(
                        resident, "correct", area_id=resident.area_id, actor=actor, at=at,
                        payload={"changed": named}, words=words, save=(*saved, "checked_on"),
                    )  # fmt: skip
            except IntegrityError:
                raise _taken_by(resident, actor) from None
    return resident


def _corrected(resident: Resident, changes: Mapping[str, Any]) -> list[str]:
    """Set what differs; gives the columns to save."""
    saved = []
    if (name := str(changes.get("name", resident.name)).strip()) and name != resident.name:
        resident.set_name(name[:NAME_LENGTH])
        saved += ["name", "name_key", "initials", "search_terms"]
    for column in PLAIN_CHANGES:
        if column in changes and getattr(resident, column) != changes[column]:
            setattr(resident, column, changes[column])
            saved.append(column)
    for field in SEALED_CHANGES:
        if field in changes and resident.open_field(field) != _text(changes[field]):
            resident.seal(**{field: _text(changes[field])})
            indexed = {"id_number": ["id_index"], "phone": ["phone_index"], "birth_date": ["birth_year"]}
            saved += [f"{field}_sealed", *indexed[field]]
    return saved


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def record_death(*, resident_id: int, on: date, actor: Actor, at: datetime) -> Resident:
    """A person has died: the stay ends that day, the row stays for as long as it must be kept."""
    refuse_future(on, at)
    with transaction.atomic():
        person = at_home(resident_id, actor)
        end_stay(person, on, actor, at)
        resident = person.resident
        resident.died_on = on
        facts = {"household": person.stay.household_id if person.stay else None, "on": on.isoformat()}
        tell(resident, "die", area_id=resident.area_id, actor=actor, at=at, payload=facts, save=("died_on",))
    return resident


def check_resident(*, resident_id: int, actor: Actor, at: datetime) -> Resident:
    """Note that what is entered about a person was found right."""
    with transaction.atomic():
        resident = standing(resident_id, actor)
        resident.checked_on = clock.local_date(at)
        tell(resident, "check", area_id=resident.area_id, actor=actor, at=at, save=("checked_on",))
    return resident
