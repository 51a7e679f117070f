"""What the next day would hold if it was made now: laid out to look at, written nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects

from louzhang.fieldwork.actions.making import lay_out
from louzhang.fieldwork.models import DayItem, DayList, own_post_ids
from louzhang.fieldwork.queries.holding import field_of, minutes_of_holders, stretch_around
from louzhang.fieldwork.sources import Field
from louzhang.journal.actor import Actor


def look_ahead(
    *, day: date, values: Mapping[str, Any], actor: Actor, at: datetime
) -> tuple[list[DayList], dict[int, list[DayItem]]]:
    """The lists of the own posts for a day without one yet, with their lines; nothing is saved."""
    own = own_post_ids(actor)
    lists: list[DayList] = []
    lines: dict[int, list[DayItem]] = {}
    for low, high in stretch_around(seat.path for seat in actor.seats):
        ground = field_of(day, at, low, high, own, values)
        made = _lists_of(ground, values)
        lines |= {row.pk: [] for row in made.values()} | lay_out(ground, made)
        lists += made.values()
    prefetch_related_objects(lists, "area", "post__title")
    prefetch_related_objects([item for items in lines.values() for item in items], "area", "dwelling")
    for items in lines.values():
        items.sort(key=lambda item: item.ordinal)
    return lists, lines


def _lists_of(ground: Field, values: Mapping[str, Any]) -> dict[int, DayList]:
    """A list for each of the own posts that has minutes on the day, by post; numbered by the post."""
    minutes = minutes_of_holders(ground.holders, ground.day, values)
    return {
        holder.post_id: DayList(
            pk=holder.post_id, post_id=holder.post_id, holder_id=holder.user_id, area_id=holder.area_id,
            day=ground.day, minutes=minutes[holder.post_id], made_at=ground.at, refreshed_at=ground.at,
        )
        for holder in ground.holders
        if holder.post_id in ground.wanted and minutes[holder.post_id]
    }  # fmt: skip
