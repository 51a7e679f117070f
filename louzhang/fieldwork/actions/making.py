"""Making the days of a morning in bulk, and gathering a day again when something happened.

What the program lays out is computed from what stands elsewhere, so it makes no events; making twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.areas.models import Area
from louzhang.fieldwork.actions.dues import keep_dues
from louzhang.fieldwork.fitting import Line, fit, walk_order
from louzhang.fieldwork.models import TITLE_LENGTH, WHY_LENGTH, DayItem, DayList, ItemEnd, ItemKind
from louzhang.fieldwork.queries.days import done_since
from louzhang.fieldwork.queries.holding import (
    day_settings,
    field_of,
    minutes_of_holders,
    stretch_around,
    stretches,
)
from louzhang.fieldwork.sources import PRESSING, Draft, Field, gather
from louzhang.kit import clock
from louzhang.kit.sequences import reserve_ids
from louzhang.kit.writing import pour_in
from louzhang.register.models import Dwelling

# Lines that people laid there stay whatever the sources say.
BY_HAND = frozenset({ItemKind.ADDED})
URL_LENGTH = 200


def make_days(*, day: date, at: datetime) -> int:
    """Lay out the day of every post that has none yet; gives how many. A second run finds nothing to do."""
    if not DayList.objects.on(day).exists():
        keep_dues(day=day)
    values = day_settings(at)
    return sum(_make_or_leave(field_of(day, at, low, high, None, values), values) for low, high in stretches(day))


def _make_or_leave(ground: Field, values: Mapping[str, Any]) -> int:
    """The days of a stretch; none where another worker has laid them out at the same moment."""
    try:
        return _make_stretch(ground, values)
    except IntegrityError:
        return 0


def _make_stretch(ground: Field, values: Mapping[str, Any]) -> int:
    """The days of one stretch of the tree, in one transaction."""
    with transaction.atomic():
        made = DayList.objects.on(ground.day).filter(post_id__in=[holder.post_id for holder in ground.holders])
        taken = set(made.values_list("post_id", flat=True))
        minutes = minutes_of_holders(ground.holders, ground.day, values)
        fresh = [each for each in ground.holders if each.post_id not in taken and minutes[each.post_id] > 0]
        if not fresh:
            return 0
        ids = reserve_ids(DayList._meta.db_table, len(fresh))
        lists = {
            holder.post_id: DayList(
                pk=pk, post_id=holder.post_id, holder_id=holder.user_id, area_id=holder.area_id, day=ground.day,
                minutes=minutes[holder.post_id], made_at=ground.at, refreshed_at=ground.at,
            )
            for pk, holder in zip(ids, fresh, strict=True)
        }  # fmt: skip
        items = lay_out(ground, lists)
        pour_in(list(lists.values()))
        every = [item for lines in items.values() for item in lines]
        for pk, item in zip(reserve_ids(DayItem._meta.db_table, len(every)), every, strict=True):
            item.pk = pk
        pour_in(every)
    return len(lists)


def lay_out(ground: Field, lists: Mapping[int, DayList]) -> dict[int, list[DayItem]]:
    """The lines of these lists (by post), fitted and in the order of the round, unsaved; by list."""
    ground.wanted = frozenset(lists)
    items = _items_of(gather(ground), lists)
    _settle(list(lists.values()), items)
    return items


def _items_of(drafts: Iterable[Draft], lists: Mapping[int, DayList]) -> dict[int, list[DayItem]]:
    """New lines by list, unsaved."""
    items: dict[int, list[DayItem]] = defaultdict(list)
    for draft in drafts:
        if draft.post_id in lists:
            day_list = lists[draft.post_id]
            items[day_list.pk].append(_item(draft, day_list))
    return items


def _item(draft: Draft, day_list: DayList) -> DayItem:
    return DayItem(
        day_list=day_list,
        kind=draft.kind,
        source=draft.source,
        title=draft.title[:TITLE_LENGTH],
        why=draft.why[:WHY_LENGTH],
        url=draft.url[:URL_LENGTH],
        area_id=draft.area_id,
        dwelling_id=draft.dwelling_id,
        minutes=draft.minutes,
        weight=draft.weight,
        due_at=draft.due_at,
    )


def _settle(lists: Sequence[DayList], items: Mapping[int, Sequence[DayItem]]) -> None:
    """Say of every line whether it fits, and give those still open their place in the round."""
    every = [item for lines in items.values() for item in lines]
    places = _places(every)
    for day_list in lists:
        lines = items.get(day_list.pk, ())
        counted = [item for item in lines if item.ended in ("", ItemEnd.DONE)]
        shapes = [Line(item.weight, item.minutes, places[id(item)], is_fixed=_is_fixed(item)) for item in counted]
        for item, fits, number in zip(
            counted, fit(shapes, day_list.minutes), walk_order(shapes, PRESSING), strict=True
        ):
            item.fits, item.ordinal = fits, number


def _is_fixed(item: DayItem) -> bool:
    return item.ended == ItemEnd.DONE or item.kind in BY_HAND


def _places(items: Sequence[DayItem]) -> dict[int, tuple[str, int, int]]:
    """Where each line lies in the round: path of the leaf, floor, door in the row."""
    area_ids = {item.area_id for item in items if item.area_id is not None}
    door_ids = {item.dwelling_id for item in items if item.dwelling_id is not None}
    paths = dict(Area.objects.filter(pk__in=area_ids).order_by().values_list("pk", "path"))
    doors = {
        pk: (floor or 0, position)
        for pk, floor, position in Dwelling.objects.filter(pk__in=door_ids).values_list("pk", "floor", "position")
    }
    return {id(item): (paths.get(item.area_id or 0, ""), *doors.get(item.dwelling_id or 0, (0, 0))) for item in items}


def refresh_days(*, list_ids: Collection[int], at: datetime) -> int:
    """Gather these days again: what is new joins, what somebody did is ticked, what is not needed goes."""
    with transaction.atomic():
        rows = DayList.objects.filter(pk__in=list_ids).order_by("pk").select_related("area")
        lists = list(rows.select_for_update(no_key=True, of=("self",)))
        for day in sorted({each.day for each in lists}):
            _refresh([each for each in lists if each.day == day], day, at)
    return len(lists)


def _refresh(lists: Sequence[DayList], day: date, at: datetime) -> None:
    values = day_settings(at)
    by_post = {each.post_id: each for each in lists}
    drafts: list[Draft] = []
    for low, high in stretch_around(each.area.path for each in lists):
        drafts += gather(field_of(day, at, low, high, by_post, values))
    standing = _standing(lists)
    gathered: dict[int, dict[str, Draft]] = defaultdict(dict)
    for draft in drafts:
        gathered[by_post[draft.post_id].pk][draft.source] = draft
    fresh = []
    for day_list in lists:
        lines = standing[day_list.pk]
        _end_vanished(day_list, lines, gathered[day_list.pk], at)
        known = {item.source for item in lines}
        added = [_item(draft, day_list) for source, draft in gathered[day_list.pk].items() if source not in known]
        lines.extend(added)
        fresh += added
    _settle(lists, standing)
    DayItem.objects.bulk_create(fresh)
    old = [item for lines in standing.values() for item in lines if item not in fresh]
    DayItem.objects.bulk_update(
        old, ["why", "weight", "due_at", "fits", "ordinal", "ended", "ended_at"], batch_size=500
    )
    DayList.objects.filter(pk__in=[each.pk for each in lists]).update(is_stale=False, refreshed_at=at)


def _standing(lists: Sequence[DayList]) -> dict[int, list[DayItem]]:
    found: dict[int, list[DayItem]] = {each.pk: [] for each in lists}
    for item in DayItem.objects.filter(day_list__in=found).order_by("pk"):
        found[item.day_list_id].append(item)
    return found


def _end_vanished(day_list: DayList, lines: Iterable[DayItem], gathered: Mapping[str, Draft], at: datetime) -> None:
    """Bring open lines up to what is now; those no source knows any more are done (by whose day it is) or gone.

    What came from another list is no source's line here: it stays until somebody does it.
    """
    gone = []
    for item in lines:
        draft = gathered.get(item.source)
        if draft is not None and item.ended == "":
            item.why, item.weight, item.due_at = draft.why[:WHY_LENGTH], draft.weight, draft.due_at
        elif draft is None and item.ended == "" and item.kind not in BY_HAND:
            gone.append(item)
    did = done_since(day_list, [item.source for item in gone], clock.day_start(day_list.day))
    for item in gone:
        if item.source in did or item.came_from_id is None:
            item.ended, item.ended_at = (ItemEnd.DONE if item.source in did else ItemEnd.GONE), at


def mark_stale(*, area_ids: Collection[int], since: date) -> int:
    """Days of posts on the line of what happened, from its day on, are to be gathered again."""
    rows = DayList.objects.filter(day__gte=since, area_id__in=area_ids, is_stale=False)
    return rows.update(is_stale=True)


def refresh_stale(*, at: datetime, at_most: int = 50) -> int:
    """Gather again the days that something happened in; gives how many."""
    rows = DayList.objects.on(clock.local_date(at)).filter(is_stale=True).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:at_most])
    return refresh_days(list_ids=ids, at=at) if ids else 0
