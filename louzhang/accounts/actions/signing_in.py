"""Signing in: a one-time code from the community, a device that stays, a device that ends."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from louzhang.accounts.models import Device, SignInCode, User
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock, codes, crypto

DEVICE_DAYS = 30
CODE_HOURS = 72
WRONG = "手机号或登录码不对。请核对后再试，或请社区重新打印登录码。"
WRONG_PASSWORD = "手机号或密码不对。请核对后再试，也可以改用登录码登录。"


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
            code_hash=_code_hash(locked, code),
            issued_by=issuer,
            issued_at=at,
            expires_at=at + timedelta(hours=CODE_HOURS),
        )
        record(locked, "issue_code", actor=actor, at=at, audience=Audience.DESK)
    return code


def sign_in_with_code(*, user: User | None, code: str, label: str, at: datetime) -> SignedIn:
    """Use a code up and sign this device in for 30 days.

    Raises `InputRefused` with one sentence for an unknown person and a wrong, used, ended or
    expired code alike, after the same query. The caller counts failures and locks out.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).filter(pk=user.pk if user else 0).first()
        row = SignInCode.objects.filter(
            user_id=user.pk if user else 0, used_at=None, ended_at=None, expires_at__gt=at
        ).first()
        if row is None or locked is None or not locked.is_active or not _is_code(row, locked, code):
            raise InputRefused(WRONG, field="code")
        row.used_at = at
        row.save(update_fields=["used_at"])
        return sign_in_device(user=locked, way="code", label=label, at=at)


def sign_in_with_password(*, user: User | None, password: str, label: str, at: datetime) -> SignedIn:
    """Sign this device in for 30 days with the password somebody in an office has set.

    Raises `InputRefused` with one sentence for an unknown person, a person without a password and
    a wrong one alike, after the same work. The caller counts failures and locks out.
    """
    if user is None or not user.is_active or not user.has_usable_password():
        make_password(password)
        raise InputRefused(WRONG_PASSWORD, field="password")
    if not user.check_password(password):
        raise InputRefused(WRONG_PASSWORD, field="password")
    return sign_in_device(user=user, way="password", label=label, at=at)


def sign_in_device(*, user: User, way: str, label: str, at: datetime) -> SignedIn:
    """Make the row and the token of a device whose person has just been recognised."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        device = Device.objects.create(
            user=locked,
            token_hash=crypto.token_hash(token),
            label=label[:60],
            way=way,
            signed_in_at=at,
            seen_on=clock.local_date(at),
            expires_at=at + timedelta(days=DEVICE_DAYS),
        )
        self_acting = Actor(kind=ActorKind.PERSON, user_id=locked.pk)
        payload = {"device": device.pk, "way": way}
        record(locked, "sign_in", actor=self_acting, at=at, audience=Audience.DESK, payload=payload)
    return SignedIn(device=device, token=token)


def end_device(*, device: Device, actor: Actor, at: datetime, reason: str = "") -> None:
    """Sign a device out for good (a lost phone: one tap at the desk); ending twice is one end."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=device.user_id).first()
        if user is None:
            raise NotThere("没有找到这台设备。")
        if Device.objects.filter(pk=device.pk, ended_at=None).update(ended_at=at):
            _record_end(user, [device.pk], actor, at, reason)


def end_devices(
    *, user: User, actor: Actor, at: datetime, except_device: Device | None = None, reason: str = ""
) -> int:
    """Sign all devices of a person out for good, or all but one; how many there were."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        open_ones = Device.objects.filter(user=locked, ended_at=None, expires_at__gt=at)
        if except_device is not None:
            open_ones = open_ones.exclude(pk=except_device.pk)
        ended = sorted(open_ones.values_list("pk", flat=True))
        if ended:
            Device.objects.filter(pk__in=ended).update(ended_at=at)
            _record_end(locked, ended, actor, at, reason)
    return len(ended)


def note_lock(*, user: User, at: datetime) -> None:
    """Write down that repeated failures have locked somebody's number."""
    _note(user, "lock", Actor(kind=ActorKind.SYSTEM), at)


def note_unlock(*, user: User, actor: Actor, at: datetime) -> None:
    """Write down who has unlocked somebody's number."""
    _note(user, "unlock", actor, at)


def _note(user: User, verb: str, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        record(locked, verb, actor=actor, at=at, audience=Audience.DESK)


def _record_end(user: User, devices: list[int], actor: Actor, at: datetime, reason: str) -> None:
    record(
        user,
        "end_device",
        actor=actor,
        at=at,
        audience=Audience.DESK,
        payload={"devices": devices},
        words={"reason": reason},
    )


def _is_code(row: SignInCode, user: User, typed: str) -> bool:
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isdigit())
    return secrets.compare_digest(row.code_hash, _code_hash(user, digits))


def _code_hash(user: User, code: str) -> str:
    return crypto.token_hash(f"{user.uid}:{code}")
