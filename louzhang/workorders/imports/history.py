"""One run over a file of another system: read through first, then stored batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit.tables import BadTable, Row, read_table
from louzhang.workorders.actions.importing import HistoryDraft, Source, import_history
from louzhang.workorders.imports.maps import HistoryMap
from louzhang.workorders.imports.places import Places, fallback_area
from louzhang.workorders.imports.rows import RowReader

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Survey:
    """What reading the whole file once showed: its headings and how many rows it has."""

    header: tuple[str, ...]
    rows: int


def survey_file(path: Path, plan: HistoryMap) -> Survey:
    """Read the file to its end before anything is stored.

    Raises `BadTable` for a broken or locked file, one without rows, or one that lacks a column
    of the map.
    """
    header: tuple[str, ...] = ()
    count = 0
    for row in read_table(path):
        if not count:
            header = tuple(row.cells)
            _refuse_missing(header, plan)
        count += 1
    if not count:
        raise BadTable("文件里只有表头，没有数据行，请检查后重试。")
    return Survey(header=header, rows=count)


def _refuse_missing(header: tuple[str, ...], plan: HistoryMap) -> None:
    missing = [name for name in plan.columns.named() if name not in header]
    if missing:
        raise BadTable(f"文件里没有“{missing[0]}”这一列，请核对对照表的 [columns] 或文件的表头。")


@dataclass
class HistoryRun:
    """A run and its counts so far; every row read is stored, known or refused."""

    path: Path
    plan: HistoryMap
    actor: Actor
    at: datetime
    read: int = 0
    stored: int = 0
    known: int = 0
    refused: int = 0
    _first_lines: dict[str, int] = field(default_factory=dict)

    def refusals(self, on_row: Callable[[], None] = lambda: None) -> Iterator[tuple[Row, str]]:
        """Store the file, giving the refused rows with their reason as they turn up.

        The consumer drives the run: a run left half way, or killed, leaves whole batches, and the
        next one stores the rest. Raises `BadMap`, `BadTable`, `Conflict`.
        """
        home = fallback_area(self.plan.area)
        reader = RowReader(self.plan, Places(home, self.plan.areas), self.at)
        source = Source(
            name=self.plan.source,
            home=home,
            promised_hours=self.plan.promised_hours,
            keep_days=self.plan.keep_days,
            offers_categories=self.plan.offer_categories,
        )
        batch: list[HistoryDraft] = []
        for row in read_table(self.path):
            self.read += 1
            try:
                batch.append(self._draft(reader, row))
            except InputRefused as refusal:
                self.refused += 1
                yield row, refusal.message
            if len(batch) >= BATCH:
                self._store(source, batch)
                batch = []
            on_row()
        if batch:
            self._store(source, batch)

    def _draft(self, reader: RowReader, row: Row) -> HistoryDraft:
        draft = reader.read(row)
        first = self._first_lines.setdefault(draft.number, row.line)
        if first != row.line:
            raise InputRefused(f"单号与第 {first} 行重复。", field="number")
        return draft

    def _store(self, source: Source, batch: list[HistoryDraft]) -> None:
        done = import_history(source=source, drafts=batch, actor=self.actor, at=self.at)
        self.stored += done.stored
        self.known += done.known
