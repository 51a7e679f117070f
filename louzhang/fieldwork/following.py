"""The reader of the journal: days of posts where something happened are gathered again."""

from __future__ import annotations

from collections.abc import Sequence

from louzhang.fieldwork.actions.making import mark_stale
from louzhang.journal.models import Event
from louzhang.kit import clock

KINDS = ("workorder", "inquiry", "site", "visit")


def follow(events: Sequence[Event]) -> None:
    """Mark the days of today on the line of each event; the worker gathers them within seconds."""
    area_ids = {area_id for event in events for area_id in event.area_ids}
    if area_ids:
        mark_stale(area_ids=area_ids, since=clock.local_date(max(event.happened_at for event in events)))
