"""结伴: asking for company before going to a door. No reason is asked for."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.fieldwork.models import Company
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, NotThere, NotYours
from louzhang.register.actions.keeping import refuse_strange_area
from louzhang.register.models import Dwelling
from louzhang.register.queries.places import lines_of
from louzhang.register.scope import refuse_looking_only

GONE = "没有找到这次结伴，它可能已经有人去了，或者收回了。"


def ask_company(*, dwelling_id: int, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Company:
    """Ask that somebody comes along; who keeps the place and its community learn of it at once.

    Raises `NotThere`, `NotYours`, `Conflict` where it was asked already.
    """
    with transaction.atomic():
        door = Dwelling.objects.visible_to(actor).filter(pk=dwelling_id).select_related("area").first()
        if door is None or actor.user_id is None:
            raise NotThere("没有找到这个门牌，或它不在您负责的范围内。")
        refuse_strange_area(actor, door.area)
        try:
            with transaction.atomic():
                row = Company.objects.create(area=door.area, dwelling=door, asker_id=actor.user_id, asked_at=at)
        except IntegrityError:
            raise Conflict("已经替您问过了，有人能一起去会告诉您。") from None
        _tell(row, "ask", actor, at, entry_id)
    return row


def join_company(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Company:
    """Somebody who keeps the place comes along. Raises `NotThere`, `NotYours` for the asker, `Conflict`."""
    with transaction.atomic():
        row = _locked(uid, actor)
        if row.asker_id == actor.user_id:
            raise NotYours("这是您自己提的，请等别人来一起去。")
        if row.joiner_id is not None or row.ended_at is not None:
            raise Conflict(GONE)
        row.joiner_id, row.joined_at = actor.user_id, at
        _tell(row, "join", actor, at, None, "joiner", "joined_at")
    return row


def end_company(*, uid: uuid.UUID, actor: Actor, at: datetime) -> Company:
    """It is not needed any more: taken back by who asked."""
    with transaction.atomic():
        row = _locked(uid, actor)
        if row.asker_id != actor.user_id:
            raise NotYours("由提出的人自己收回。")
        if row.ended_at is None:
            row.ended_at = at
            _tell(row, "end", actor, at, None, "ended_at")
    return row


def end_company_at(*, dwelling_id: int, actor: Actor, at: datetime) -> None:
    """The visit was made: what was asked for it is over."""
    rows = Company.objects.filter(dwelling=dwelling_id, asker_id=actor.user_id, ended_at=None)
    for row in rows.select_for_update(no_key=True):
        row.ended_at = at
        _tell(row, "end", actor, at, None, "ended_at")


def end_company_of(*, company_id: int, at: datetime) -> None:
    """Whoever asked has left the post: nobody need come along."""
    _let_go(company_id, "end", at, ended_at=at)


def leave_company(*, company_id: int, at: datetime) -> None:
    """Whoever wanted to come along has left the post: it is asked again."""
    _let_go(company_id, "leave", at, joiner=None, joined_at=None)


def _let_go(company_id: int, verb: str, at: datetime, **changes: Any) -> None:
    with transaction.atomic():
        row = Company.objects.filter(ended_at=None).select_for_update(no_key=True, of=("self",)).get(pk=company_id)
        for name, value in changes.items():
            setattr(row, name, value)
        _tell(row, verb, SYSTEM, at, None, *changes)


def _locked(uid: uuid.UUID, actor: Actor) -> Company:
    refuse_looking_only(actor)
    row = Company.objects.visible_to(actor).filter(uid=uid).select_for_update(no_key=True, of=("self",)).first()
    if row is None:
        raise NotThere(GONE)
    return row


def _tell(row: Company, verb: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None, *save: str) -> None:
    facts = {"dwelling": row.dwelling_id, "asker": row.asker_id}
    record(
        row, verb, actor=actor, at=at, payload=facts, area_ids=lines_of([row.area_id])[row.area_id], save=save,
        entry_id=entry_id,
    )  # fmt: skip
