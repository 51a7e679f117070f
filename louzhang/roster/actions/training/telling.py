"""Appending an event to a row without states of its own, under the post that acted and the line of its area."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.journal.actions import record
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.refusals import NotYours
from louzhang.roster.queries.training.courses import may_run


def tell(
    row: Chained,
    verb: str,
    *,
    area: Area,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    save: tuple[str, ...] = (),
    entry_id: uuid.UUID | None = None,
) -> None:
    """Append one event to a saved row and save the columns named."""
    area_ids = [node.pk for node in line_of(area)]
    record(row, verb, actor=actor, at=at, payload=facts, words=words, area_ids=area_ids, save=save, entry_id=entry_id)


def refuse_running(actor: Actor, area: Area) -> None:
    """Raise `NotYours` unless an office of the actor stands at or over an area."""
    if not may_run(actor, area):
        raise NotYours("培训由本社区、街道或区里的办公室来安排。")
