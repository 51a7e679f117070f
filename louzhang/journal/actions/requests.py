"""One idempotency for forms, API, sync and import: a request is carried out once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from louzhang.journal.actions.recording import canonical
from louzhang.journal.actor import Actor
from louzhang.journal.models import RequestKey
from louzhang.journal.refusals import Conflict, Refusal
from louzhang.kit import crypto
from louzhang.kit.writing import insert_together

KEPT = timedelta(days=30)

Answer = TypeVar("Answer", bound=Mapping[str, Any])


def body_digest(body: object) -> str:
    """The digest under which a request key remembers what was asked."""
    return crypto.blind_index(canonical(body).decode(), purpose="request")


def once(
    *,
    actor: Actor,
    entry_id: uuid.UUID | None,
    body: object,
    at: datetime,
    perform: Callable[[], Answer],
) -> Answer | Mapping[str, Any]:
    """Carry out a request once per (actor, entry_id); a repeat gets the stored answer.

    The answer is stored in the transaction of the action itself, so a killed process leaves
    either both or neither. A repeat is found when its key collides or when the action refuses
    because the first one has already moved the row.

    Raises `Conflict` when the same key comes with another body; otherwise whatever `perform`
    raises.
    """
    if entry_id is None:
        with transaction.atomic():
            return perform()
    digest = body_digest(body)
    try:
        with transaction.atomic():
            answer = perform()
            key = {"owner_key": actor.owner_key, "entry_id": entry_id}
            insert_together(RequestKey(**key, digest=digest, answer=dict(answer), stored_at=at))
            return answer
    except (IntegrityError, Refusal):
        stored = RequestKey.objects.filter(owner_key=actor.owner_key, entry_id=entry_id).first()
        if stored is None:
            raise
        if stored.digest != digest:
            raise Conflict("同一个请求编号已用于另一项内容，请刷新页面后重新提交。") from None
        replay: Mapping[str, Any] = stored.answer
        return replay


def purge_request_keys(*, at: datetime) -> int:
    """Forget requests stored more than 30 days ago; nobody repeats them. Gives how many."""
    gone, _ = RequestKey.objects.filter(stored_at__lt=at - KEPT).delete()
    return gone
