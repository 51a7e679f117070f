"""Workbooks as communities have them, written for one test."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

HEAD = ("楼栋", "单元", "门牌", "与户主关系", "姓名", "证件号码", "电话")
FATHER, CHILD = "440524198001010013", "11010519491231002X"


def book(fill: Callable[[Any], None]) -> io.BytesIO:
    """A workbook that a function has filled."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as workbook:
        fill(workbook)
    kept.seek(0)
    return kept


def table(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> io.BytesIO:
    """A workbook of one plain table."""

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("登记")
        for line, cells in enumerate([head, *rows]):
            sheet.write_row(line, 0, cells)

    return book(fill)
