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

from django.db.models import Count, F, Func, IntegerField, Min, Q, QuerySet, Sum, Value
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
    """The counts of each place next below one; at most eight queries."""
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
    """The rows themselves below some places, by that many signs of their path; three queries.

    Counts of so few that one reads the rows beside them (`is_close`) leave out whom a protection order shields.
    """
    homes, people = Household.objects.as_of(day), Stay.objects.as_of(day)
    if is_close:
        homes, people = homes.unshielded(), people.exclude(resident_id__in=sheltered())
    return Numbers(
        doors=_count(Dwelling.objects.current(), "area__path", F("kind_id"), paths, step),
        homes=_count(homes, "dwelling__area__path", Value(0), paths, step),
        people=_count(people, f"{HOME_AT}__path", F("resident__birth_year"), paths, step),
    )


def _count(rows: QuerySet[Any], path: str, key: Any, paths: Collection[str], step: int) -> Counts:
    here = rows.filter(_under(path, paths)).order_by().annotate(at=Left(path, step), key=key)
    found = here.values_list("at", "key").annotate(count=Count("pk"))
    return Counter({(at, value): count for at, value, count in found})


def _under(path: str, paths: Iterable[str]) -> Q:
    """Rows at or below one of these places; the caller gives at least one."""
    term = Q()
    for start in paths:
        term |= Q(**{f"{path}__gte": start, f"{path}__lt": start + "~"})
    return term


def stale_communities(at: datetime, *, below: str = "") -> list[str]:
    """The paths of communities whose counts are not known to hold at a moment; at most six queries."""
    rows = Area.objects.get_queryset().of_kind(LevelKind.COMMUNITY).order_by("path")
    communities = list((rows.under_paths([below]) if below else rows).values_list("path", flat=True))
    held = CountedCommunity.objects.filter(area__path__in=communities, as_of__lte=at)
    known = set(held.values_list("area__path", flat=True))
    since = held.aggregate(least=Min("as_of"))["least"]
    touched = touched_since(since - LATE) if since is not None else set()
    return [path for path in communities if path not in known or path in touched]


def touched_since(since: datetime) -> set[str]:
    """The paths of communities that an event of a door, home or person since a moment is about, then or now."""
    events = Event.objects.filter(recorded_at__gte=since, subject_kind__in=SUBJECTS).order_by()
    if not events.exists():
        return set()
    named = events.annotate(place=Func(F("area_ids"), function="unnest", output_field=IntegerField()))
    told = Area.objects.filter(pk__in=named.values("place"), level__kind=LevelKind.COMMUNITY).order_by()
    touched = set(told.values_list("path", flat=True))
    for kind, rows, row, path in (
        ("resident", Stay.objects.all(), "resident_id", f"{HOME_AT}__path"),
        ("household", Household.objects.all(), "pk", "dwelling__area__path"),
    ):
        subjects = events.filter(subject_kind=kind).values("subject_id")
        found = rows.filter(**{f"{row}__in": subjects}).order_by()
        touched |= set(found.values_list(Left(path, COMMUNITY_PATH), flat=True).distinct())
    return touched
