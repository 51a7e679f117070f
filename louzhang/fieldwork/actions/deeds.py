"""好人好事: told in a line by who looks after the place; a name only of who agreed to be named (R1: 514)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from louzhang.areas.models import Area
from louzhang.fieldwork.actions.noting import note
from louzhang.fieldwork.models import GoodDeed
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.scope import keeps_area, refuse_looking_only

WORDS_AT_MOST = 200
NAME_LENGTH = 40


def tell_deed(
    *,
    area: Area,
    day: date,
    words: str,
    actor: Actor,
    at: datetime,
    name: str = "",
    has_agreed: bool = False,
    entry_id: uuid.UUID | None = None,
) -> GoodDeed:
    """Write one down. Raises `NotYours` elsewhere, `InputRefused` without words, for a day to come, and for a name
    whose bearer has not agreed.
    """
    refuse_looking_only(actor)
    if actor.user_id is None or not keeps_area(actor, area):
        raise NotYours("这个地方不归您负责，请让负责那里的人来记。")
    if not words.strip() or len(words) > WORDS_AT_MOST:
        raise InputRefused(f"请用一两句话写是什么事，最多 {WORDS_AT_MOST} 个字。", field="words")
    if day > clock.local_date(at):
        raise InputRefused("日期还没有到，请填今天或以前的日期。", field="day")
    if name.strip() and not has_agreed:
        raise InputRefused("本人同意了才能记名字。没有问过的，把名字空着。", field="has_agreed")
    with transaction.atomic():
        deed = GoodDeed(area=area, day=day, is_named=bool(name.strip()), teller_id=actor.user_id, told_at=at)
        deed.seal(name=name.strip()[:NAME_LENGTH])
        deed.save(force_insert=True)
        said = {"words": words.strip()}
        note(deed, "tell", area_id=area.pk, actor=actor, at=at, facts={"named": deed.is_named}, words=said,
             entry_id=entry_id)  # fmt: skip
    return deed


def take_back_deed(*, uid: uuid.UUID, actor: Actor, at: datetime) -> GoodDeed:
    """It was a mistake, or the one named does not wish it any more: the name goes at once."""
    refuse_looking_only(actor)
    with transaction.atomic():
        rows = GoodDeed.objects.visible_to(actor).standing().select_for_update(no_key=True, of=("self",))
        deed = rows.filter(uid=uid).first()
        if deed is None:
            raise NotThere("没有找到这一条，或它不在您负责的范围内。")
        deed.seal(name="")
        deed.is_named, deed.ended_at = False, at
        save = ("is_named", "name_sealed", "ended_at")
        note(deed, "take_back", area_id=deed.area_id, actor=actor, at=at, save=save)
    return deed
