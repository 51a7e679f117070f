"""Who lives in which household: begun and ended under locks taken in one order, door before household before person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from louzhang.areas.roles import Role
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.register.actions.keeping import kept, tell
from louzhang.register.actions.telling import tell_sitting
from louzhang.register.models import Household, Resident, Stay, Tie
from louzhang.register.models.shelters import unsheltered
from louzhang.register.queries.places import community_of

SET_APART = "住址保密的居民另立了一户，请核对"


@dataclass(frozen=True, slots=True)
class AtHome:
    """A locked person, where they live now if anywhere, and the locked households asked for."""

    resident: Resident
    stay: Stay | None
    households: dict[int, Household]

    @property
    def household(self) -> Household | None:
        """The household they live in now."""
        return self.households[self.stay.household_id] if self.stay else None


def living(household_id: int, actor: Actor) -> Household:
    """A household locked for a change; raises `Conflict` where it has left."""
    household: Household = kept(Household.objects.all(), household_id, actor, "dwelling__area")
    if household.ends_on is not None:
        raise Conflict("这一户已经迁出，不能再改。")
    return household


def standing(resident_id: int, actor: Actor) -> Resident:
    """A resident locked for a change; raises `Conflict` for a row that has ended or a person who died."""
    resident: Resident = kept(Resident.objects.all(), resident_id, actor, "area")
    if resident.ended_at is not None:
        raise Conflict("这条登记已经并入别的登记或被撤销，不能再改。")
    if resident.died_on is not None:
        raise Conflict("这位居民已登记去世，不能再改。登错了请找社区更正。")
    return resident


def at_home(resident_id: int, actor: Actor, also: Iterable[int] = ()) -> AtHome:
    """Lock a person with the household they live in and others by id.

    Raises `NotThere`, `NotYours`, `Conflict` where somebody moved them meanwhile.
    """
    before = _household_of(resident_id)
    wanted = {pk for pk in (before, *also) if pk is not None}
    rows = Household.objects.filter(pk__in=wanted).select_related("dwelling__area").order_by("pk")
    households = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    resident = standing(resident_id, actor)
    stay = Stay.objects.filter(resident=resident, ends_on=None).first()
    if (stay.household_id if stay else None) != before:
        raise Conflict("这位居民刚刚由别人改过住处，请刷新后再看。")
    return AtHome(resident, stay, households)


def _household_of(resident_id: int) -> int | None:
    return Stay.objects.filter(resident_id=resident_id, ends_on=None).values_list("household_id", flat=True).first()


def settle(resident: Resident, household: Household, on: date, tie: str, *, actor: Actor, at: datetime) -> Stay:
    """Begin a stay in a locked household.

    Raises `InputRefused` for a day before the household came, `Conflict` for a second head or days that overlap.
    """
    if tie == Tie.HEAD:
        make_room(household, on, actor, at)
    if on < household.starts_on:
        raise InputRefused("这一天这户人家还没有搬来，请核对日期。", field="on")
    if tie == Tie.HEAD and Stay.objects.filter(household=household, tie=Tie.HEAD, ends_on=None).exists():
        raise Conflict("这一户已经有户主，一户只有一个。请先改户主，或选别的关系。", field="tie")
    try:
        with transaction.atomic():
            return Stay.objects.create(resident=resident, household=household, tie=tie, starts_on=on)
    except IntegrityError:
        raise Conflict("这段时间和登记过的居住或户主重叠，请核对日期。", field="on") from None


def make_room(household: Household, on: date, actor: Actor, at: datetime) -> None:
    """Before a locked household gets another head: one whom the actor may not know of must not stand in the way."""
    if hidden_stays(household, actor).filter(tie=Tie.HEAD).exists():
        set_apart(household, on, actor, at)


def hidden_stays(household: Household, actor: Actor) -> QuerySet[Stay]:
    """Who lives in a household and is shielded from the actor by a protection order."""
    shown = unsheltered(actor, "resident_id", "household__dwelling__area")
    rows: QuerySet[Stay] = Stay.objects.filter(household=household, ends_on=None)
    return rows.exclude(pk__in=rows.filter(shown).values("pk"))


def set_apart(household: Household, on: date, actor: Actor, at: datetime) -> None:
    """Whom the actor may not know of goes on living behind the same door in a household of their own.

    Nothing of it is told but to the secretary of the community: what somebody does with a household is done with
    the people they know there, and must neither move the others nor be refused because of them.
    """
    stays = list(hidden_stays(household, actor).order_by("resident_id"))
    if not stays:
        return
    area_id = household.dwelling.area_id
    since = min(max(on, stay.starts_on) for stay in stays)
    own = Household.objects.create(dwelling=household.dwelling, starts_on=since)
    facts: dict[str, Any] = {"dwelling": household.dwelling_id, "on": since.isoformat()}
    tell(own, "move_in", area_id=area_id, actor=SYSTEM, at=at, payload=facts)
    people = Resident.objects.filter(pk__in=[stay.resident_id for stay in stays]).order_by("pk")
    for stay, resident in zip(stays, people.select_for_update(no_key=True, of=("self",)), strict=True):
        stay.ends_on = max(on, stay.starts_on)
        stay.save(update_fields=["ends_on"])
        Stay.objects.create(resident=resident, household=own, tie=stay.tie, starts_on=stay.ends_on)
        facts = {"before": household.pk, "household": own.pk, "tie": stay.tie, "on": stay.ends_on.isoformat()}
        tell(resident, "move", area_id=area_id, actor=SYSTEM, at=at, payload=facts)
    url = reverse("register:household", args=[own.uid])
    tell_sitting([community_of(area_id)], [Role.SECRETARY], own, title=SET_APART, url=url, at=at)


def end_stay(person: AtHome, on: date, actor: Actor, at: datetime) -> None:
    """End where a locked person lives, if anywhere; a household left by its last person ends too.

    The last whom the actor knows of: a household that lived on would tell them of somebody who is shielded.
    Raises `InputRefused` for a day before they came.
    """
    stay, household = person.stay, person.household
    if stay is None or household is None:
        return
    if on < stay.starts_on:
        raise InputRefused("这一天还没有住进来，请核对日期。", field="on")
    stay.ends_on = on
    stay.save(update_fields=["ends_on"])
    end_if_left(household, on, actor, at)


def end_if_left(household: Household, on: date, actor: Actor, at: datetime, *, reason: str = "") -> bool:
    """End a locked household in which nobody lives any more whom the actor may know of; whether it did."""
    rows = Stay.objects.filter(household=household, ends_on=None)
    if household.ends_on is not None or rows.exclude(pk__in=hidden_stays(household, actor).values("pk")).exists():
        return False
    set_apart(household, on, actor, at)
    end_household(household, on, actor, at, reason=reason)
    return True


def end_household(household: Household, on: date, actor: Actor, at: datetime, *, reason: str = "") -> None:
    """The end of a locked household itself, its stays apart."""
    household.ends_on = on
    facts = {"dwelling": household.dwelling_id, "on": on.isoformat()}
    words = {"reason": reason.strip()[:200]}
    area_id = household.dwelling.area_id
    tell(household, "move_out", area_id=area_id, actor=actor, at=at, payload=facts, words=words, save=("ends_on",))
