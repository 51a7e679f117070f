"""Counting doors, homes and people of a place: from the counts kept of communities, or row by row.

A number never depends on whether the worker has run: a community in which anything happened since it was counted is
counted anew for whoever asks. The worker only keeps the list of those short (`actions.counting`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Left

from louzhang.areas.models import Area, LevelKind
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.register.models import CommunityCount, Counted, CountedCommunity, Dwelling, Household, Stay
from louzhang.register.models.shelters import sheltered
from louzhang.register.scope import COMMUNITY_RANK

COMMUNITY_PATH = COMMUNITY_RANK * Area.steplen
# What is recorded may become visible that much later: a long import stores everything at its end.
LATE = timedelta(minutes=15)
# Of more stale communities than this everything below the place is counted at once.
MOST_APART = 12
SUBJECTS = ("dwelling", "household", "resident")
HOME_AT = "household__dwelling__area"

Counts = Counter[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts by the path of a place and: the kind of door, nothing (0), the year of birth."""

    doors: Counts = field(default_factory=Counter)
    homes: Counts = field(default_factory=Counter)
    people: Counts = field(default_factory=Counter)

    def of(self, counted: str) -> Counts:
        """The counts of one sort."""
        return {Counted.DOORS: self.doors, Counted.HOMES: self.homes, Counted.PEOPLE: self.people}[Counted(counted)]


def numbers_below(area: Area, at: datetime) -> Numbers:
    """The counts of each place next below one; at most four queries."""
    step, today = len(area.path) + Area.steplen, clock.local_date(at)
    if step > COMMUNITY_PATH:
        return count_rows([area.path], step=step, day=today, is_close=True)
    stale = stale_communities(at, below=area.path)
    if len(stale) > MOST_APART:
        return count_rows([area.path], step=step, day=today)
    numbers = count_rows(stale, step=step, day=today) if stale else Numbers()
    kept = CommunityCount.objects.filter(_under("area__path", [area.path])).exclude(area__path__in=stale).order_by()
    summed = kept.annotate(at=Left("area__path", step)).values_list("at", "counted", "key").annotate(Sum("number"))
    for path, counted, key, number in summed:
        numbers.of(counted)[path, key] += number
    return numbers


def count_rows(paths: Collection[str], *, step: int, day: date, is_close: bool = False) -> Numbers:
    """The rows themselves below some places, by that many signs of their path; one query.

    Counts of so few that one reads the rows beside them (`is_close`) leave out whom a protection order shields.
    """
    doors, homes, people = Dwelling.objects.current(), Household.objects.as_of(day), Stay.objects.as_of(day)
    if is_close:
        homes, people = homes.unshielded(), people.exclude(resident_id__in=sheltered())
    asked = [
        _asked(Counted.DOORS, doors, "area__path", F("kind_id"), paths, step),
        _asked(Counted.HOMES, homes, "dwelling__area__path", Value(0), paths, step),
        _asked(Counted.PEOPLE, people, f"{HOME_AT}__path", F("resident__birth_year"), paths, step),
    ]
    numbers = Numbers()
    for counted, at, key, number in asked[0].union(*asked[1:], all=True):
        numbers.of(counted)[at, key] = number
    return numbers


def _asked(counted: str, rows: QuerySet[Any], path: str, key: Any, paths: Collection[str], step: int) -> QuerySet[Any]:
    here = rows.filter(_under(path, paths)).order_by()
    told = here.annotate(counted=Value(str(counted)), at=Left(path, step), key=key)
    grouped: QuerySet[Any] = told.values_list("counted", "at", "key").annotate(number=Count("pk"))
    return grouped


def _under(path: str, paths: Iterable[str]) -> Q:
    """Rows at or below one of these places; the caller gives at least one."""
    term = Q()
    for start in paths:
        term |= Q(**{f"{path}__gte": start, f"{path}__lt": start + "~"})
    return term


def stale_communities(at: datetime, *, below: str = "") -> list[str]:
    """The paths of communities whose counts are not known to hold at a moment; two queries."""
    rows = Area.objects.get_queryset().of_kind(LevelKind.COMMUNITY).order_by("path")
    held = CountedCommunity.objects.filter(area=OuterRef("pk"), as_of__lte=at).values("as_of")
    found = rows.under_paths([below]) if below else rows
    as_of = dict(found.annotate(held=Subquery(held)).values_list("path", "held"))
    known = [moment for moment in as_of.values() if moment is not None]
    touched = touched_since(min(known) - LATE) if known else set()
    return [path for path, moment in as_of.items() if moment is None or path in touched]


def touched_since(since: datetime) -> set[str]:
    """The paths of communities that an event of a door, home or person since a moment is about, then or now."""
    events = Event.objects.filter(recorded_at__gte=since, subject_kind__in=SUBJECTS).order_by()
    named = events.annotate(place=Func(F("area_ids"), function="unnest", output_field=IntegerField()))
    told = Area.objects.filter(pk__in=named.values("place"), level__kind=LevelKind.COMMUNITY).order_by()
    people, homes = (events.filter(subject_kind=kind).values("subject_id") for kind in ("resident", "household"))
    lived = Stay.objects.filter(resident_id__in=people).order_by()
    stood = Household.objects.filter(pk__in=homes).order_by()
    asked = told.annotate(at=Left("path", COMMUNITY_PATH)).values_list("at", flat=True)
    return set(
        asked.union(
            lived.annotate(at=Left(f"{HOME_AT}__path", COMMUNITY_PATH)).values_list("at", flat=True),
            stood.annotate(at=Left("dwelling__area__path", COMMUNITY_PATH)).values_list("at", flat=True),
        )
    )
