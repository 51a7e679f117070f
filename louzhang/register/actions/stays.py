"""Who lives in which household: begun and ended under locks taken in one order, door before household before person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.register.actions.keeping import kept, tell
from louzhang.register.models import Household, Resident, Stay, Tie


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


def settle(resident: Resident, household: Household, on: date, tie: str) -> Stay:
    """Begin a stay in a locked household.

    Raises `InputRefused` for a day before the household came, `Conflict` for a second head or days that overlap.
    """
    if on < household.starts_on:
        raise InputRefused("这一天这户人家还没有搬来，请核对日期。", field="on")
    if tie == Tie.HEAD and Stay.objects.filter(household=household, tie=Tie.HEAD, ends_on=None).exists():
        raise Conflict("这一户已经有户主，一户只有一个。请先改户主，或选别的关系。", field="tie")
    try:
        with transaction.atomic():
            return Stay.objects.create(resident=resident, household=household, tie=tie, starts_on=on)
    except IntegrityError:
        raise Conflict("这段时间和登记过的居住或户主重叠，请核对日期。", field="on") from None


def end_stay(person: AtHome, on: date, actor: Actor, at: datetime) -> None:
    """End where a locked person lives, if anywhere; a household left by its last person ends too.

    Raises `InputRefused` for a day before they came.
    """
    stay, household = person.stay, person.household
    if stay is None or household is None:
        return
    if on < stay.starts_on:
        raise InputRefused("这一天还没有住进来，请核对日期。", field="on")
    stay.ends_on = on
    stay.save(update_fields=["ends_on"])
    if household.ends_on is None and not Stay.objects.filter(household=household, ends_on=None).exists():
        end_household(household, on, actor, at)


def end_household(household: Household, on: date, actor: Actor, at: datetime, *, reason: str = "") -> None:
    """The end of a locked household itself, its stays apart."""
    household.ends_on = on
    facts = {"dwelling": household.dwelling_id, "on": on.isoformat()}
    words = {"reason": reason.strip()[:200]}
    area_id = household.dwelling.area_id
    tell(household, "move_out", area_id=area_id, actor=actor, at=at, payload=facts, words=words, save=("ends_on",))
