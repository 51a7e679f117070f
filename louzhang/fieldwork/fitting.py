"""What fits into a day, and in which order it is walked: pure, nothing of tables.

What goes first when time is short and the order of the round are two questions. A day never holds more than its
minutes; what does not fit is nobody's overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the day: how pressing (smaller first), how long, and where in the round."""

    weight: int
    minutes: int
    place: tuple[str, int, int] = ("", 0, 0)
    is_fixed: bool = False


def fit(lines: Sequence[Line], minutes: int) -> list[bool]:
    """Which lines fit into so many minutes, the pressing ones first; a short one may fill what a long one left.

    `is_fixed` lines are done already or people put them there by name: they take their time first.
    """
    fits = [line.is_fixed for line in lines]
    left = minutes - sum(line.minutes for line in lines if line.is_fixed)
    for index in sorted(range(len(lines)), key=lambda each: (lines[each].weight, each)):
        line = lines[index]
        if not line.is_fixed and line.minutes <= left:
            fits[index] = True
            left -= line.minutes
    return fits


def walk_order(lines: Sequence[Line], first_weight: int) -> list[int]:
    """The place of each line in the round: what cannot wait, then building by building, stairwell and floor upwards.

    Gives for each line its number in the round. What has no place (a call) comes before the walk.
    """
    order = sorted(range(len(lines)), key=lambda each: _key(lines[each], first_weight, each))
    numbers = [0] * len(lines)
    for number, index in enumerate(order):
        numbers[index] = number
    return numbers


def _key(line: Line, first_weight: int, index: int) -> tuple[bool, int, tuple[str, int, int], int]:
    is_pressing = line.weight < first_weight
    return (not is_pressing, line.weight if is_pressing else 0, line.place, index)
