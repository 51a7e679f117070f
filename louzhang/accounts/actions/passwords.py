"""Passwords: only for people who work at a desk and want one; a code always works too."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from louzhang.accounts.actions.signing_in import end_devices
from louzhang.accounts.models import Device, User
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotYours


def set_password(*, user: User, password: str, current: str, device: Device | None, actor: Actor, at: datetime) -> User:
    """Set or change one's password; a change signs every other device out.

    Raises `NotYours` for someone without a post, `InputRefused` for a wrong current password or a
    weak new one.
    """
    if not actor.seats:
        raise NotYours("密码只给有任职的工作人员使用，您可以一直用登录码登录。")
    had_one = user.has_usable_password()
    if had_one and not user.check_password(current):
        raise InputRefused("现在的密码不对，请再填一次。忘记了可以请发登录码的办公室清除密码。", field="current")
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise InputRefused(" ".join(refusal.messages), field="password") from None
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        locked.set_password(password)
        record(locked, "set_password", actor=actor, at=at, audience=Audience.DESK, save=["password"])
        if had_one:
            end_devices(user=locked, actor=actor, at=at, except_device=device)
    return locked


def clear_password(*, user: User, actor: Actor, at: datetime) -> User:
    """Take a password away; from now on only a code signs in."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if locked.has_usable_password():
            locked.set_unusable_password()
            record(locked, "clear_password", actor=actor, at=at, audience=Audience.DESK, save=["password"])
    return locked
