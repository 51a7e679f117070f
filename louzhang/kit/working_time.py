"""Working time as a quantity: how much of it passes between two moments, and when an amount of it has passed.

Pure: no tables, no settings. A day is given as spans of its wall clock in minutes from midnight, so
(540, 720), (810, 1050) is 09:00–12:00 and 13:30–17:30, and (0, 1440) is round the clock. A moment is
working time when the wall clock of the zone shows a minute inside a span at that moment: an hour that
summer time skips is not worked, an hour it repeats is worked twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

Spans = tuple[tuple[int, int], ...]

DAY_MINUTES = 24 * 60
NONE = timedelta(0)
# A calendar without a working minute for so many years in a row has none at all.
EMPTY_YEARS_AT_MOST = 3

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MINUTE_STAMP = 60_000_000
# Zones change their offset at most once in such a stretch.
_STRETCH = 15 * _MINUTE_STAMP


class NoWorkingTime(ValueError):
    """Nobody ever works by this calendar, so no amount of working time ever passes."""


class Passing(Protocol):
    """Any way of counting time: working time, or plain time."""

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much passes from one moment to another."""

    def after(self, begin: datetime, amount: timedelta) -> datetime:
        """The first moment at which the amount has passed."""


class PlainTime:
    """Every minute counts."""

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """The time from one moment to a later one; nothing where it is not later."""
        return max(NONE, end - begin)

    def after(self, begin: datetime, amount: timedelta) -> datetime:
        """The moment an amount later, in UTC."""
        return begin.astimezone(UTC) + amount


@dataclass(slots=True)
class _Year:
    """The spans of one year in order, as stamps (microseconds since 1970); `sums[i]` is worked up to the end of i."""

    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    closings: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Everything worked in the year."""
        return self.sums[-1] if self.sums else 0

    def worked(self, stamp: int) -> int:
        """What has been worked in the year up to a moment."""
        place = bisect_right(self.begins, stamp) - 1
        if place < 0:
            return 0
        return self.sums[place] - max(0, self.ends[place] - stamp)

    def add_day(self, day: date, pieces: list[tuple[int, int]]) -> None:
        """Append the pieces of the next day; a day of which nothing is left is no working day."""
        for begin, end in pieces:
            self.begins.append(begin)
            self.ends.append(end)
            self.sums.append(self.total + end - begin)
        if pieces:
            self.days.append(day.toordinal())
            self.closings.append(pieces[-1][1])


class WorkingTime:
    """The working time of one place in one time zone.

    `spans_of` gives the spans of a day, in order and apart from each other. It is asked once for each
    day of a year, when the year is first needed; after that every answer is a binary search.
    """

    __slots__ = ("_spans_of", "_years", "_zone")

    def __init__(self, spans_of: Callable[[date], Spans], zone: tzinfo) -> None:
        self._spans_of = spans_of
        self._zone = zone
        self._years: dict[int, _Year] = {}

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """The working time from one moment to a later one; nothing where it is not later."""
        if end <= begin:
            return NONE
        first, last = self._year_of(begin), self._year_of(end)
        worked = self._year(last).worked(_stamp(end)) - self._year(first).worked(_stamp(begin))
        worked += sum(self._year(year).total for year in range(first, last))
        return timedelta(microseconds=worked)

    def after(self, begin: datetime, amount: timedelta) -> datetime:
        """The first moment at which the amount has been worked since `begin`, in UTC.

        Four hours that fill a day end when the day closes, not when the next one opens; no amount is
        reached at once. Raises `NoWorkingTime`.
        """
        if amount <= NONE:
            return begin.astimezone(UTC)
        first = self._year_of(begin)
        wanted = self._year(first).worked(_stamp(begin)) + amount // timedelta.resolution
        for year in self._years_from(first):
            if wanted <= year.total:
                place = bisect_left(year.sums, wanted)
                return _moment(year.ends[place] - (year.sums[place] - wanted))
            wanted -= year.total
        raise NoWorkingTime

    def opening(self, at: datetime) -> datetime:
        """The moment itself where it is working time, else the next at which work begins, in UTC."""
        stamp = _stamp(at)
        for year in self._years_from(self._year_of(at)):
            place = bisect_right(year.ends, stamp)
            if place < len(year.ends):
                return _moment(max(stamp, year.begins[place]))
        raise NoWorkingTime

    def closing(self, begin: datetime, days: int) -> datetime:
        """When the given number of working days after the day of `begin` have closed, in UTC.

        The day on which it begins is not counted. Raises `NoWorkingTime`.
        """
        day = begin.astimezone(self._zone).date()
        skipped = days - 1
        for number, year in enumerate(self._years_from(day.year)):
            here = bisect_right(year.days, day.toordinal()) if number == 0 else 0
            if here + skipped < len(year.days):
                return _moment(year.closings[here + skipped])
            skipped -= len(year.days) - here
        raise NoWorkingTime

    def is_open(self, at: datetime) -> bool:
        """Whether a moment is working time."""
        return self.opening(at) == at

    def spans_on(self, day: date) -> Spans:
        """The spans of one day of the wall clock."""
        return self._spans_of(day)

    def _year_of(self, at: datetime) -> int:
        return at.astimezone(self._zone).year

    def _year(self, number: int) -> _Year:
        if number not in self._years:
            self._years[number] = self._load(number)
        return self._years[number]

    def _years_from(self, number: int) -> Iterator[_Year]:
        empty = 0
        while empty < EMPTY_YEARS_AT_MOST and number < date.max.year:
            year = self._year(number)
            yield year
            empty = 0 if year.sums else empty + 1
            number += 1

    def _load(self, number: int) -> _Year:
        year, day = _Year(), date(number, 1, 1)
        midnight = self._midnight(day)
        while day.year == number:
            following = self._midnight(day + _DAY)
            year.add_day(day, self._pieces(day, midnight, following))
            day, midnight = day + _DAY, following
        return year

    def _midnight(self, day: date) -> tuple[int, int]:
        """The stamp at which a day begins, and the offset that holds then."""
        at = datetime.combine(day, time(), self._zone).astimezone(UTC)
        return _stamp(at), self._offset(at)

    def _offset(self, at: datetime) -> int:
        shift = at.astimezone(self._zone).utcoffset()
        assert shift is not None
        return shift // timedelta.resolution

    def _pieces(self, day: date, midnight: tuple[int, int], following: tuple[int, int]) -> list[tuple[int, int]]:
        spans = self._spans_of(day)
        if not spans:
            return []
        (begin, offset), (end, next_offset) = midnight, following
        wall = (day.toordinal() - _EPOCH.toordinal()) * DAY_MINUTES * _MINUTE_STAMP
        walls = [(wall + start * _MINUTE_STAMP, wall + stop * _MINUTE_STAMP) for start, stop in spans]
        if offset == next_offset and end - begin == DAY_MINUTES * _MINUTE_STAMP:
            return [(start - offset, stop - offset) for start, stop in walls]
        return _cut(walls, list(self._stretches(begin, end)))

    def _stretches(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """A day whose clock is put on or back, as stretches with one offset each."""
        last = end - 1
        while begin < end:
            offset = self._offset(_moment(begin))
            same = probe = begin
            while self._offset(_moment(probe)) == offset:
                same, probe = probe, min(last, probe + _STRETCH)
                if same == last:
                    break
            stop = end if same == last else self._change(same, probe, offset)
            yield begin, stop, offset
            begin = stop

    def _change(self, before: int, after: int, offset: int) -> int:
        """The stamp at which the offset changes, between one that has it and one that has not."""
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(_moment(middle)) == offset:
                before = middle
            else:
                after = middle
        return after


def _cut(walls: list[tuple[int, int]], stretches: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Spans of the wall clock as stamps, each cut at the stretches' edges."""
    cut = (
        (max(begin, start - offset), min(end, stop - offset))
        for begin, end, offset in stretches
        for start, stop in walls
    )
    return sorted((start, stop) for start, stop in cut if start < stop)


def _stamp(at: datetime) -> int:
    passed = at - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def _moment(stamp: int) -> datetime:
    return _EPOCH + timedelta(microseconds=stamp)
