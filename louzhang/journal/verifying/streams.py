"""Reading tables as streams in order of subject, and walking several of them side by side."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any

from django.db import connection

from louzhang.journal.verifying.breaks import Broken

ROWS_AT_ONCE = 2_000

Row = tuple[Any, ...]


def stream(query: str, parameters: Sequence[str | int] = ()) -> Generator[Row, None, None]:
    """The rows of a query through a cursor on the server, a few thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


class Grouped:
    """Rows in order of their first column, given out subject by subject."""

    def __init__(self, kind: str, rows: Iterator[Row], orphaned: str) -> None:
        self._kind = kind
        self._rows = rows
        self._orphaned = orphaned
        self._next = next(rows, None)

    def of(self, subject_id: int) -> list[Row]:
        """The rows of this subject; subjects are asked for in rising order.

        Raises `Broken` for rows of a subject that was not asked for: it does not exist.
        """
        found = []
        while self._next is not None and self._next[0] <= subject_id:
            if self._next[0] < subject_id:
                self._refuse(self._next)
            found.append(self._next)
            self._next = next(self._rows, None)
        return found

    def finish(self) -> None:
        """Raise `Broken` when rows are left over."""
        if self._next is not None:
            self._refuse(self._next)

    def _refuse(self, row: Row) -> None:
        raise Broken(self._kind, row[0], row[1] or 0, self._orphaned)
