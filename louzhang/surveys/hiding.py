"""Which counts of several tables are hidden so that no small one can be worked out from those that are shown.

The tables hang together by equations: a place is the sum of the places below it, the answers of a question sum to the
households that were asked it, and whoever was asked a question that depends on another gave one of its answers. A
small count is safe when the equations leave it open, not only when no single line tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from louzhang.register.suppressing import SHOWN_FROM

Key = TypeVar("Key", bound=Hashable)
Equation = Mapping[Key, int]
"""Counts with +1 or −1: together they make a number that everybody knows."""

PRIME = 2**61 - 1


def is_small(count: int) -> bool:
    """Whether a count may not be told."""
    return 0 < count < SHOWN_FROM


def hidden_in(counts: Mapping[Key, int], equations: Sequence[Equation[Key]], worth: Callable[[Key], Any]) -> set[Key]:
    """The counts to hide: the small ones, and of the others as many as keep them open, those worth least first."""
    small = {key for key, count in counts.items() if is_small(count)}
    hidden, held = set(small), _lines_by_key(equations)
    while told := sorted(told_by(hidden, equations) & small, key=worth):
        more = {extra for key in told if (extra := _beside(key, hidden, held, worth)) is not None}
        if not more:
            break
        hidden |= more
    return hidden


def _lines_by_key(equations: Iterable[Equation[Key]]) -> dict[Key, list[Equation[Key]]]:
    held: dict[Key, list[Equation[Key]]] = {}
    for equation in equations:
        for key in equation:
            held.setdefault(key, []).append(equation)
    return held


def _beside(
    key: Key, hidden: set[Key], held: Mapping[Key, Sequence[Equation[Key]]], worth: Callable[[Key], Any]
) -> Key | None:
    """A shown count to hide for one that is told: from its own lines, then from those its lines lead to."""
    seen, edge = {key}, [key]
    while edge:
        lines = [line for each in edge for line in held.get(each, ())]
        shown = [each for line in lines for each in line if each not in hidden]
        if shown:
            return min(shown, key=worth)
        edge = list({each for line in lines for each in line if each not in seen})
        seen.update(edge)
    return None


def told_by(hidden: set[Key], equations: Sequence[Equation[Key]]) -> set[Key]:
    """Those of the hidden counts that follow from the shown ones."""
    rows = [{key: factor for key, factor in line.items() if key in hidden} for line in equations]
    told: set[Key] = set()
    for part in _parts([row for row in rows if row]):
        told |= _solved(part)
    return told


def _parts(rows: Sequence[dict[Key, int]]) -> list[list[dict[Key, int]]]:
    """The equations that have to do with one another, together."""
    part_of: dict[Key, int] = {}
    parts: dict[int, list[dict[Key, int]]] = {}
    for number, row in enumerate(rows):
        joined = {part_of[key] for key in row if key in part_of}
        merged = [row]
        for old in joined:
            merged += parts.pop(old)
        parts[number] = merged
        for each in merged if joined else [row]:
            part_of.update(dict.fromkeys(each, number))
    return list(parts.values())


def _solved(rows: Sequence[dict[Key, int]]) -> set[Key]:
    """The unknowns that have one value in every solution: by elimination, numbers modulo a large prime."""
    reduced: dict[Key, dict[Key, int]] = {}
    for row in rows:
        rest = _reduce(dict(row), reduced)
        if not rest:
            continue
        pivot = next(iter(rest))
        scale = pow(rest[pivot], -1, PRIME)
        rest = {key: factor * scale % PRIME for key, factor in rest.items()}
        for other in list(reduced):
            if pivot in reduced[other]:
                reduced[other] = _less(reduced[other], rest, reduced[other][pivot])
        reduced[pivot] = rest
    return {pivot for pivot, row in reduced.items() if len(row) == 1}


def _reduce(row: dict[Key, int], reduced: Mapping[Key, dict[Key, int]]) -> dict[Key, int]:
    for pivot in [key for key in row if key in reduced]:
        row = _less(row, reduced[pivot], row[pivot])
    return row


def _less(row: Mapping[Key, int], other: Mapping[Key, int], times: int) -> dict[Key, int]:
    """A row without so many times another; what becomes nought is left out."""
    found = dict(row)
    for key, factor in other.items():
        left = (found.get(key, 0) - times * factor) % PRIME
        if left:
            found[key] = left
        else:
            found.pop(key, None)
    return found
