"""What a campaign would cost each holder of a street in one week, beside what was let in already and the week's hours.

A holder stands for a post at a place: the page names places and posts, nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from louzhang.areas.models import Area, Post, PostKind
from louzhang.areas.queries.working_time import calendar_now
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.models import Admission
from louzhang.fieldwork.models.admissions import COMMUNITY_RANK
from louzhang.fieldwork.queries.holding import day_settings, minutes_of_holders
from louzhang.fieldwork.sources import Field, Holder
from louzhang.kit import clock

WEEK_DAYS = 7
# Who goes where a campaign does not say: the nearest of these.
GOES = (Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD, Role.STAIRWELL_HEAD)


@dataclass(frozen=True, slots=True)
class HolderLoad:
    """A post with its week, in minutes: what this one would add, what stands, what the week has."""

    place: str
    role: str
    homes: int
    added: int
    standing: int
    week: int

    @property
    def whole(self) -> int:
        """Both together."""
        return self.added + self.standing

    @property
    def percent(self) -> int:
        """Of the week, whole percent; 999 where the week has no minutes."""
        return min(999, ceil(100 * self.whole / self.week)) if self.week else 999

    @property
    def is_over(self) -> bool:
        """Whether the week is too short for it."""
        return self.whole > self.week


@dataclass(frozen=True, slots=True)
class CommunityLoad:
    """The holders of one community, the heaviest first."""

    name: str
    holders: tuple[HolderLoad, ...]
    unheld: int

    @property
    def homes(self) -> int:
        """Homes that are asked there."""
        return sum(each.homes for each in self.holders) + self.unheld

    @property
    def over(self) -> int:
        """How many holders have too much."""
        return sum(each.is_over for each in self.holders)

    @property
    def added(self) -> int:
        """Minutes in the week, of everybody together."""
        return sum(each.added for each in self.holders)

    @property
    def heaviest(self) -> HolderLoad | None:
        """Whose week is the fullest."""
        return next(iter(self.holders), None)


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A street's week from a Monday."""

    monday: date
    communities: tuple[CommunityLoad, ...]
    share: float

    @property
    def holders(self) -> int:
        """How many have a part."""
        return sum(len(each.holders) for each in self.communities)

    @property
    def over(self) -> int:
        """How many have too much."""
        return sum(each.over for each in self.communities)

    @property
    def average(self) -> int:
        """Minutes of a holder with a part."""
        return round(sum(each.added for each in self.communities) / self.holders) if self.holders else 0

    @property
    def unheld(self) -> int:
        """Homes nobody looks after."""
        return sum(each.unheld for each in self.communities)


def monday_of(admission: Admission, at: datetime) -> date:
    """The week that counts: the one it begins in, or this one once it has begun."""
    day = max(clock.local_date(at), admission.starts_on)
    return min(day, admission.ends_on) - timedelta(days=min(day, admission.ends_on).weekday())


def share_of_week(starts_on: date, ends_on: date, monday: date) -> float:
    """Which part of a campaign falls into a week, if every day of it takes the same."""
    days = (ends_on - starts_on).days + 1
    first, last = max(starts_on, monday), min(ends_on, monday + timedelta(days=WEEK_DAYS - 1))
    return max(0, (last - first).days + 1) / days


def week_of(admission: Admission, neighbours: Sequence[Admission], at: datetime) -> WeekLoad:
    """The week of every holder of its street, beside what else was let in; five queries."""
    monday = monday_of(admission, at)
    street, day = admission.street, max(monday, clock.local_date(at))
    holders = _holders(street, day)
    others = _others(admission, neighbours, monday)
    paths, names = _places([admission, *others], street, [holder.area_id for holder in holders])
    low, high = street.path, street.path + "~"
    ground = Field(day=day, at=at, low=low, high=high, holders=holders, wanted=frozenset(), minutes={})
    homes, unheld = _homes_of(admission, ground, paths)
    share = share_of_week(admission.starts_on, admission.ends_on, monday)
    standing = _standing(others, ground, paths, monday)
    weeks = _minutes_of_week(holders, monday, at)
    found: dict[str, list[HolderLoad]] = {}
    for holder in holders:
        if count := homes[holder.post_id]:
            added = ceil(count * admission.pace_seconds / 60 * share)
            place, role = names.get(holder.path, ""), Role(holder.role).label
            load = HolderLoad(place, role, count, added, standing[holder.post_id], weeks.get(holder.post_id, 0))
            found.setdefault(_community(holder.path), []).append(load)
    return WeekLoad(monday, _communities(found, unheld, names), share)


def _others(admission: Admission, others: Sequence[Admission], monday: date) -> list[Admission]:
    """What was let in at the street and lies in the same week."""
    end = monday + timedelta(days=WEEK_DAYS)
    return [other for other in others if other.is_let_in and other.starts_on < end and other.ends_on >= monday]


def _holders(street: Area, day: date) -> list[Holder]:
    """Those who look after a place of the street; one query."""
    rows = Post.objects.as_of(day).filter(role__in=FIELD_ROLES, area__ended_at=None, user__ended_at=None)
    rows = rows.filter(area__path__gte=street.path, area__path__lt=street.path + "~").order_by("area__path", "pk")
    columns = ("pk", "user_id", "role", "area_id", "area__path", "kind")
    return [
        Holder(pk, user_id, role, area_id, path, rank=0, is_volunteer=kind == PostKind.VOLUNTEER)
        for pk, user_id, role, area_id, path, kind in rows.values_list(*columns)
    ]


def _places(
    admissions: Iterable[Admission], street: Area, area_ids: Iterable[int]
) -> tuple[dict[int, str], dict[str, str]]:
    """Paths by id of everything that is asked or held, and names by path, communities included; one query."""
    wanted = {int(area_id) for admission in admissions for area_id in admission.loads} | set(area_ids)
    rows = Area.objects.get_queryset().filter(path__gte=street.path, path__lt=street.path + "~")
    step = Area.steplen
    found = list(rows.order_by().values_list("pk", "path", "name"))
    names = {path: name for _, path, name in found}
    told = {}
    for pk, path, _ in found:
        if pk in wanted or len(path) <= COMMUNITY_RANK * step:
            inner = [names[path[:end]] for end in range((COMMUNITY_RANK + 1) * step, len(path) + 1, step)]
            told[path] = " ".join(name for name in inner[-2:]) or names[path]
    return {pk: path for pk, path, _ in found if pk in wanted}, told


def _homes_of(admission: Admission, ground: Field, paths: Mapping[int, str]) -> tuple[Counter[int], Counter[str]]:
    """Homes by post, and by community those nobody looks after."""
    roles = [admission.role, *(role for role in GOES if role != admission.role)] if admission.role else list(GOES)
    homes: Counter[int] = Counter()
    unheld: Counter[str] = Counter()
    for area_id, count in admission.loads.items():
        path = paths.get(int(area_id), "")
        holder = ground.nearest(path, roles, int(area_id)) if path else None
        if holder is not None:
            homes[holder.post_id] += count
        elif path:
            unheld[_community(path)] += count
    return homes, unheld


def _standing(others: Iterable[Admission], ground: Field, paths: Mapping[int, str], monday: date) -> Counter[int]:
    """Minutes of the week by post that were let in already."""
    minutes: Counter[int] = Counter()
    for other in others:
        share = share_of_week(other.starts_on, other.ends_on, monday)
        for post_id, count in _homes_of(other, ground, paths)[0].items():
            minutes[post_id] += ceil(count * other.pace_seconds / 60 * share)
    return minutes


def _minutes_of_week(holders: Sequence[Holder], monday: date, at: datetime) -> dict[int, int]:
    """A volunteer gives something every day of the week; who is paid works on its working days."""
    calendar = calendar_now()
    working = calendar.working_time(None)
    days = [monday + timedelta(days=number) for number in range(WEEK_DAYS)]
    worked = [day for day in days if working.spans_on(day)]
    a_day = minutes_of_holders(holders, worked[0] if worked else monday, day_settings(at), calendar)
    volunteers = {holder.post_id for holder in holders if holder.is_volunteer and holder.role in FIELD_ROLES}
    return {
        post_id: minutes * (WEEK_DAYS if post_id in volunteers else len(worked)) for post_id, minutes in a_day.items()
    }


def _community(path: str) -> str:
    return path[: COMMUNITY_RANK * Area.steplen]


def _communities(
    found: Mapping[str, list[HolderLoad]], unheld: Mapping[str, int], names: Mapping[str, str]
) -> tuple[CommunityLoad, ...]:
    order = sorted({*found, *unheld})
    return tuple(
        CommunityLoad(
            names.get(path, ""),
            tuple(sorted(found.get(path, ()), key=lambda each: (-each.percent, each.place))),
            unheld.get(path, 0),
        )
        for path in order
    )
