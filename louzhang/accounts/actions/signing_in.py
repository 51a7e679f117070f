"""Signing in: a one-time code from the community, a device that stays, a device that ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from louzhang.accounts.models import Device, SignInCode, User
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock, codes, crypto

DEVICE_DAYS = 30
CODE_HOURS = 72
WRONG = "号码或登录码不对。请核对后再试，或请社区重新打印登录码。"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A device just signed in, and its token in plain, this once."""

    device: Device
    token: str


def issue_sign_in_code(*, user: User, issuer: User, actor: Actor, at: datetime) -> str:
    """Make a one-time code of eight digits for a person; an older open one ends.

    The caller has checked that the issuer's office answers for the person's posts.
    """
    code = codes.sign_in_code()
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        SignInCode.objects.filter(user=locked, used_at=None, ended_at=None).update(ended_at=at)
        SignInCode.objects.create(
            user=locked,
            code_hash=crypto.token_hash(f"{locked.uid}:{code}"),
            issued_by=issuer,
            issued_at=at,
            expires_at=at + timedelta(hours=CODE_HOURS),
        )
        record(locked, "issue_code", actor=actor, at=at, audience=Audience.DESK)
    return code


def sign_in_with_code(*, user: User, code: str, label: str, at: datetime) -> SignedIn:
    """Use a code up and sign this device in for 30 days.

    Raises `InputRefused` with one sentence for a wrong, used, ended or expired code alike. The
    caller counts failures and locks out.
    """
    with transaction.atomic():
        row = (
            SignInCode.objects.select_for_update()
            .filter(user=user, used_at=None, ended_at=None, expires_at__gt=at)
            .first()
        )
        given = crypto.token_hash(f"{user.uid}:{code.strip()}")
        if row is None or not user.is_active or not secrets.compare_digest(row.code_hash, given):
            raise InputRefused(WRONG, field="code")
        row.used_at = at
        row.save(update_fields=["used_at"])
        return sign_in_device(user=user, way="code", label=label, at=at)


def sign_in_device(*, user: User, way: str, label: str, at: datetime) -> SignedIn:
    """Make the row and the token of a device whose person has just been recognised."""
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        user=user,
        token_hash=crypto.token_hash(token),
        label=label[:60],
        way=way,
        signed_in_at=at,
        seen_on=clock.local_date(at),
        expires_at=at + timedelta(days=DEVICE_DAYS),
    )
    return SignedIn(device=device, token=token)


def end_device(*, device: Device, actor: Actor, at: datetime, reason: str = "") -> None:
    """Sign a device out for good (a lost phone: one tap at the desk); ending twice is one end."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=device.user_id).first()
        if user is None:
            raise NotThere("没有找到这台设备。")
        ended = Device.objects.filter(pk=device.pk, ended_at=None).update(ended_at=at)
        if ended:
            record(
                user,
                "end_device",
                actor=actor,
                at=at,
                audience=Audience.DESK,
                payload={"device": device.pk},
                words={"reason": reason},
            )
