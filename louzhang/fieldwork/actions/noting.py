"""Appending an event under the post that acted, with the place it happened in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from louzhang.journal.actions import prepare_event
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.readers import unread
from louzhang.kit.writing import save_together
from louzhang.register.queries.places import lines_of


def note(
    subject: Chained,
    verb: str,
    *,
    area_id: int,
    actor: Actor,
    at: datetime,
    post_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    save: tuple[str, ...] = (),
    entry_id: uuid.UUID | None = None,
) -> None:
    """Append an event to a saved subject and save the columns named."""
    line = lines_of([area_id])[area_id]
    event, said = prepare_event(
        subject, verb, actor=actor, at=at, payload=facts, words=words, area_ids=line,
        post_id=post_id or actor.post_on(line), entry_id=entry_id,
    )  # fmt: skip
    changed = ["chain_seq", "chain_head", *save]
    save_together(subject, changed, *(row for row in (event, said, unread(event)) if row is not None))
