"""A sheet of reports (CSV or xlsx with Chinese headings): read, checked row by row, filed once.

Every row goes through the report form, so a sheet and a page ask the same. Between preview and
filing the rows travel sealed with the page: no copy of them stays on the server.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from louzhang.journal.actions import once
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit.tables import BadTable, Row, read_table
from louzhang.workorders.actions import Draft
from louzhang.workorders.actions.filing import REPORTS_AT_MOST, file_reports
from louzhang.workorders.forms import ReportForm
from louzhang.workorders.imports.sheets import (
    CATEGORY,
    HOTLINE_NUMBER,
    WAYS,
    WORDS,
    Finder,
    Unfound,
    refuse_columns,
)
from louzhang.workorders.models import AnswerWay, Channel

PURPOSE = "report-sheet"


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be filed, for the one who brought the sheet."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet after its check: reports to file, or what is wrong with which line."""

    drafts: list[Draft]
    errors: list[RowError]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many reports of each category, the most first."""
        return Counter(draft.category.name for draft in self.drafts).most_common()


def read_sheet(path: Path) -> list[Row]:
    """Read a sheet whole.

    Raises `BadTable` for a broken or locked file, a missing or unknown heading, no rows or too
    many.
    """
    rows: list[Row] = []
    for row in read_table(path):
        if not rows:
            refuse_columns(row)
        rows.append(row)
        if len(rows) > REPORTS_AT_MOST:
            raise BadTable(f"一次最多登记 {REPORTS_AT_MOST} 件，请拆成几个文件。")
    if not rows:
        raise BadTable("文件里只有表头，没有要登记的内容，请填好后再上传。")
    return rows


def check_rows(rows: Sequence[Row], actor: Actor) -> Checked:
    """Check every row by the report form; places and categories are read once for all."""
    finder = Finder(actor)
    checked = Checked(drafts=[], errors=[])
    for row in rows:
        try:
            form = ReportForm(_form_body(row, finder))
        except Unfound as unfound:
            checked.errors.append(RowError(row.line, str(unfound)))
            continue
        if form.is_valid():
            checked.drafts.append(form.draft(Channel.FILE, is_for_another=True))
        else:
            reasons = [str(reason) for reasons in form.errors.values() for reason in reasons]
            checked.errors.append(RowError(row.line, "".join(reasons)))
    return checked


def _form_body(row: Row, finder: Finder) -> dict[str, Any]:
    if row.surplus:
        raise Unfound("表头右边还有内容，请检查是不是多了一列。")
    cells = row.cells
    phone = cells.get("电话", "")
    return {
        "category": finder.category(cells.get(CATEGORY, "")).code,
        "area": finder.area(cells).pk,
        "words": cells.get(WORDS, ""),
        "name": cells.get("姓名", ""),
        "phone": phone,
        "door": cells.get("门牌号", ""),
        "answer_way": _way(cells.get("答复方式", ""), phone),
        "hotline_number": cells.get(HOTLINE_NUMBER, ""),
    }


def _way(typed: str, phone: str) -> AnswerWay:
    if not typed:
        return AnswerWay.PHONE if phone else AnswerWay.HERE
    if typed not in WAYS:
        raise Unfound(f"答复方式“{typed[:20]}”不认识，请填：{'、'.join(WAYS)}。")
    return WAYS[typed]


def file_sheet(rows: Sequence[Row], *, actor: Actor, at: datetime, entry_id: uuid.UUID) -> list[str]:
    """Check the rows again and file them all, once per entry id; give the numbers.

    Raises `InputRefused` when a row has become invalid since the preview, and whatever the
    action raises: then nothing is stored.
    """

    def perform() -> Mapping[str, Any]:
        checked = check_rows(rows, actor)
        if checked.errors:
            first = checked.errors[0]
            raise InputRefused(f"第 {first.line} 行：{first.reason}什么都没有登记，请改正后重新上传。", field="file")
        filed = file_reports(drafts=checked.drafts, actor=actor, at=at, entry_id=entry_id)
        return {"numbers": [item.order.number for item in filed]}

    body = [[row.line, row.cells] for row in rows]
    return list(once(actor=actor, entry_id=entry_id, body=body, at=at, perform=perform)["numbers"])
