"""Whose days there are to fill, and how many minutes each has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from louzhang.areas.models import RANKS, Area, LevelKind, Post, PostKind, Unit
from louzhang.areas.queries import settings_now
from louzhang.areas.queries.working_time import Calendar, calendar_now
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.fieldwork.models import Rhythm, Whom
from louzhang.fieldwork.sources import Field, Holder
from louzhang.journal.actor import Actor

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
DAY_MINUTES = 24 * 60
# Posts are gathered for in stretches of the tree that hold about so many.
TOGETHER = 200
LOOKED_AHEAD = 15  # longer than any holiday
_COLUMNS = ("pk", "user_id", "role", "area_id", "area__path", "area__level__kind", "kind")


def stretches(day: date) -> list[tuple[str, str]]:
    """The tree cut between communities into stretches with so many posts each; (low, high) paths."""
    paths = list(Area.objects.of_kind(LevelKind.COMMUNITY).current().order_by("path").values_list("path", flat=True))
    posts = sorted(_listed(day).values_list("area__path", flat=True))
    found: list[tuple[str, str]] = []
    low, count, place = "", 0, 0
    for path in paths:
        low = low or path
        end = path + "~"
        while place < len(posts) and posts[place] < end:
            count, place = count + 1, place + 1
        if count >= TOGETHER:
            found.append((low, end))
            low, count = "", 0
    return [*found, (low, paths[-1] + "~")] if low else found


def stretch_around(paths: Iterable[str]) -> list[tuple[str, str]]:
    """The communities these places lie in, as stretches."""
    step = Area.steplen
    lines = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    rows = Area.objects.of_kind(LevelKind.COMMUNITY).filter(path__in=lines).order_by("path")
    return [(path, path + "~") for path in rows.values_list("path", flat=True)]


def holders_in(day: date, low: str, high: str) -> list[Holder]:
    """The posts with a day to fill in a stretch of the tree."""
    rows = _listed(day).filter(area__path__gte=low, area__path__lt=high).order_by("area__path", "pk")
    return [_holder(*row) for row in rows.values_list(*_COLUMNS)]


def _listed(day: date) -> Any:
    """Those who look after a place; of an office, who was posted there and has a rhythm of being there."""
    posted = Q(role__in=_present_roles(), kind=PostKind.POSTED, area__level__kind=LevelKind.COMMUNITY)
    held = Q(role__in=FIELD_ROLES) | posted
    return Post.objects.as_of(day).filter(held, area__isnull=False, area__ended_at=None, user__ended_at=None)


def _present_roles() -> list[str]:
    rows = Rhythm.objects.current().filter(whom=Whom.PRESENCE, role__in=OFFICE_ROLES)
    return list(rows.order_by().values_list("role", flat=True).distinct())


def _holder(pk: int, user_id: int, role: str, area_id: int, path: str, level: str, kind: str) -> Holder:
    return Holder(
        post_id=pk,
        user_id=user_id,
        role=role,
        area_id=area_id,
        path=path,
        rank=RANKS[level],
        is_volunteer=kind == PostKind.VOLUNTEER,
        is_posted=kind == PostKind.POSTED,
    )


def field_of(
    day: date, at: datetime, low: str, high: str, wanted: Iterable[int] | None, values: Mapping[str, Any]
) -> Field:
    """A stretch of the tree with everybody in it; None wants lines for all."""
    holders = holders_in(day, low, high)
    ids = frozenset(holder.post_id for holder in holders)
    return Field(
        day=day,
        at=at,
        low=low,
        high=high,
        holders=holders,
        wanted=ids if wanted is None else ids & frozenset(wanted),
        minutes=minutes_of_kinds(values),
    )


def minutes_of_kinds(values: Mapping[str, Any]) -> dict[str, int]:
    """How long a line of each kind takes, as the district says."""
    return {key.removeprefix("minutes_"): int(value) for key, value in values.items() if key.startswith("minutes_")}


def day_settings(at: datetime) -> dict[str, Any]:
    """Every setting of the district at a moment."""
    return settings_now(at)


def minutes_of_holders(
    holders: Sequence[Holder],
    day: date,
    values: Mapping[str, Any],
    calendar: Calendar | None = None,
    offices: Mapping[str, int] | None = None,
) -> dict[int, int]:
    """The minutes each post has on a day.

    Who is paid works as the office of the community does, less what the desk takes; a volunteer gives an hour or what
    the district says. A person's minutes are shared among the posts held.
    """
    offices = _offices(holders) if offices is None else offices
    calendar = calendar or calendar_now()
    paid: dict[int | None, int] = {}
    counts: dict[int, int] = {}
    for holder in holders:
        counts[holder.user_id] = counts.get(holder.user_id, 0) + 1
    found = {}
    for holder in holders:
        if holder.is_volunteer:
            whole = int(values["volunteer_minutes"])
        else:
            unit_id = _office_of(holder.path, offices)
            if unit_id not in paid:
                spans = calendar.working_time(unit_id).spans_on(day)
                worked = sum(end - start for start, end in spans)
                paid[unit_id] = max(0, min(worked, DAY_MINUTES) - int(values["desk_minutes"])) if worked else 0
            whole = paid[unit_id]
        found[holder.post_id] = whole // counts[holder.user_id]
    return found


def coming_day(actor: Actor, today: date, values: Mapping[str, Any]) -> date | None:
    """The next day, today too, on which one of the own posts has something to give; None where no post is listed."""
    posts = _listed(today).filter(pk__in=[seat.post_id for seat in actor.seats]).values_list(*_COLUMNS)
    holders = [_holder(*row) for row in posts]
    if not holders:
        return None
    calendar, offices = calendar_now(), _offices(holders)
    for ahead in range(LOOKED_AHEAD):
        day = today + timedelta(days=ahead)
        if any(minutes_of_holders(holders, day, values, calendar, offices).values()):
            return day
    return None


def _offices(holders: Sequence[Holder]) -> dict[str, int]:
    step = Area.steplen
    lines = {holder.path[:end] for holder in holders for end in range(step, len(holder.path) + 1, step)}
    rows = Unit.objects.filter(office_area__path__in=lines, ended_at=None)
    return dict(rows.order_by().values_list("office_area__path", "pk"))


def _office_of(path: str, offices: Mapping[str, int]) -> int | None:
    step = Area.steplen
    return next((offices[path[:end]] for end in range(len(path), 0, -step) if path[:end] in offices), None)
