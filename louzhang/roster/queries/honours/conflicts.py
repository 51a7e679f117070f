"""Who may not decide about an honour although their office may: those it concerns (利益回避)."""

from __future__ import annotations

from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.register.models import own_residents
from louzhang.roster.models.honours import Honour

DECIDING = frozenset({"check", "decline", "answer", "award", "revoke", "ask"})


def bar_on(honour: Honour, actor: Actor) -> str:
    """Why this person may not decide about this honour, as a sentence; empty where nothing stands against it.

    `honour` was read with its building. Nobody decides about themselves or about a building they look after.
    """
    if actor.user_id is not None and actor.user_id == honour.holder_id:
        return "这是给您自己的荣誉，请同事来办。"
    if honour.resident_id is not None and own_residents(actor).filter(resident_id=honour.resident_id).exists():
        return "这是给您自己的荣誉，请同事来办。"
    if honour.building is not None:
        path = honour.building.path
        seats = [seat for seat in actor.seats_with(*FIELD_ROLES) if seat.path]
        if any(path.startswith(seat.path) or seat.path.startswith(path) for seat in seats):
            return "这栋楼由您负责，请同事来办。"
    return ""


def bar_on_checking(honour: Honour, actor: Actor) -> str:
    """The same for the check, which whoever put it forward does not do either."""
    if actor.user_id is not None and actor.user_id == honour.proposer_id:
        return "您自己推荐的，要由另一个人审核。"
    return bar_on(honour, actor)
