"""What every list that comes by file shares.

A preview carries the rows in by the very verbs the pages use, in a transaction that is rolled back:
what it says of a line is what would happen, and no rule is written a second time for files.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from django.db import transaction

from louzhang.areas.imports import FileRefused, Problem
from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, Refusal
from louzhang.kit.books import book_of
from louzhang.kit.tables import BadTable, Row, read_table

Cells = Mapping[str, str]
ROWS_AT_MOST = 2_000  # each is carried in by the verbs of the pages, some ten milliseconds a row


class Outcome(Enum):
    """What becomes of a line that is not wrong."""

    ADDED = "新增"
    SAME = "已经有，跳过"
    DIFFERENT = "已经有，内容不同，没有改动"
    ENDED = "已停用的，不导入"


@dataclass(frozen=True, slots=True)
class Told:
    """One line in words: what it is about, what becomes of it, where it differs."""

    outcome: Outcome
    what: str
    more: str = ""


Bring = Callable[[Cells], Told]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how to fill it, an example; `is_read` is false where it only informs."""

    name: str
    how: str = ""
    example: str = ""
    is_needed: bool = False
    is_read: bool = True


INFORMING = "只在导出时有，导入时不看。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list that comes by file.

    `opened` gives the function that carries in one line, by the verbs of the pages. `rank` puts
    lines that others hang on before them. `lists` are further sheets of the file to download.
    """

    name: str
    columns: Sequence[Column]
    opened: Callable[[Actor, datetime], Bring]
    most: int = ROWS_AT_MOST
    rank: Callable[[Cells], int] = lambda cells: 0
    lists: Callable[[Actor], Mapping[str, Sequence[Sequence[str]]]] = lambda actor: {}


@dataclass(slots=True)
class Result:
    """What became of a file."""

    lines: list[tuple[int, Told]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def count(self, *outcomes: Outcome) -> int:
        """How many lines had one of these outcomes."""
        return sum(told.outcome in outcomes for _, told in self.lines)

    @property
    def added(self) -> int:
        """How many are new."""
        return self.count(Outcome.ADDED)

    @property
    def skipped(self) -> int:
        """How many were left as they are."""
        return len(self.lines) - self.added


def read_sheet(path: Path, sheet: Sheet) -> list[Row]:
    """Read a file whole.

    Raises `BadTable` for a broken or locked file, a missing or unknown heading, no rows or too many.
    """
    rows: list[Row] = []
    for row in read_table(path):
        if not rows:
            _refuse_columns(row, sheet)
        rows.append(row)
        if len(rows) > sheet.most:
            raise BadTable(f"一次最多导入 {sheet.most} 行，请拆成几个文件。")
    if not rows:
        raise BadTable("文件里只有表头，没有要导入的内容，请填好后再上传。")
    return rows


def _refuse_columns(row: Row, sheet: Sheet) -> None:
    missing = [column.name for column in sheet.columns if column.is_needed and column.name not in row.cells]
    if missing:
        raise BadTable(f"表头里没有“{missing[0]}”这一列，请下载样表，照它的表头填写。")
    known = {column.name for column in sheet.columns}
    unknown = [name for name in row.cells if name not in known]
    if unknown:
        raise BadTable(f"不认识“{unknown[0][:30]}”这一列，请下载样表，照它的表头填写。")


def bring_in(rows: Iterable[Row], sheet: Sheet, *, actor: Actor, at: datetime, keep: bool) -> Result:
    """Carry every line in; unless all go well and they shall be kept, nothing is stored."""
    result = Result()
    with transaction.atomic():
        bring = sheet.opened(actor, at)
        for row in sorted(rows, key=lambda row: (sheet.rank(row.cells), row.line)):
            try:
                with transaction.atomic():
                    result.lines.append((row.line, _brought(row, bring)))
            except Refusal as refusal:
                result.problems.append(Problem(row.line, refusal.message))
        if result.problems or not keep:
            transaction.set_rollback(True)
    result.lines.sort(key=lambda line: line[0])
    result.problems.sort(key=lambda problem: problem.line)
    return result


def _brought(row: Row, bring: Bring) -> Told:
    if row.surplus:
        raise InputRefused("表头右边还有内容，请检查是不是多了一列。")
    return bring(row.cells)


def store_sheet(
    rows: Sequence[Row], sheet: Sheet, *, actor: Actor, at: datetime, entry_id: uuid.UUID
) -> Mapping[str, int]:
    """Carry the lines of a preview in for good, once per entry id; give how many were added and skipped.

    Raises `imports.FileRefused` when a line has become wrong since the preview; then nothing is stored.
    """

    def perform() -> Mapping[str, int]:
        result = bring_in(rows, sheet, actor=actor, at=at, keep=True)
        if result.problems:
            raise FileRefused(result.problems)
        return {"added": result.added, "skipped": result.skipped}

    body = [[row.line, row.cells] for row in rows]
    return once(actor=actor, entry_id=entry_id, body=body, at=at, perform=perform)


def example_book(sheet: Sheet, actor: Actor) -> bytes:
    """The workbook to fill in: headings, how each column is filled with an example, what may be chosen."""
    read = [column for column in sheet.columns if column.is_read]
    how = [["列", "怎么填", "例子"], *([column.name, _how(column), column.example] for column in read)]
    return book_of({sheet.name: [[column.name for column in read]], "填写说明": how, **sheet.lists(actor)})


def _how(column: Column) -> str:
    return f"必填。{column.how}" if column.is_needed else column.how


def compared(pairs: Mapping[str, tuple[Any, Any]], what: str) -> Told:
    """What stands already, told: by label what is stored and what the file says."""
    differing = [label for label, (stored, said) in pairs.items() if stored != said]
    if not differing:
        return Told(Outcome.SAME, what)
    return Told(Outcome.DIFFERENT, what, f"不同的列：{'、'.join(differing)}")
