"""How often chance alone puts somebody last: exact for equals, simulated for unequal numbers of cases. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from louzhang.roster.reckoning import GOOD, WHOLE, Count, Part, lowest_of, reckon

MONTHS = 3  # last three times running (R3)
YEAR = 12
DRAWS = 400
# From here on chance is an explanation: once in twenty years somebody would be last three times running.
LIKELY = 0.05
MANY = 30  # above that many cases a normal draw stands for the sum of single ones


def chance_of_run(people: int, months: int = YEAR, run: int = MONTHS) -> float:
    """How likely it is that somebody among equals is last `run` months running, some time within so many months.

    Exact: each month anybody is last with the same chance, whoever was last before.
    """
    if people < 2 or months < run:
        return float(people == 1 and months >= run)
    again = 1 / people
    lengths, over = {1: 1.0}, 0.0
    for _ in range(months - 1):
        over += lengths.get(run - 1, 0.0) * again
        after = {1: sum(lengths.values()) * (1 - again)}
        after |= {length + 1: share * again for length, share in lengths.items() if length + 1 < run}
        lengths = after
    return over


def binomial(dice: random.Random, cases: int, share: float) -> int:
    """How many of so many cases are good, by chance."""
    if cases <= MANY:
        return sum(dice.random() < share for _ in range(cases))
    drawn = dice.gauss(cases * share, math.sqrt(cases * share * (1 - share)))
    return min(max(round(drawn), 0), cases)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as chance sees it: how many cases each person had of each indicator, and the community's means."""

    cases: Mapping[str, Mapping[int, int]]
    means: Mapping[str, int]


def drawn_last(parts: Sequence[Part], month: Month, people: Sequence[int], dice: random.Random) -> int | None:
    """Who is last in one drawn month in which everybody is as good as everybody else."""
    counts = {
        part.key: {
            person: Count(cases, GOOD * binomial(dice, cases, month.means[part.key] / WHOLE))
            for person in people
            if (cases := month.cases.get(part.key, {}).get(person, 0))
        }
        for part in parts
        if part.key in month.means
    }
    return lowest_of(reckon(parts, counts, people).wholes)


def shares_of_last(
    parts: Sequence[Part], month: Month, people: Sequence[int], *, seed: int, draws: int = DRAWS
) -> dict[int, float]:
    """How often each person is last by chance in such a month, with the case numbers as they were."""
    dice = random.Random(seed)  # noqa: S311 - draws of a simulation, the same each time
    found = dict.fromkeys(people, 0)
    for _ in range(draws):
        last = drawn_last(parts, month, people, dice)
        if last is not None:
            found[last] += 1
    return {person: count / draws for person, count in found.items()}


@dataclass(frozen=True, slots=True)
class Chance:
    """What is said of a person who was last so many months running."""

    people: int
    one: float  # a given one of equals, these months
    anybody: float  # somebody of equals, these months
    year: float  # somebody of equals, some time in a year
    own: float  # this very person, with the case numbers as they were
    somebody: float  # somebody, with the case numbers as they were
    is_apart: bool  # the interval was off everybody else's in each of these months

    @property
    def explains(self) -> bool:
        """Whether chance is an explanation: it happens among equals, or the interval still touches others'."""
        return self.year >= LIKELY or self.somebody >= LIKELY or not self.is_apart


def chance_of_last(
    parts: Sequence[Part], months: Sequence[Month], people: Sequence[int], person: int, *, is_apart: bool, seed: int = 1
) -> Chance:
    """What chance has to say of somebody who was last in each of these months."""
    count = len(people)
    drawn = [shares_of_last(parts, month, people, seed=seed + place) for place, month in enumerate(months)]
    running = {who: math.prod(shares[who] for shares in drawn) for who in people}
    return Chance(
        people=count,
        one=1 / count**MONTHS if count else 0.0,
        anybody=1 / count ** (MONTHS - 1) if count else 0.0,
        year=chance_of_run(count),
        own=running.get(person, 0.0),
        somebody=min(sum(running.values()), 1.0),
        is_apart=is_apart,
    )
