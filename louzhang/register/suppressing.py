"""Small counts of a table hidden so that nobody can work them out from its sums (standards.md: k < 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SHOWN_FROM = 5
Cells = list[list[int | None]]
Place = tuple[int, int]


def with_sums(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Rows with their sum at the end, and a last row with the sums of the columns."""
    summed = [[*row, sum(row)] for row in rows]
    return [*summed, [sum(column) for column in zip(*summed, strict=True)]] if summed else []


def suppressed(table: Sequence[Sequence[int]]) -> Cells:
    """A table with sums, None for what is hidden: counts from 1 to 4, and as many more as are needed.

    A line in which one number alone is hidden gives it away by its sum, so another of it is hidden too: the
    smallest that is not nought, a sum only where nothing else is left.
    """
    hidden = {
        (across, down) for across, row in enumerate(table) for down, count in enumerate(row) if 0 < count < SHOWN_FROM
    }
    last = (len(table) - 1, len(table[0]) - 1) if table else (0, 0)
    while (line := _telling(table, hidden)) is not None:
        hidden.add(min((place for place in line if place not in hidden), key=lambda place: _worth(table, place, last)))
    return [
        [None if (across, down) in hidden else count for down, count in enumerate(row)]
        for across, row in enumerate(table)
    ]


def _telling(table: Sequence[Sequence[int]], hidden: set[Place]) -> list[Place] | None:
    """A line of which exactly one number is hidden, and which has another that could be."""
    return next((line for line in _lines(table) if len(line) > 1 and sum(place in hidden for place in line) == 1), None)


def _lines(table: Sequence[Sequence[int]]) -> Iterator[list[Place]]:
    for across, row in enumerate(table):
        yield [(across, down) for down in range(len(row))]
    for down in range(len(table[0]) if table else 0):
        yield [(across, down) for across in range(len(table))]


def _worth(table: Sequence[Sequence[int]], place: Place, last: Place) -> tuple[bool, bool, int]:
    """What is hidden first: counts before sums, any number before nought, the smallest before the larger."""
    across, down = place
    count = table[across][down]
    return (across == last[0] or down == last[1], count == 0, count)
