"""Excel workbooks to hand out: sheets of text with a frozen heading."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from louzhang.kit.tables import safe_cell

BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTH = 18


def book_of(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """Write a workbook: the sheets by name, the first row of each its heading.

    Every cell is text, so that numbers and codes keep their zeros; what Excel could run as a formula is
    neutralised as in a CSV.
    """
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, cells in enumerate(rows):
                if place == 0:
                    sheet.set_column(0, max(len(cells) - 1, 0), _WIDTH, text)
                for column, cell in enumerate(cells):
                    sheet.write_string(place, column, safe_cell(cell), text if place else bold)
    return kept.getvalue()
