"""The arithmetic of an appraisal: rates with their intervals, the whole of several, and who cannot be told apart. Pure.

Of few cases a rate says little, so each is drawn toward the community's mean by as many imagined cases as the
differences between people justify (empirical Bayes, beta-binomial). Its interval joins two of Wilson's for 90 of 100:
of the own cases alone, which holds whatever the others do, and with the imagined ones. The whole is the weighted mean
of the parts, its interval joins theirs by the squares of their halves. Whoever's intervals overlap, directly or through
others, stands in the same group.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

WHOLE = 10_000  # rates are whole ten-thousandths
GOOD = 100  # what was good of a case is whole hundredths
Z = 1.645  # 90 of 100 times the true rate lies inside
# How many imagined cases of the mean everybody gets: at least, at most, and where nothing tells.
LEAST_IMAGINED, MOST_IMAGINED, USUAL_IMAGINED = 4.0, 200.0, 10.0

FORMULA = (
    "每个比例都先加上若干件“社区平均水平”再算，件数越少越靠近社区平均；加多少件看大家的差别有多大（4 到 200 件）。",
    "区间的意思：真实水平 100 次里有 90 次落在里面。件数越多，区间越窄。",
    "区间把两种算法并在一起：只看自己的件数，和加上社区平均以后；都是带连续校正的威尔逊区间。",
    "总分是各项按占比的平均，区间由各项的区间合成（偏差的平方和开方）。",
    "区间有重叠的（直接重叠，或经过别人连着重叠）都在同一档，同一档不分先后。",
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases, and how much of them was good in hundredths of a case."""

    cases: int = 0
    good: int = 0

    def plus(self, cases: int, good: int) -> Count:
        """With a correction: never fewer than no case, never more good than cases."""
        whole = max(self.cases + cases, 0)
        return Count(whole, min(max(self.good + good, 0), whole * GOOD))


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate and between which rates the true one lies, in ten-thousandths."""

    value: int
    low: int
    high: int

    def turned(self) -> Interval:
        """The same where less is better."""
        return Interval(WHOLE - self.value, WHOLE - self.high, WHOLE - self.low)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of everybody before counting: the mean, and how many cases it is worth."""

    mean: float
    imagined: float


def prior_of(counts: Collection[Count]) -> Prior | None:
    """The mean of a community and how many imagined cases of it everybody gets; None where there was no case.

    The spread between people beyond what chance makes (by moments) tells how much a person's own cases count.
    """
    shares = [(count.cases, count.good / (count.cases * GOOD)) for count in counts if count.cases]
    cases = sum(weight for weight, _ in shares)
    if not cases:
        return None
    mean = sum(weight * share for weight, share in shares) / cases
    return Prior(mean, _imagined(shares, cases, mean))


def _imagined(shares: Sequence[tuple[int, float]], cases: int, mean: float) -> float:
    noise = mean * (1 - mean)
    room = cases - sum(weight * weight for weight, _ in shares) / cases
    if len(shares) < 2 or room <= 0 or noise <= 0:
        return USUAL_IMAGINED
    spread = sum(weight * (share - mean) ** 2 for weight, share in shares)
    between = (spread - (len(shares) - 1) * noise) / room
    if between <= 0:
        return MOST_IMAGINED
    return min(max(noise / between - 1, LEAST_IMAGINED), MOST_IMAGINED)


def rate_of(count: Count, prior: Prior) -> Interval:
    """A person's rate, drawn toward the mean, with what the own cases alone and the drawn ones leave open.

    The drawn interval by itself would be too narrow: with few people the mean is hardly known, and whoever differs
    from it lies outside of it far more often than once in ten.
    """
    whole = count.cases + prior.imagined
    share = (count.good / GOOD + prior.imagined * prior.mean) / whole
    own = count.good / (count.cases * GOOD) if count.cases else 0.0
    (low, high), (drawn_low, drawn_high) = _wilson(own, count.cases), _wilson(share, whole)
    value = _parts(share)
    return Interval(value, min(_parts(min(low, drawn_low)), value), max(_parts(max(high, drawn_high)), value))


def _wilson(share: float, cases: float) -> tuple[float, float]:
    """Wilson's interval with continuity correction, which keeps its promise for few cases too."""
    if not cases:
        return 0.0, 1.0
    squared, under = Z * Z, 2 * (cases + Z * Z)
    middle, spread = 2 * cases * share + squared, 4 * share * cases * (1 - share) + squared - 1 / cases
    low = (middle - 1 - Z * math.sqrt(max(spread - 2 + 4 * share, 0))) / under if share > 0 else 0.0
    high = (middle + 1 + Z * math.sqrt(max(spread + 2 - 4 * share, 0))) / under if share < 1 else 1.0
    return low, high


def _parts(share: float) -> int:
    return min(max(round(share * WHOLE), 0), WHOLE)


def rates(counts: Mapping[Key, Count]) -> dict[Key, Interval]:
    """Everybody's rate by one indicator; nothing where nobody had a case."""
    prior = prior_of(list(counts.values()))
    return {key: rate_of(count, prior) for key, count in counts.items()} if prior is not None else {}


def whole_of(parts: Sequence[tuple[Interval, int]]) -> Interval:
    """The weighted mean of parts with its interval; the middle of everything where there is no part."""
    total = sum(weight for _, weight in parts)
    if not total:
        return Interval(WHOLE // 2, 0, WHOLE)
    value = sum(part.value * weight for part, weight in parts) / total
    below = math.sqrt(sum(((part.value - part.low) * weight) ** 2 for part, weight in parts)) / total
    above = math.sqrt(sum(((part.high - part.value) * weight) ** 2 for part, weight in parts)) / total
    middle = min(max(round(value), 0), WHOLE)
    return Interval(middle, max(min(round(value - below), middle), 0), min(max(round(value + above), middle), WHOLE))


def groups_of(intervals: Mapping[Key, Interval]) -> dict[Key, int]:
    """The group of everybody, 1 the best: in different groups only those whose intervals do not touch."""
    ordered = sorted(intervals.items(), key=lambda pair: (-pair[1].high, -pair[1].low))
    found: dict[Key, int] = {}
    group, floor = 0, WHOLE + 1
    for key, interval in ordered:
        if interval.high < floor:
            group += 1
            floor = interval.low
        floor = min(floor, interval.low)
        found[key] = group
    return found


def lowest_of(intervals: Mapping[Key, Interval]) -> Key | None:
    """Who alone has the lowest number; nobody where two share it or there is nobody to compare with."""
    if len(intervals) < 2:
        return None
    least = min(interval.value for interval in intervals.values())
    there = [key for key, interval in intervals.items() if interval.value == least]
    return there[0] if len(there) == 1 else None


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator as the whole needs it."""

    key: str
    weight: int
    is_higher_better: bool = True


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What came out of a month: rates by indicator and person, the whole by person, the means."""

    rates: Mapping[str, Mapping[int, Interval]]
    wholes: Mapping[int, Interval]
    means: Mapping[str, int]


def reckon(parts: Sequence[Part], counts: Mapping[str, Mapping[int, Count]], people: Sequence[int]) -> Reckoned:
    """The figures of everybody. An indicator of which nobody had a case weighs nothing that month."""
    found: dict[str, dict[int, Interval]] = {}
    means: dict[str, int] = {}
    for part in parts:
        own = {person: counts.get(part.key, {}).get(person, Count()) for person in people}
        prior = prior_of(list(own.values()))
        if prior is not None:
            found[part.key] = {person: rate_of(count, prior) for person, count in own.items()}
            means[part.key] = _parts(prior.mean)
    counted = [part for part in parts if part.key in found]
    wholes = {
        person: whole_of([
            (found[part.key][person] if part.is_higher_better else found[part.key][person].turned(), part.weight)
            for part in counted
        ])
        for person in people
    }  # fmt: skip
    return Reckoned(found, wholes, means)
