"""Which counts of several tables are hidden so that no small one can be worked out from those that are shown.

The tables hang together by equations: a place is the sum of the places below it, the answers of a question sum to the
households that were asked it, and whoever was asked a question that depends on another gave one of its answers. A
small count is safe when the equations leave it open, not only when no single line tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from louzhang.register.suppressing import SHOWN_FROM

Key = TypeVar("Key", bound=Hashable)
Equation = Mapping[Key, int]
"""Counts with +1 or −1: together they make a number that everybody knows."""

Row = dict[Key, int]
"""The unknown counts of an equation."""

PRIME = 2**61 - 1


def is_small(count: int) -> bool:
    """Whether a count may not be told."""
    return 0 < count < SHOWN_FROM


def hidden_in(counts: Mapping[Key, int], equations: Sequence[Equation[Key]], worth: Callable[[Key], Any]) -> set[Key]:
    """The counts to hide: the small ones, and of the others as many as keep them open, those worth least first."""
    small = {key for key, count in counts.items() if is_small(count)}
    hidden, unknown = set(small), Unknown(equations)
    unknown.add(small)
    while told := sorted(unknown.told & small, key=worth):
        more = {extra for key in told if (extra := _beside(key, hidden, unknown, worth)) is not None}
        if not more:
            break
        hidden |= more
        unknown.add(more)
    return hidden


def _beside(key: Key, hidden: set[Key], unknown: Unknown[Key], worth: Callable[[Key], Any]) -> Key | None:
    """A shown count to hide for one that is told: from its own lines, then from those its lines lead to."""
    seen, edge = {key}, [key]
    while edge:
        lines = [line for each in edge for line in unknown.lines(each)]
        shown = [each for line in lines for each in line if each not in hidden]
        if shown:
            return min(shown, key=worth)
        edge = list({each for line in lines for each in line if each not in seen})
        seen.update(edge)
    return None


def told_by(hidden: set[Key], equations: Sequence[Equation[Key]]) -> set[Key]:
    """Those of the hidden counts that follow from the shown ones."""
    unknown = Unknown(equations)
    unknown.add(hidden)
    return unknown.told


class Unknown(Generic[Key]):
    """Counts that are hidden, and which of them follow all the same.

    More and more are hidden; only the equations that hang together with the new ones are solved again.
    """

    def __init__(self, equations: Sequence[Equation[Key]]) -> None:
        self.equations = equations
        self.told: set[Key] = set()
        self._lines_of: dict[Key, list[int]] = {}
        for number, line in enumerate(equations):
            for key in line:
                self._lines_of.setdefault(key, []).append(number)
        self._rows: list[Row[Key]] = [{} for _ in equations]
        self._part_of = [[number] for number in range(len(equations))]

    def lines(self, key: Key) -> list[Equation[Key]]:
        """The equations that a count stands in."""
        return [self.equations[number] for number in self._lines_of.get(key, ())]

    def add(self, keys: Iterable[Key]) -> None:
        """Hide these too."""
        touched = {self._join(lines) for key in keys if (lines := self._put(key))}
        for part in {id(self._part_of[number]): self._part_of[number] for number in touched}.values():
            rows = [self._rows[number] for number in part]
            self.told.difference_update(*rows)
            self.told |= _solved(rows)

    def _put(self, key: Key) -> list[int]:
        """Lay an unknown into its equations; their numbers."""
        lines = self._lines_of.get(key, [])
        for number in lines:
            self._rows[number][key] = self.equations[number][key]
        return lines

    def _join(self, lines: Sequence[int]) -> int:
        """Bring the parts of these equations together; one of them."""
        for number in lines[1:]:
            one, other = sorted((self._part_of[lines[0]], self._part_of[number]), key=len)
            if one is not other:
                other += one
                for each in one:
                    self._part_of[each] = other
        return lines[0]


def _solved(rows: Sequence[Row[Key]]) -> set[Key]:
    """The unknowns that have one value in every solution: by elimination, numbers modulo a large prime.

    An unknown of one equation only says nothing of the others: such equations are laid aside one after the other and
    looked at last, in the opposite order. In tables that add up hardly any are left.
    """
    told, rows = _single(rows)
    aside, left = _laid_aside(rows)
    reduced: dict[Key, Row[Key]] = {}
    order = [_pivot_in(row, reduced) for row in left]
    for pivot in [each for each in reversed(order) if each is not None]:
        reduced[pivot] = _resolve(reduced[pivot], pivot, reduced)
    for pivot, row in reversed(aside):
        scale = pow(row[pivot], -1, PRIME)
        reduced[pivot] = _resolve({key: factor * scale % PRIME for key, factor in row.items()}, pivot, reduced)
    return told | {pivot for pivot, row in reduced.items() if len(row) == 1}


def _single(rows: Sequence[Row[Key]]) -> tuple[set[Key], list[Row[Key]]]:
    """Unknowns that stand alone in an equation, and those that do once they are known; the equations without them."""
    rows, told = [dict(row) for row in rows], set[Key]()
    held = _rows_by_key(rows)
    alone = [row for row in rows if len(row) == 1]
    while alone:
        for key in list(alone.pop()):
            told.add(key)
            for number in held[key]:
                rows[number].pop(key, None)
                if len(rows[number]) == 1:
                    alone.append(rows[number])
    return told, [row for row in rows if row]


def _laid_aside(rows: Sequence[Row[Key]]) -> tuple[list[tuple[Key, Row[Key]]], list[Row[Key]]]:
    """Equations with an unknown that stands in none of those after them, each with it; and the equations left."""
    held, left = _rows_by_key(rows), dict(enumerate(rows))
    aside, once = [], [key for key, numbers in held.items() if len(numbers) == 1]
    while once:
        key = once.pop()
        for number in list(held[key]):
            row = left.pop(number)
            aside.append((key, row))
            for each in row:
                held[each].discard(number)
                if len(held[each]) == 1:
                    once.append(each)
    return aside, list(left.values())


def _rows_by_key(rows: Sequence[Row[Key]]) -> dict[Key, set[int]]:
    held: dict[Key, set[int]] = {}
    for number, row in enumerate(rows):
        for key in row:
            held.setdefault(key, set()).add(number)
    return held


def _pivot_in(row: Row[Key], reduced: dict[Key, Row[Key]]) -> Key | None:
    """Take an equation in, without the unknowns of those before; its own unknown, None where it says nothing new."""
    rest = dict(row)
    while (pivot := next((key for key in rest if key in reduced), None)) is not None:
        _take(rest, reduced[pivot], rest[pivot])
    if not rest:
        return None
    pivot = next(iter(rest))
    scale = pow(rest[pivot], -1, PRIME)
    reduced[pivot] = {key: factor * scale % PRIME for key, factor in rest.items()}
    return pivot


def _resolve(row: Row[Key], own: Key, reduced: Mapping[Key, Row[Key]]) -> Row[Key]:
    """An equation without the unknowns of others that are resolved themselves."""
    for pivot in [key for key in row if key != own and key in reduced]:
        _take(row, reduced[pivot], row[pivot])
    return row


def _take(row: Row[Key], other: Row[Key], times: int) -> None:
    """Take so many times another from a row; what becomes nought is left out."""
    for key, factor in other.items():
        left = (row.get(key, 0) - times * factor) % PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
