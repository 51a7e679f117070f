"""Excel workbooks to hand out: sheets of text with a frozen heading."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from louzhang.kit.tables import safe_cell

BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 18
_MARK_LENGTH = 110  # Excel takes 255 signs in all, each & twice


def book_of(sheets: Mapping[str, Iterable[Sequence[str]]], *, mark: str = "") -> bytes:
    """Write a workbook: the sheets by name, the first row of each its heading.

    Every cell is text, so that numbers and codes keep their zeros; what Excel could run as a formula is
    neutralised as in a CSV. `mark` says who took the file and what for: it stands above the heading and on
    every printed page.
    """
    above = 1 if mark else 0
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1 + above, 0)
            if mark:
                _mark(sheet, mark, text)
            for place, cells in enumerate(rows):
                if place == 0:
                    sheet.set_column(0, max(len(cells) - 1, 0), _WIDTH, text)
                for column, cell in enumerate(cells):
                    sheet.write_string(place + above, column, safe_cell(cell), text if place else bold)
    return kept.getvalue()


def _mark(sheet: Any, mark: str, text: Any) -> None:
    """Who took the file: above the heading, which stays in sight and comes again with it on every printed page."""
    sheet.write_string(0, 0, safe_cell(mark), text)
    sheet.repeat_rows(0, 1)
    printed = f"&C {mark[:_MARK_LENGTH].replace('&', '&&')}"  # a figure right behind &C would be the size of the type
    sheet.set_header(printed)
    sheet.set_footer(f"{printed} · 第 &P 页，共 &N 页")
    sheet.set_landscape()
