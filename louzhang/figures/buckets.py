"""Lengths of time in buckets, and the percentiles that can be read from them.

The minutes are those that clocks count (`elapsed`): working time for most, so 24 hours are three working days of
eight. A length in full minutes falls into the first bucket whose bound it does not pass; the last bucket
has no bound. A percentile lies inside one bucket and is put where it would be if the lengths were
spread evenly over it: it is off by less than the width of that bucket.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

HOUR = 60
DAY = 24 * HOUR
BOUNDS = (
    15, 30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY,
    2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 10 * DAY, 15 * DAY, 30 * DAY,
)  # fmt: skip
COUNT = len(BOUNDS) + 1


@dataclass(frozen=True, slots=True)
class Percentile:
    """A length in minutes; `is_open` where it lies beyond the last bound and is at least that."""

    minutes: float
    is_open: bool = False


def bucket_of(minutes: int) -> int:
    """The place of a length among the buckets."""
    return bisect_left(BOUNDS, minutes)


def percentile(counts: Sequence[int], share: int) -> Percentile | None:
    """The length that so many percent of the cases do not pass; None where there are no cases."""
    wanted = sum(counts) * share / 100
    below = 0
    for place, count in enumerate(counts):
        if count and below + count >= wanted:
            return _inside(place, (wanted - below) / count)
        below += count
    return None


def _inside(place: int, part: float) -> Percentile:
    if place == len(BOUNDS):
        return Percentile(float(BOUNDS[-1]), is_open=True)
    floor = BOUNDS[place - 1] if place else 0
    return Percentile(round(floor + part * (BOUNDS[place] - floor), 1))
