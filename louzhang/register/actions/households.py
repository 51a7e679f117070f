"""Households: move in, move out, how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.register.actions.bulk import ResidentDraft
from louzhang.register.actions.keeping import kept, refuse_future, tell
from louzhang.register.actions.residents import enter_resident
from louzhang.register.actions.stays import end_household, living, set_apart
from louzhang.register.models import Dwelling, Household, Reach, Resident, Stay

REACH = ("way", "hour", "through", "language", "speech")


def move_in(
    *, dwelling_id: int, on: date, actor: Actor, at: datetime, residents: Sequence[ResidentDraft] = ()
) -> Household:
    """Enter a household behind a door from a day on, with its people as far as they are known.

    A vacancy ends by it. Raises `NotThere`, `NotYours`, `InputRefused` for a day that has not come, `Conflict` for a
    door that has gone or a person who lives elsewhere.
    """
    refuse_future(on, at)
    with transaction.atomic():
        dwelling: Dwelling = kept(Dwelling.objects.all(), dwelling_id, actor, "area")
        if dwelling.ended_at is not None:
            raise Conflict("这个门牌已经注销，不能再登记住户。")
        household = Household.objects.create(dwelling=dwelling, starts_on=on)
        facts = {"dwelling": dwelling.pk, "on": on.isoformat()}
        tell(household, "move_in", area_id=dwelling.area_id, actor=actor, at=at, payload=facts)
        if dwelling.vacant_since is not None:
            dwelling.vacant_since = None
            facts = {"household": household.pk}
            tell(
                dwelling, "occupy", area_id=dwelling.area_id, actor=actor, at=at, payload=facts, save=("vacant_since",)
            )
        for draft in residents:
            enter_resident(draft, household, on, actor, at)
    return household


def move_out(*, household_id: int, on: date, actor: Actor, at: datetime, reason: str = "") -> Household:
    """End a household on a day, with the stays of everybody in it; the people stay known at this place.

    Whom a protection order hides from the actor does not leave with it (`set_apart`).

    Raises `NotThere`, `NotYours`, `Conflict` for one that has left, `InputRefused` for a day before somebody came.
    """
    refuse_future(on, at)
    with transaction.atomic():
        household = living(household_id, actor)
        set_apart(household, on, actor, at)
        stays = list(Stay.objects.filter(household=household, ends_on=None).order_by("resident_id"))
        if any(stay.starts_on > on for stay in stays) or household.starts_on > on:
            raise InputRefused("这一天之后还有人搬进来，请核对迁出的日期。", field="on")
        end_household(household, on, actor, at, reason=reason)
        area_id = household.dwelling.area_id
        people = Resident.objects.filter(pk__in=[stay.resident_id for stay in stays]).order_by("pk")
        Stay.objects.filter(pk__in=[stay.pk for stay in stays]).update(ends_on=on)
        for resident in people.select_for_update(no_key=True, of=("self",)):
            facts = {"household": household.pk, "on": on.isoformat()}
            tell(resident, "leave", area_id=area_id, actor=actor, at=at, payload=facts)
    return household


def record_reach(*, household_id: int, actor: Actor, at: datetime, **wishes: str) -> Reach:
    """Note how a household wishes to be reached: way, hour, through whom, language, how to speak."""
    with transaction.atomic():
        household = living(household_id, actor)
        reach, _ = Reach.objects.get_or_create(household=household)
        changed = [name for name in REACH if name in wishes and getattr(reach, name) != wishes[name]]
        for name in changed:
            setattr(reach, name, wishes[name].strip())
        if changed:
            reach.save(update_fields=changed)
            area_id = household.dwelling.area_id
            tell(household, "record_reach", area_id=area_id, actor=actor, at=at, payload={"changed": changed})
    return reach
