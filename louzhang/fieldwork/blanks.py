"""Reading a blank sheet from above: its headings, its lines, its cells beside a label; and what each may mean.

What is read is kept with the blank (`Layout`), what it means is proposed by its words and chosen by people
(`Mapping`). Hidden sheets are left alone. Both are plain JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from louzhang.kit.filling import formula_spots
from louzhang.kit.workbooks import Line, Number, Sheet, Workbook
from louzhang.register.imports.columns import plain_heading

ROWS_READ, COLUMNS_READ, HEADING_ROWS = 200, 60, 15
WHOLE, BY_NAME = "whole", "name"
TOTALS = ("合计", "总计", "小计", "全部")
# First cells of a line that are no place: what is printed below a table.
FOOT = re.compile(r"^(注|备注|说明|填表人|填报人|负责人|审核|联系|制表|单位盖章)")
FEWEST_HEADINGS = 2

Layout = dict[str, Any]
Called = Callable[[str], str]


def read_blank(path: Path, called: Called) -> Layout:
    """What a blank holds; raises `BadTable` for what cannot be read."""
    book, content = Workbook(path), path.read_bytes()
    sheets = [_read_sheet(book, sheet, called) for sheet in book.sheets if not sheet.is_hidden]
    for sheet in sheets:
        spots = sorted(formula_spots(content, sheet["entry"]))
        sheet["formulas"] = [f"{row}:{column}" for row, column in spots if row <= ROWS_READ]
    return {"sheets": sheets}


def _read_sheet(book: Workbook, sheet: Sheet, called: Called) -> dict[str, Any]:
    lines = [(line, cells[:COLUMNS_READ]) for line, cells in book.rows(sheet) if line <= ROWS_READ]
    head = _heading(lines, called)
    table = _table(lines, head) if head is not None else {"columns": [], "rows": []}
    first, last = (head[0], head[1]) if head is not None else (0, 0)
    covered = {row["row"] for row in table["rows"]}
    around = [line for line in lines if not first <= line[0] <= last and line[0] not in covered]
    return {
        "name": sheet.name,
        "entry": sheet.entry,
        **table,
        "cells": _labelled(around, called),
        "lines": [[line, [str(cell) for cell in cells]] for line, cells in lines],
    }


def _heading(lines: Sequence[Line], called: Called) -> tuple[int, int, list[str]] | None:
    """The rows of the heading (first, last) and its texts by column: as many known words as can be, the lowest row."""
    best: tuple[int, int, list[str]] | None = None
    best_score = 0
    for place, (line, cells) in enumerate(lines[:HEADING_ROWS]):
        if len({cell for cell in cells if cell}) < FEWEST_HEADINGS or any(isinstance(cell, Number) for cell in cells):
            continue
        texts, first = list(cells), line
        if place and lines[place - 1][0] == line - 1:
            upper = lines[place - 1][1]
            if len({cell for cell in upper if cell}) >= FEWEST_HEADINGS:
                texts, first = _under(upper, cells), line - 1
        known = sum(bool(text and called(text)) for text in texts)
        score = known * 100 + len({cell for cell in cells if cell})
        if known and score > best_score:
            best, best_score = (first, line, texts), score
    return best


def _under(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Column by column what stands above with what stands below it; once where they say the same."""
    width = max(len(upper), len(lower))
    above, below = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    return [high if low in ("", high) else f"{high} {low}".strip() for high, low in zip(above, below, strict=True)]


def _table(lines: Sequence[Line], head: tuple[int, int, list[str]]) -> dict[str, Any]:
    """The columns to fill and the lines below the heading; without a label the first line is the place's own."""
    _, last, texts = head
    rows: list[dict[str, Any]] = []
    names = _name_columns(texts)
    for line, cells in lines:
        label = next((cells[place] for place in names if place < len(cells) and cells[place]), "")
        if line <= last or not label:
            continue
        if FOOT.match(label):
            break
        if not isinstance(label, Number):
            rows.append({"row": line, "label": str(label)})
    label_columns = set(names) if rows else set()
    columns = [
        {"column": place + 1, "heading": text}
        for place, text in enumerate(texts)
        if text and place not in label_columns and plain_heading(text) not in ("序号", "备注", "编号")
    ]
    return {"columns": columns, "rows": rows or [{"row": last + 1, "label": ""}]}


def _name_columns(texts: Sequence[str]) -> list[int]:
    """The columns that can name a line: those called so, else the first."""
    words = ("社区", "单位", "网格", "地点", "名称", "街道", "村", "楼栋", "小区", "地区")
    found = [place for place, text in enumerate(texts) if text and any(text.endswith(word) for word in words)]
    first = [place for place, text in enumerate(texts) if text and plain_heading(text) != "序号"][:1]
    return found[:1] or first


def _labelled(lines: Sequence[Line], called: Called) -> list[dict[str, Any]]:
    """Cells right of a label that names a value."""
    found = []
    for line, cells in lines:
        for place, text in enumerate(cells):
            is_first = place == 0 or cells[place - 1] != text
            if not text or not is_first or isinstance(text, Number) or not called(text):
                continue
            after = next((n for n in range(place + 1, len(cells)) if cells[n] != text), len(cells))
            if after >= len(cells) or not cells[after]:
                found.append({"row": line, "column": after + 1, "label": str(text)})
    return found


def proposed(layout: Layout, called: Called, remembered: Mapping[str, str]) -> dict[str, Any]:
    """A meaning for every slot: as the last time the same heading was mapped, else by its words."""

    def meaning(text: str) -> str:
        return remembered.get(plain_heading(text)) or called(text)

    return {
        sheet["entry"]: {
            "columns": {str(each["column"]): meaning(each["heading"]) for each in sheet["columns"]},
            "rows": {str(each["row"]): _line_means(each["label"]) for each in sheet["rows"]},
            "cells": {f"{each['row']}:{each['column']}": meaning(each["label"]) for each in sheet["cells"]},
        }
        for sheet in layout["sheets"]
    }


def _line_means(label: str) -> str:
    return WHOLE if not label or plain_heading(label) in TOTALS else BY_NAME


def learned(layout: Layout, mapping: Mapping[str, Any]) -> dict[str, str]:
    """What each heading meant, to be remembered; a heading that was left empty is remembered as nothing."""
    found: dict[str, str] = {}
    for sheet in layout.get("sheets", ()):
        meant = mapping.get(sheet["entry"], {})
        for each in sheet["columns"]:
            found[plain_heading(each["heading"])] = meant.get("columns", {}).get(str(each["column"]), "")
        for each in sheet["cells"]:
            spot = f"{each['row']}:{each['column']}"
            found[plain_heading(each["label"])] = meant.get("cells", {}).get(spot, "")
    return {heading: code for heading, code in found.items() if code}
