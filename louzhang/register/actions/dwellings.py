"""Doors: found, corrected, let, seen vacant, gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit import clock
from louzhang.register.actions.keeping import kept, refuse_branches, refuse_future, refuse_strange_area, tell
from louzhang.register.models import HIGHEST_FLOOR, LOWEST_FLOOR, Dwelling, DwellingKind, Household

CHANGEABLE = ("door", "floor", "position")
DOOR_LENGTH = 20


def found_dwelling(
    *,
    area: Area,
    door: str,
    actor: Actor,
    at: datetime,
    floor: int | None = None,
    position: int = 1,
    kind: DwellingKind | None = None,
) -> Dwelling:
    """Enter a door of a stairwell, of a building without any, or of a neighbours' group.

    Raises `NotYours` for a place the actor does not keep, `InputRefused` for a blank door, an impossible floor or a
    place with places below it, `Conflict` for a door that stands already.
    """
    refuse_strange_area(actor, area)
    _refuse_shape(door.strip(), floor)
    refuse_branches([area.pk])
    dwelling = Dwelling(
        area=area, door=door.strip(), floor=floor, position=position, kind=kind, started_at=at,
        checked_on=clock.local_date(at),
    )  # fmt: skip
    with _door_once(), transaction.atomic():
        dwelling.save(force_insert=True)
        facts = {"door": dwelling.door, "floor": floor, "kind": kind.pk if kind else None}
        tell(dwelling, "add", area_id=area.pk, actor=actor, at=at, payload=facts)
    return dwelling


def alter_dwelling(*, dwelling_id: int, actor: Actor, at: datetime, **changes: Any) -> Dwelling:
    """Correct door, floor or place in the row; what stays the same makes no event.

    Raises `NotThere`, `NotYours`, `InputRefused`, `Conflict` as `found_dwelling` does.
    """
    with _door_once(), transaction.atomic():
        dwelling = _standing(dwelling_id, actor)
        before = _changed(dwelling, changes)
        _refuse_shape(dwelling.door, dwelling.floor)
        if before:
            facts = {"before": before, "after": {name: getattr(dwelling, name) for name in before}}
            tell(dwelling, "alter", area_id=dwelling.area_id, actor=actor, at=at, payload=facts, save=tuple(before))
    return dwelling


def _changed(dwelling: Dwelling, changes: Mapping[str, Any]) -> dict[str, Any]:
    before = {}
    for name in CHANGEABLE:
        if name in changes and getattr(dwelling, name) != changes[name]:
            before[name] = getattr(dwelling, name)
            setattr(dwelling, name, changes[name])
    return before


def change_kind(*, dwelling_id: int, kind: DwellingKind | None, actor: Actor, at: datetime) -> Dwelling:
    """Say what a home is used as; becoming let is an event of its own (`let`)."""
    with transaction.atomic():
        dwelling = _standing(dwelling_id, actor)
        if dwelling.kind_id == (kind.pk if kind else None):
            return dwelling
        facts = {"before": dwelling.kind_id, "after": kind.pk if kind else None}
        verb = "let" if kind is not None and kind.is_let else "change_kind"
        dwelling.kind = kind
        tell(dwelling, verb, area_id=dwelling.area_id, actor=actor, at=at, payload=facts, save=("kind",))
    return dwelling


def vacate_dwelling(*, dwelling_id: int, since: date, actor: Actor, at: datetime) -> Dwelling:
    """Note that a home stands empty since a day.

    Raises `Conflict` while a household is entered there.
    """
    refuse_future(since, at, field="since")
    with transaction.atomic():
        dwelling = _standing(dwelling_id, actor)
        if _is_lived_in(dwelling, actor):
            raise Conflict("这里还登记着住户，请先办迁出，再记空置。")
        dwelling.vacant_since = since
        facts = {"since": since.isoformat()}
        tell(dwelling, "vacate", area_id=dwelling.area_id, actor=actor, at=at, payload=facts, save=("vacant_since",))
    return dwelling


def end_dwelling(*, dwelling_id: int, reason: str, actor: Actor, at: datetime) -> Dwelling:
    """Take a door out of use: pulled down, joined with the next one, entered by mistake.

    Raises `InputRefused` without a reason, `Conflict` while a household is entered there.
    """
    if not reason.strip():
        raise InputRefused("请写明为什么注销这个门牌。", field="reason")
    with transaction.atomic():
        dwelling = _standing(dwelling_id, actor)
        if _is_lived_in(dwelling, actor):
            raise Conflict("这里还登记着住户，请先办迁出，再注销门牌。")
        dwelling.ended_at = at
        words = {"reason": reason.strip()[:200]}
        tell(dwelling, "end", area_id=dwelling.area_id, actor=actor, at=at, words=words, save=("ended_at",))
    return dwelling


def check_dwelling(*, dwelling_id: int, actor: Actor, at: datetime) -> Dwelling:
    """Note that somebody has been at the door and what is entered is right."""
    with transaction.atomic():
        dwelling = _standing(dwelling_id, actor)
        dwelling.checked_on = clock.local_date(at)
        tell(dwelling, "check", area_id=dwelling.area_id, actor=actor, at=at, save=("checked_on",))
        Household.objects.filter(dwelling=dwelling, ends_on=None).update(checked_on=dwelling.checked_on)
    return dwelling


def _standing(dwelling_id: int, actor: Actor) -> Dwelling:
    dwelling: Dwelling = kept(Dwelling.objects.all(), dwelling_id, actor, "area")
    if dwelling.ended_at is not None:
        raise Conflict("这个门牌已经注销，不能再改。")
    return dwelling


def _is_lived_in(dwelling: Dwelling, actor: Actor) -> bool:
    """As far as the actor may know: a refusal for people whom a protection order shields would tell of them."""
    return Household.objects.kept_by(actor).filter(dwelling=dwelling, ends_on=None).exists()


def _refuse_shape(door: str, floor: int | None) -> None:
    if not door or len(door) > DOOR_LENGTH:
        raise InputRefused(f"请填写门牌，最多 {DOOR_LENGTH} 个字，例如 301。", field="door")
    if floor is not None and not LOWEST_FLOOR <= floor <= HIGHEST_FLOOR:
        raise InputRefused(f"楼层应在 {LOWEST_FLOOR} 到 {HIGHEST_FLOOR} 之间。", field="floor")


@contextmanager
def _door_once() -> Iterator[None]:
    """Turn the constraint on doors into a sentence."""
    try:
        yield
    except IntegrityError:
        raise Conflict("这个门牌已经登记过，请核对门牌号。", field="door") from None
