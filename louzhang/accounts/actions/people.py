"""Registering people and ending accounts."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from louzhang.accounts.models import Device, User
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.kit.phones import InvalidPhone


def register_person(*, name: str, phone: str, actor: Actor, at: datetime, is_demo: bool = False) -> User:
    """Make an account that signs in with this phone number; no password is set.

    Raises `InputRefused` for a blank name or a wrong number, `Conflict` for a number in use.
    """
    if not name.strip():
        raise InputRefused("请填写姓名。", field="name")
    user = User(name=name.strip(), registered_at=at, is_demo=is_demo)
    user.set_unusable_password()
    try:
        user.seal_phone(phone)
    except InvalidPhone as refusal:
        raise InputRefused(str(refusal), field="phone") from None
    try:
        with transaction.atomic():
            user.save()
            record(user, "register", actor=actor, at=at, audience=Audience.DESK, words={"name": user.name})
    except IntegrityError:
        raise Conflict("这个号码已经有账号了，请直接在名单里查找这个人。", field="phone") from None
    return user


def rename_person(*, user: User, name: str, actor: Actor, at: datetime) -> User:
    """Correct a name; the old one stays in the journal's words."""
    if not name.strip():
        raise InputRefused("请填写姓名。", field="name")
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before, locked.name = locked.name, name.strip()
        record(
            locked,
            "rename",
            actor=actor,
            at=at,
            audience=Audience.DESK,
            words={"before": before, "name": locked.name},
            save=["name"],
        )
    return locked


def end_person(*, user: User, reason: str, actor: Actor, at: datetime) -> User:
    """End an account: it signs in no more, its devices end at once; history stays."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if locked.ended_at is not None:
            raise Conflict("这个账号已经停用了。")
        locked.ended_at = at
        Device.objects.filter(user=locked, ended_at=None).update(ended_at=at)
        record(locked, "end", actor=actor, at=at, audience=Audience.DESK, words={"reason": reason}, save=["ended_at"])
    return locked


def take_up_person(*, user: User, actor: Actor, at: datetime) -> User:
    """Note that an office wants to give somebody with an account but without a post a new one."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        record(locked, "take_up", actor=actor, at=at, audience=Audience.DESK)
    return locked
