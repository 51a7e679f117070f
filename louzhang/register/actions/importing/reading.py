"""What the worker reads: which sheets and headings a file has, then every line of it held against the register."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.kit.tables import BadTable
from louzhang.register.actions.importing.pieces import Teller, drop_pieces, file_of, keep_rows
from louzhang.register.actions.taken_numbers import log_met
from louzhang.register.import_course import LOOP, ImportState
from louzhang.register.imports.lines import Entry, Wrong, read_entries
from louzhang.register.imports.planning import plan_entries
from louzhang.register.imports.plans import Outcome, Plan
from louzhang.register.imports.samples import samples_of
from louzhang.register.imports.sources import read_headings, rows_below
from louzhang.register.models import ImportBatch, PieceKind, id_index
from louzhang.register.models.imports import ImportBatchQuerySet
from louzhang.register.queries.imports import standing_of

TELL_EVERY = 2_000
# A file of people of this place has few who are registered elsewhere; one of strangers is a search.
MET_AT_MOST = 500
TOO_MANY_MET = "这个文件里有太多证件号码登记在别处，不能导入。请核对是不是拿错了文件。"
NOTHING = "表头下面没有内容，请检查文件。"

log = logging.getLogger(__name__)


def read_import(*, batch_id: int, at: datetime) -> None:
    """Find the headings of a received file and propose its columns, or say why it cannot be read."""
    batch = ImportBatch.objects.get(pk=batch_id)
    try:
        with file_of(batch) as path:
            found = read_headings(path)
            seen = samples_of(path, found)
    except BadTable as refusal:
        _refuse(batch, "read", str(refusal), at)
        return
    with transaction.atomic(), walk(LOOP, _rows(), batch_id, "read", actor=SYSTEM, at=at) as step:
        keep_rows(batch, PieceKind.SEEN, seen)
        step.set(found=found, columns=found["proposed"], moved_at=at)
        step.note(sheets=len(found["sheets"]), hidden=len(found["hidden"]))


def preview_import(*, batch_id: int, at: datetime, problem: str = "") -> None:
    """Hold every line against the register: what would become of it, and which lines go back with a reason.

    `problem` is told on the page: what the register had changed in the meantime, for one.
    """
    batch = ImportBatch.objects.select_related("area__level").get(pk=batch_id)
    try:
        with file_of(batch) as path:
            read = _Read(path, batch, at)
    except BadTable as refusal:
        _refuse(batch, "preview", str(refusal), at)
        return
    plan = plan_import(batch, read.entries, at)
    _log_met(plan.met, batch, at)
    if len(plan.met) > MET_AT_MOST:
        _refuse(batch, "preview", TOO_MANY_MET, at)
        return
    with transaction.atomic(), walk(LOOP, _rows(), batch_id, "preview", actor=SYSTEM, at=at) as step:
        drop_pieces(batch, PieceKind.ROWS, PieceKind.SHOWN, PieceKind.WRONG)
        good = (entry for place, entry in enumerate(read.entries) if plan.outcomes[place] is not Outcome.WRONG)
        keep_rows(batch, PieceKind.ROWS, (entry.packed() for entry in good))
        wrong = read.all_wrong(plan)
        keep_rows(batch, PieceKind.WRONG, ([row.sheet, row.line, row.reason, row.cells] for row in wrong))
        keep_rows(batch, PieceKind.SHOWN, _shown(read.entries, plan))
        _set_counts(step, plan, wrong, at)
        step.set(problem=problem)


def _log_met(resident_ids: Sequence[int], batch: ImportBatch, at: datetime) -> None:
    """Whoever brought the file learns of these numbers that they are somebody's; each of them reads who did."""
    who = Actor(kind=ActorKind.PERSON, user_id=batch.user_id)
    with transaction.atomic():
        for resident_id in sorted(set(resident_ids)):
            log_met(resident_id, who, at)


def plan_import(batch: ImportBatch, entries: Sequence[Entry], at: datetime) -> Plan:
    """What these lines would do to the community's register as it is now."""
    standing = standing_of(batch.area, (id_index(entry.id_number) for entry in entries))
    return plan_entries(entries, standing, today=clock.local_date(at))


def _shown(entries: Sequence[Entry], plan: Plan) -> Iterator[list[Any]]:
    """The lines that move or change somebody or something that stands, and how: sheet, line, name, words."""
    for place in sorted(plan.notes):
        entry = entries[place]
        yield [entry.sheet, entry.line, entry.name, "，".join(plan.notes[place])]


def _set_counts(step: Step[ImportBatch], plan: Plan, wrong: Sequence[Wrong], at: datetime) -> None:
    counts = plan.counts() | {Outcome.WRONG.value: len(wrong)}
    step.set(counts=counts, moved_at=at)
    step.note(counts=counts)


def _refuse(batch: ImportBatch, verb: str, sentence: str, at: datetime) -> None:
    log.info("import %s cannot be read", batch.pk)
    with transaction.atomic(), walk(LOOP, _rows(), batch.pk, verb, actor=SYSTEM, at=at) as step:
        step.lead_to(ImportState.REFUSED)
        step.set(problem=sentence[:200], moved_at=at)
        drop_pieces(batch, *PieceKind)


def _rows() -> ImportBatchQuerySet:
    rows: ImportBatchQuerySet = ImportBatch.objects.all()
    return rows


class _Read:
    """The lines of a file: those understood with their cells beside them, and those that are wrong already."""

    def __init__(self, path: Path, batch: ImportBatch, at: datetime) -> None:
        self.entries: list[Entry] = []
        self._cells: list[list[str]] = []
        self._wrong: list[Wrong] = []
        teller, today = Teller(batch, 0), clock.local_date(at)
        for sheet, lines in rows_below(path, batch.found):
            for (_, cells), read in read_entries(lines, batch.columns, sheet=sheet, today=today):
                self._take(cells, read)
                if len(self.entries) % TELL_EVERY == 0:
                    teller.tell(len(self.entries))
        if not (self.entries or self._wrong):
            raise BadTable(NOTHING)

    def _take(self, cells: list[str], read: Entry | Wrong) -> None:
        if isinstance(read, Wrong):
            self._wrong.append(read)
        else:
            self.entries.append(read)
            self._cells.append(cells)

    def all_wrong(self, plan: Plan) -> list[Wrong]:
        """Lines that could not be read and lines that cannot be carried in, as they stand in the file."""
        refused: Iterator[Wrong] = (
            Wrong(self.entries[place].sheet, self.entries[place].line, tuple(self._cells[place]), reason)
            for place, reason in plan.reasons.items()
        )
        return sorted([*self._wrong, *refused], key=_by_place)


def _by_place(row: Wrong) -> Any:
    return row.sheet, row.line
