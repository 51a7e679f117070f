"""Moves of a person: to another household, away, and from or to being the head of one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.register.actions.keeping import kept, refuse_future, tell
from louzhang.register.actions.stays import at_home, end_stay, hidden_stays, living, make_room, settle
from louzhang.register.models import Household, Resident, Stay, Tie


def move_resident(
    *, resident_id: int, household_id: int, on: date, actor: Actor, at: datetime, tie: str = Tie.OTHER
) -> Resident:
    """A person moves into another household on a day; they leave the one before on the same day.

    Both ends lie where the actor keeps the register: a move to another community is `leave` there and an entry with
    the same ID number here. Raises `Conflict` for the household they live in already.
    """
    refuse_future(on, at)
    with transaction.atomic():
        person = at_home(resident_id, actor, also=[household_id])
        if person.stay is not None and person.stay.household_id == household_id:
            raise Conflict("这位居民已经住在这一户。")
        before = person.stay.household_id if person.stay else None
        household = living(household_id, actor)
        end_stay(person, on, actor, at)
        settle(person.resident, household, on, tie, actor=actor, at=at)
        person.resident.area = household.dwelling.area
        facts = {"before": before, "household": household_id, "tie": str(tie), "on": on.isoformat()}
        area_id = household.dwelling.area_id
        tell(person.resident, "move", area_id=area_id, actor=actor, at=at, payload=facts, save=("area",))
    return person.resident


def leave(*, resident_id: int, on: date, actor: Actor, at: datetime, where: str = "") -> Resident:
    """A person moves away to where nobody here keeps the register; `where` is told in words.

    They stay known at this place and can be entered again anywhere by their ID number. Raises `Conflict` for
    somebody who lives nowhere.
    """
    refuse_future(on, at)
    with transaction.atomic():
        person = at_home(resident_id, actor)
        if person.stay is None:
            raise Conflict("这位居民已经登记为迁出。")
        end_stay(person, on, actor, at)
        facts = {"household": person.stay.household_id, "on": on.isoformat()}
        words = {"where": where.strip()[:120]}
        area_id = person.resident.area_id
        tell(person.resident, "leave", area_id=area_id, actor=actor, at=at, payload=facts, words=words)
    return person.resident


def change_head(
    *,
    household_id: int,
    resident_id: int,
    on: date,
    actor: Actor,
    at: datetime,
    former_tie: str = Tie.OTHER,
) -> Household:
    """Another person of the household becomes its head on a day; the head before stays in it as `former_tie`.

    Raises `Conflict` for somebody who does not live there or is the head already.
    """
    refuse_future(on, at)
    if former_tie == Tie.HEAD:
        raise InputRefused("请选原户主今后与新户主的关系。", field="former_tie")
    with transaction.atomic():
        household = living(household_id, actor)
        make_room(household, on, actor, at)
        stays = Stay.objects.filter(household=household, ends_on=None).select_related("resident")
        stays = stays.exclude(pk__in=hidden_stays(household, actor).values("pk"))
        by_person = {stay.resident_id: stay for stay in stays}
        new = by_person.get(resident_id)
        if new is None or new.tie == Tie.HEAD:
            raise Conflict("请选一位现在住在这一户、还不是户主的人。", field="resident")
        old = next((stay for stay in by_person.values() if stay.tie == Tie.HEAD), None)
        changes = ([(old, former_tie)] if old else []) + [(new, str(Tie.HEAD))]
        for stay, tie in changes:
            _change_tie(stay, tie, on)
        for stay, tie in sorted(changes, key=lambda change: change[0].resident_id):
            facts = {"household": household.pk, "tie": tie, "on": on.isoformat()}
            resident: Resident = kept(Resident.objects.all(), stay.resident_id, actor)
            tell(resident, "change_tie", area_id=resident.area_id, actor=actor, at=at, payload=facts)
        facts = {"head": resident_id, "before": old.resident_id if old else None, "on": on.isoformat()}
        area_id = household.dwelling.area_id
        tell(household, "change_head", area_id=area_id, actor=actor, at=at, payload=facts)
    return household


def _change_tie(stay: Stay, tie: str, on: date) -> None:
    """From a day on the stay has another tie; the days before keep theirs."""
    if on < stay.starts_on:
        raise InputRefused("这一天还没有都住进来，请核对日期。", field="on")
    stay.ends_on = on
    stay.save(update_fields=["ends_on"])
    Stay.objects.create(resident_id=stay.resident_id, household_id=stay.household_id, tie=tie, starts_on=on)
