"""Reading people's own things: devices, codes, tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from louzhang.accounts.models import ApiToken, Device, SignInCode, User
from louzhang.journal.refusals import NotThere
from louzhang.kit import phones
from louzhang.kit.compiled import compiled


def open_devices(user: User, at: datetime) -> list[Device]:
    """The devices a person is signed in on, the last seen first."""
    return list(
        Device.objects.filter(user=user, ended_at=None, expires_at__gt=at).order_by("-seen_on", "-signed_in_at")
    )


@compiled
def live_device(*, token_hash: Any, at: Any) -> QuerySet[Device]:
    """The device that carries this token, with its person, while neither has ended."""
    rows = Device.objects.filter(token_hash=token_hash, ended_at=None, expires_at__gt=at, user__ended_at=None)
    return rows.select_related("user").order_by()


def own_device(user: User, device_id: int) -> Device:
    """One device of this person; raises `NotThere` for anybody else's."""
    row = Device.objects.filter(user=user, pk=device_id).first()
    if row is None:
        raise NotThere("没有找到这台设备，它可能已经退出。")
    return row


def live_tokens(user: User) -> list[ApiToken]:
    """The tokens of a person that work, the newest first."""
    return list(ApiToken.objects.filter(user=user, ended_at=None).order_by("-made_at"))


def own_token(user: User, token_id: int) -> ApiToken:
    """One token of this person; raises `NotThere` for anybody else's."""
    row = ApiToken.objects.filter(user=user, pk=token_id).first()
    if row is None:
        raise NotThere("没有找到这个令牌，它可能已经作废。")
    return row


def open_code_of(user: User, at: datetime) -> SignInCode | None:
    """The code somebody may still use."""
    return SignInCode.objects.filter(user=user, used_at=None, ended_at=None, expires_at__gt=at).first()


def by_typed_phone(typed: str) -> User | None:
    """The person with this number; None for nobody and for what is no number."""
    return User.objects.by_phone(typed) if phones.looks_like_phone(typed) else None


def people_of_indexes(indexes: Iterable[str]) -> dict[str, User]:
    """People by the blind index of their number."""
    return {user.phone_index: user for user in User.objects.filter(phone_index__in=list(indexes))}
