"""A search of the register by ID number or phone: counted against a limit, and logged before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from louzhang.accounts import limits
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotYours
from louzhang.register.models import Resident, id_index, phone_index
from louzhang.register.queries.searching import search_by_index
from louzhang.register.scope import keeping_seats

BY_ID, BY_PHONE = "search_id", "search_phone"
REASON = "按号码查找"
MOST_LOGGED = 100


@dataclass(frozen=True, slots=True)
class NumberSearch:
    """What was looked for, as a blind index, and how many people of the actor's places it belongs to."""

    id_index: str
    phone_index: str
    found: int


def search_by_number(*, actor: Actor, at: datetime, id_number: str = "", phone: str = "") -> NumberSearch:
    """Look for exactly one ID number or phone, both normal, where the actor keeps the register.

    Whoever has the number gets a row of who looked, also where nothing is told to the actor: somebody elsewhere, or
    shielded by a protection order. A search for nobody's number is logged too, since asking for one tells something
    as well. Call outside a transaction: the count stays when the rest is refused. Raises `NotYours`
    for who keeps no place, `TooOften`.
    """
    if not actor.is_system and not keeping_seats(actor):
        raise NotYours("人房登记由社区和楼长保管，您的职务不能按号码查人。")
    limits.refuse_too_often({"reveal.person": str(actor.user_id or actor.device)}, at)
    wanted = NumberSearch(id_index(id_number), "" if id_number else phone_index(phone), 0)
    rows = search_by_index(actor, id_index=wanted.id_index, phone_index=wanted.phone_index)
    with transaction.atomic():
        found = rows.count()
        for pk in _everybody(wanted) or [0]:
            log_reveal(
                subject_kind=Resident.subject_kind,
                subject_id=pk,
                what=BY_ID if id_number else BY_PHONE,
                reason=REASON,
                actor=actor,
                at=at,
            )
    return NumberSearch(wanted.id_index, wanted.phone_index, found)


def _everybody(wanted: NumberSearch) -> list[int]:
    """The rows of a number wherever they lie; one phone has few people."""
    rows = Resident.objects.current()
    if wanted.id_index:
        rows = rows.filter(id_index=wanted.id_index)
    else:
        rows = rows.exclude(phone_index="").filter(phone_index=wanted.phone_index)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_LOGGED])
