"""Reading days: one's own as a round, those of a community with what does not fit."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, QuerySet, Sum

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.models import DayItem, DayList, ItemEnd
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere

GONE = "没有找到这一天的清单，或它不在您的范围内。"


def spoken_minutes(minutes: int) -> str:
    """45 分钟, 3 小时, 3 小时 20 分."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


@dataclass(slots=True)
class Stop:
    """One building of the round with its lines."""

    place: str
    is_whole: bool = False  # the whole place of the list: its heading says it already
    items: list[DayItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """One list as a page shows it: pressing lines, the round, what is done, what was not done, what does not fit."""

    row: DayList
    place: str
    first: tuple[DayItem, ...]
    stops: tuple[Stop, ...]
    ended: tuple[DayItem, ...]
    refused: tuple[DayItem, ...]
    unfitting: tuple[DayItem, ...]

    @property
    def open_count(self) -> int:
        """How many lines are still to be done today."""
        return len(self.todo)

    @property
    def done_count(self) -> int:
        """How many are done."""
        return sum(item.ended == ItemEnd.DONE for item in self.ended)

    @property
    def minutes_left(self) -> int:
        """How long the rest takes."""
        return sum(item.minutes for item in self.todo)

    @property
    def todo(self) -> tuple[DayItem, ...]:
        """The round from the first to the last."""
        return (*self.first, *(item for stop in self.stops for item in stop.items))

    @property
    def past(self) -> tuple[DayItem, ...]:
        """What is over one way or another, for whose day it is."""
        return (*self.ended, *self.refused)

    @property
    def past_count(self) -> int:
        """How many those are."""
        return len(self.past)

    @property
    def total_count(self) -> int:
        """What was to be done and what is done."""
        return self.open_count + self.done_count

    @property
    def spoken_left(self) -> str:
        """How long the rest takes, in words."""
        return spoken_minutes(self.minutes_left)

    @property
    def spoken_whole(self) -> str:
        """How long the day is, in words."""
        return spoken_minutes(self.row.minutes)

    @property
    def spoken_unfitting(self) -> str:
        """How long what does not fit would take, in words."""
        return spoken_minutes(self.unfitting_minutes)

    @property
    def room(self) -> int:
        """How many minutes of the day are still free."""
        return max(
            0, self.row.minutes - self.minutes_left - sum(i.minutes for i in self.ended if i.ended == ItemEnd.DONE)
        )

    @property
    def unfitting_minutes(self) -> int:
        """How long what does not fit would take."""
        return sum(item.minutes for item in self.unfitting)


def own_days(actor: Actor, day: date) -> list[DayList]:
    """The lists of the posts one holds or stands in for, on a day."""
    rows = DayList.objects.held_by(actor).on(day).select_related("area", "post__title", "holder").defer("area__outline")
    return list(rows.order_by("area__path", "pk"))


def overseen_days(actor: Actor, day: date) -> list[DayList]:
    """The lists of the community's holders on a day."""
    rows = (
        DayList.objects.overseen_by(actor)
        .on(day)
        .select_related("area", "post__title", "holder")
        .defer("area__outline")
    )
    return list(rows.order_by("area__path", "post__role", "pk"))


def lines_of(lists: Iterable[DayList]) -> dict[int, list[DayItem]]:
    """The lines of several lists in the order of the round; one query."""
    found: dict[int, list[DayItem]] = {each.pk: [] for each in lists}
    rows: QuerySet[DayItem] = DayItem.objects.filter(day_list__in=found).select_related("area", "dwelling")
    for item in rows.defer("area__outline").order_by("day_list_id", "ordinal", "pk"):
        found[item.day_list_id].append(item)
    return found


def as_days(lists: Sequence[DayList], pressing: int) -> list[Day]:
    """The lists as pages show them; two queries however many."""
    return shown_days(lists, lines_of(lists), pressing)


def shown_days(lists: Sequence[DayList], lines: Mapping[int, Sequence[DayItem]], pressing: int) -> list[Day]:
    """Lists with these lines, read or only laid out to look at."""
    areas = {item.area_id: item.area for items in lines.values() for item in items if item.area is not None}
    areas |= {row.area_id: row.area for row in lists}
    names = spoken_places(areas.values(), from_rank=RANKS[LevelKind.BUILDING]) if areas else {}
    return [_as_day(row, lines[row.pk], names, pressing) for row in lists]


def _as_day(row: DayList, items: Sequence[DayItem], names: dict[int, str], pressing: int) -> Day:
    todo = [item for item in items if item.ended == "" and item.fits]
    stops: list[Stop] = []
    for item in todo:
        if item.weight >= pressing:
            place = names.get(item.area_id or 0, "")
            if not stops or stops[-1].place != place:
                stops.append(Stop(place, is_whole=item.area_id == row.area_id))
            stops[-1].items.append(item)
    for item in items:
        item.place = _spoken(item, names)
    return Day(
        row=row,
        place=names[row.area_id],
        first=tuple(item for item in todo if item.weight < pressing),
        stops=tuple(stops),
        ended=tuple(item for item in items if item.ended in (ItemEnd.DONE, ItemEnd.GONE)),
        refused=tuple(item for item in items if item.ended in (ItemEnd.REFUSED, ItemEnd.MOVED)),
        unfitting=tuple(item for item in items if item.ended == "" and not item.fits),
    )


def _spoken(item: DayItem, names: dict[int, str]) -> str:
    door = item.dwelling.door if item.dwelling is not None else ""
    return f"{names.get(item.area_id or 0, '')} {door}".strip()


def done_since(day_list: DayList, sources: Collection[str], since: datetime) -> set[str]:
    """Of these things those that somebody in this post did something with since a moment, by the journal."""
    if not sources:
        return set()
    named = [source.rsplit(":", 1) for source in sources]
    ids = {int(number) for _, number in named if number.isdecimal()}
    rows = Event.objects.filter(subject_id__in=ids, post_id=day_list.post_id, happened_at__gte=since)
    done = {f"{kind}:{pk}" for kind, pk in rows.values_list("subject_kind", "subject_id")}
    return done & set(sources)


def refusal_words(items: Sequence[DayItem]) -> dict[int, str]:
    """What was written beside refusals, by line; one query."""
    wanted = {(item.day_list_id, item.event_seq): item.pk for item in items if item.event_seq is not None}
    if not wanted:
        return {}
    rows = Words.objects.filter(
        subject_kind=DayList.subject_kind,
        subject_id__in={pk for pk, _ in wanted},
        seq__in={seq for _, seq in wanted},
    )
    return {
        wanted[row.subject_id, row.seq]: str(row.spoken.get("words", ""))
        for row in rows
        if (row.subject_id, row.seq) in wanted
    }


def grounds_to_choose(day_list: DayList) -> list[tuple[str, str]]:
    """Places below a list's area to lay something at: ids and names."""
    rows = Area.objects.within(day_list.area_id).current().select_related("level").defer("outline")
    areas = list(rows.order_by("path")[:300])
    names = spoken_places(areas, from_rank=RANKS[LevelKind.BUILDING])
    return [(str(area.pk), names[area.pk]) for area in areas]


def find_own_item(actor: Actor, uid: uuid.UUID) -> DayItem:
    """One line of one's own day; raises `NotThere` for those of others too, which are not refused by somebody else."""
    lists = DayList.objects.held_by(actor)
    item = DayItem.objects.filter(uid=uid, day_list__in=lists).select_related("day_list__area", "area").first()
    if item is None:
        raise NotThere(GONE)
    return item


def count_today(actor: Actor, day: date) -> tuple[int, int]:
    """How many lines of one's own day are still open and how many minutes they take; one query."""
    lists = DayList.objects.held_by(actor).on(day)
    rows = DayItem.objects.filter(day_list__in=lists).open().fitting()
    found = rows.aggregate(count=Count("pk"), minutes=Sum("minutes"))
    return int(found["count"]), int(found["minutes"] or 0)


def find_overseen_day(actor: Actor, uid: uuid.UUID) -> DayList:
    """One list below the office of one's community; raises `NotThere`."""
    rows = DayList.objects.overseen_by(actor).filter(uid=uid)
    row = rows.select_related("area", "post__title", "holder").defer("area__outline").first()
    if row is None:
        raise NotThere(GONE)
    return row


def find_overseen_item(actor: Actor, uid: uuid.UUID) -> DayItem:
    """One line of such a list; raises `NotThere`."""
    rows = DayItem.objects.filter(uid=uid, day_list__in=DayList.objects.overseen_by(actor))
    joined = ("day_list__area", "day_list__post__title", "day_list__holder", "area", "dwelling__area")
    item = rows.select_related(*joined).first()
    if item is None:
        raise NotThere(GONE)
    return item
