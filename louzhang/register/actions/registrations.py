"""户籍: where somebody is registered, apart from where they live (人户分离 is ordinary both ways)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.register.actions.keeping import refuse_future, tell
from louzhang.register.actions.stays import standing
from louzhang.register.models import Dwelling, Registration

ADDRESS_LENGTH = 120


def record_registration(
    *, resident_id: int, on: date, actor: Actor, at: datetime, address: str = "", dwelling_id: int | None = None
) -> Registration:
    """Note where a resident is registered from a day on, in words or at a door of the register; the one before ends.

    Raises `InputRefused` for neither or both or a day before the last one, `NotThere` for a strange door.
    """
    refuse_future(on, at)
    if bool(address.strip()) == (dwelling_id is not None) or len(address.strip()) > ADDRESS_LENGTH:
        raise InputRefused(
            f"请写户籍地址（最多 {ADDRESS_LENGTH} 个字），或选一个登记过的门牌，二选一。", field="address"
        )
    with transaction.atomic():
        resident = standing(resident_id, actor)
        door = Dwelling.objects.visible_to(actor).filter(pk=dwelling_id).first() if dwelling_id else None
        if dwelling_id is not None and door is None:
            raise NotThere("没有找到这个门牌，或它不在您负责的范围内。")
        _end_before(resident.pk, on)
        tie = Registration.objects.create(resident=resident, dwelling=door, address=address.strip(), starts_on=on)
        facts = {"dwelling": dwelling_id, "on": on.isoformat()}
        tell(resident, "record_registration", area_id=resident.area_id, actor=actor, at=at, payload=facts)
    return tie


def _end_before(resident_id: int, on: date) -> None:
    before = Registration.objects.filter(resident_id=resident_id, ends_on=None).first()
    if before is None:
        return
    if on < before.starts_on:
        raise InputRefused("比上一次登记的户籍日期还早，请核对。", field="on")
    before.ends_on = on
    before.save(update_fields=["ends_on"])
