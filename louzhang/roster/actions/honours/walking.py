"""One step of one honour."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.walker import Step, walk
from louzhang.roster.lifecycle.honours import LOOP
from louzhang.roster.models.honours import Honour, HonourQuerySet


def walk_honour(
    honour_id: int, verb: str, actor: Actor, at: datetime, given: Mapping[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Honour]]:
    """Walk one honour along one verb; raises what the walker raises."""
    rows: HonourQuerySet = Honour.objects.all()
    return walk(LOOP, rows, honour_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)
