"""A step of a poll, as every action takes it."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from louzhang.ballots.lifecycle import LOOP
from louzhang.ballots.models import Poll
from louzhang.journal.actor import Actor
from louzhang.journal.walker import Step, walk


def walk_poll(
    poll_id: int, verb: str, *, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None, **given: Any
) -> AbstractContextManager[Step[Poll]]:
    """Move a poll along one transition. Raises what `journal.walker.walk` raises."""
    return walk(LOOP, Poll.objects.all(), poll_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
