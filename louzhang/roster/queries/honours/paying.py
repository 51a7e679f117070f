"""The bonus list: what is owed and what was paid, with masked accounts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.roster.lifecycle.honours import BonusState, BonusTie
from louzhang.roster.models.honours import Bonus, PayAccount
from louzhang.roster.queries.honours.standing import spoken_time

LISTED = 500
OWED = [BonusState.OWED.value, BonusState.TICKED.value]
OFFICES = (BonusTie.DESK, BonusTie.ABOVE)


@dataclass(frozen=True, slots=True)
class PayLine:
    """One bonus with what a cashier needs."""

    bonus: Bonus
    kind: str
    time: str
    area: str
    account: str


def pay_list(actor: Actor, *, is_paid: bool = False) -> list[PayLine]:
    """Bonuses of the actor's offices and those below; two queries."""
    rows = Bonus.objects.tied(actor, *OFFICES).with_ties(actor)
    states = [BonusState.PAID.value] if is_paid else OWED
    rows = rows.filter(status__in=states).select_related("honour__kind", "user", "area", "first_by", "second_by")
    found = list(rows.order_by("-month" if is_paid else "month", "area__path", "pk")[:LISTED])
    accounts = {row.user_id: row for row in PayAccount.objects.filter(user_id__in=[each.user_id for each in found])}
    return [
        PayLine(
            bonus,
            bonus.honour.kind.name,
            spoken_time(bonus.honour),
            bonus.area.name,
            accounts[bonus.user_id].masked if bonus.user_id in accounts else "",
        )
        for bonus in found
    ]


def find_bonus(actor: Actor, uid: uuid.UUID) -> Bonus:
    """One of the actor's offices; raises `NotThere`."""
    rows = Bonus.objects.tied(actor, *OFFICES).with_ties(actor).select_related("user", "area", "honour__kind")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotThere("没有找到这笔奖金，或它不在您的范围内。")
    return found
