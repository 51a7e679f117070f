"""From a bearer token to the actor behind it, for the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from louzhang.accounts.actors import resolver
from louzhang.accounts.models import ApiToken
from louzhang.journal.actor import Actor, ActorKind
from louzhang.kit import clock, crypto
from louzhang.kit.compiled import compiled

PREFIX = "lz_"


def actor_of_token(token: str, at: datetime) -> Actor | None:
    """The person of a live token, or None for an ended, unknown or misshapen one.

    Costs one query for the token with its person and one for the posts; the day of use is
    written at most once a day.
    """
    if not token.startswith(PREFIX):
        return None
    row: ApiToken | None = _live_token.first(token_hash=crypto.token_hash(token))
    if row is None:
        return None
    today = clock.local_date(at)
    if row.used_on is None or row.used_on < today:
        ApiToken.objects.filter(pk=row.pk).update(used_on=today)
    return resolver()(row.user, at, kind=ActorKind.TOKEN, token_id=row.pk, is_read_only=row.is_read_only)


@compiled
def _live_token(*, token_hash: Any) -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user").filter(token_hash=token_hash, ended_at=None, user__ended_at=None)
