"""Figures of one place, day, category …: counts, the three rates, shares and lengths of time. Pure.

The three rates (handbook R11, standards.md): 响应率 is contacted in time ÷ dispatched; 解决率 is solved ÷
answers that say whether it is solved, matters settled by explanation left out; 满意率 is satisfied ÷
answers that say how satisfied. Nobody's silence is an answer: what the clock closed was not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from louzhang.figures.buckets import COUNT, Percentile, percentile
from louzhang.figures.models import CLOCKS, COUNTS
from louzhang.workorders.lifecycle import ENDED, OPEN, State

STEPS = tuple(state.value for state in State)
WIDTH = len(STEPS) + len(COUNTS) + len(CLOCKS) * COUNT
_COUNTED_FROM = len(STEPS)
_TIMED_FROM = len(STEPS) + len(COUNTS)
MEDIAN, NINTH = 50, 90


@dataclass(slots=True)
class Figures:
    """One row: `values` are the counts by step, the plain counts and the buckets of each clock, in that order."""

    values: list[int] = field(default_factory=lambda: [0] * WIDTH)

    def add(self, values: Sequence[int], times: int = 1) -> None:
        """Add another row's values, or take them away."""
        for place, value in enumerate(values):
            if value:
                self.values[place] += times * value

    def count(self, name: str) -> int:
        """One of the plain counts (`models.COUNTS`)."""
        return self.values[_COUNTED_FROM + COUNTS.index(name)]

    @property
    def orders(self) -> int:
        """All orders of the row."""
        return self.count("orders")

    @property
    def steps(self) -> dict[str, int]:
        """How many stand at each step now."""
        return dict(zip(STEPS, self.values, strict=False))

    @property
    def open(self) -> int:
        """Orders that somebody still has to work on."""
        return sum(count for step, count in self.steps.items() if step in OPEN)

    @property
    def ended(self) -> int:
        """Orders that are closed, declined or withdrawn."""
        return sum(count for step, count in self.steps.items() if step in ENDED)

    @property
    def response_rate(self) -> float | None:
        """响应率 in percent; None where nothing was dispatched."""
        return _percent(self.count("contacted"), self.count("dispatched"))

    @property
    def solving_rate(self) -> float | None:
        """解决率 in percent; None where nobody was asked."""
        return _percent(self.count("solved"), self.count("judged"))

    @property
    def satisfaction_rate(self) -> float | None:
        """满意率 in percent; None where nobody was asked."""
        return _percent(self.count("satisfied"), self.count("asked"))

    def buckets(self, clock: str) -> list[int]:
        """The buckets of one clock (`models.CLOCKS`)."""
        first = _TIMED_FROM + CLOCKS.index(clock) * COUNT
        return self.values[first : first + COUNT]

    def median(self, clock: str) -> Percentile | None:
        """Half of the cases took no longer."""
        return percentile(self.buckets(clock), MEDIAN)

    def ninth(self, clock: str) -> Percentile | None:
        """Nine of ten cases took no longer."""
        return percentile(self.buckets(clock), NINTH)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
