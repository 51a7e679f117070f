"""Bearer tokens for programs: made once, shown once, ended any time."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from louzhang.accounts.models import ApiToken, User
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience
from louzhang.journal.refusals import InputRefused
from louzhang.kit import crypto


def make_api_token(*, user: User, label: str, is_read_only: bool, actor: Actor, at: datetime) -> tuple[ApiToken, str]:
    """Make a token that does what the person may do, or only looks; returns it in plain once."""
    if not label.strip():
        raise InputRefused("请写明这个令牌给谁用、做什么用。", field="label")
    token = "lz_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        row = ApiToken.objects.create(
            user=locked,
            label=label.strip(),
            token_hash=crypto.token_hash(token),
            is_read_only=is_read_only,
            made_at=at,
        )
        record(locked, "make_token", actor=actor, at=at, audience=Audience.DESK, payload={"token": row.pk})
    return row, token


def end_api_token(*, token: ApiToken, actor: Actor, at: datetime) -> None:
    """Revoke a token; ending twice is one end."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=token.user_id)
        if ApiToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at):
            record(locked, "end_token", actor=actor, at=at, audience=Audience.DESK, payload={"token": token.pk})
