"""Registering many people at once, under the same rules, constraints and chain as one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import User
from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Event, Words
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit.phones import InvalidPhone
from louzhang.kit.sequences import reserve_ids

BATCH = 500


def register_people(
    *,
    people: Sequence[tuple[str, str]],
    actor: Actor,
    at: datetime,
    is_demo: bool = False,
    advance: Callable[[int], object] = lambda count: None,
) -> list[User]:
    """Make an account for each (name, phone) in their order, all or none; no password is set.

    Raises `InputRefused` for a blank name or a wrong number, `Conflict` for a number in use or
    given twice.
    """
    try:
        with transaction.atomic():
            users = [
                _user(pk, name, phone, at, is_demo=is_demo)
                for pk, (name, phone) in zip(reserve_ids(User._meta.db_table, len(people)), people, strict=True)
            ]
            for start in range(0, len(users), BATCH):
                _store(users[start : start + BATCH], actor, at)
                advance(len(users[start : start + BATCH]))
    except IntegrityError:
        raise Conflict("有号码已经有账号，或在名单里出现了两次，请核对后重试。", field="phone") from None
    return users


def _user(pk: int, name: str, phone: str, at: datetime, *, is_demo: bool) -> User:
    if not name.strip():
        raise InputRefused("请填写姓名。", field="name")
    user = User(pk=pk, name=name.strip(), registered_at=at, is_demo=is_demo)
    user.set_unusable_password()
    try:
        user.seal_phone(phone)
    except InvalidPhone as refusal:
        raise InputRefused(f"{name}：{refusal}", field="phone") from None
    return user


def _store(users: Sequence[User], actor: Actor, at: datetime) -> None:
    events, words = [], []
    for user in users:
        event, said = prepare_event(
            user,
            "register",
            actor=actor,
            at=at,
            audience=Audience.DESK,
            words={"name": user.name},
            post_id=actor.post_at(None, None),
        )
        events.append(event)
        words += [said] if said is not None else []
    User.objects.bulk_create(users)
    Event.objects.bulk_create(events)
    Words.objects.bulk_create(words)
