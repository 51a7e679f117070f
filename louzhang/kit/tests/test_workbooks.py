"""Workbooks are read row by row, whatever their size says, and refused with a sentence where they cannot be."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from louzhang.kit.cells import BadTable
from louzhang.kit.workbooks import Day, Number, Workbook

MADE = Callable[[Callable[[Any], None]], Path]


@pytest.fixture
def made(tmp_path: Path) -> MADE:
    def make(fill: Callable[[Any], None]) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            fill(book)
        return path

    return make


def rows(path: Path) -> list[tuple[int, list[str]]]:
    book = Workbook(path)
    return list(book.rows(book.sheets[0]))


def test_texts_numbers_days_and_truths_come_as_they_stand(made: MADE) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", 13912345678, 4.5, True])
        sheet.write_datetime(0, 4, date(2026, 3, 2), book.add_format({"num_format": "yyyy/m/d"}))
        sheet.write_number(0, 5, 46083, book.add_format({"num_format": '0"天"'}))
        sheet.write_formula(0, 6, "=1+1", value="二")

    ((line, cells),) = rows(made(fill))
    assert (line, cells) == (1, ["姓名", "13912345678", "4.5", "TRUE", "2026-03-02", "46083", "二"])
    assert [type(cell) for cell in cells[1:6]] == [Number, Number, str, Day, Number]


def test_a_moment_keeps_its_time_and_a_time_stands_alone(made: MADE) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        for column, (number, shown) in enumerate(
            [(46083.25, "yyyy-mm-dd hh:mm"), (46083.999999, "yyyy-mm-dd hh:mm"), (0.354166666, "h:mm"), (1.5, "[h]:mm")]
        ):
            sheet.write_number(0, column, number, book.add_format({"num_format": shown}))

    ((_, cells),) = rows(made(fill))
    assert cells == ["2026-03-02 06:00:00", "2026-03-03", "08:30:00", "1.5"]


def test_every_cell_of_a_merged_range_says_what_its_first_says(made: MADE) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "标题")
        sheet.merge_range(1, 0, 3, 0, "1号楼")
        for line in (1, 2, 3):
            sheet.write(line, 1, f"{line}01")
        sheet.write_row(4, 0, ["2号楼", "101"])

    assert [cells for _, cells in rows(made(fill))] == [
        ["标题"] * 3, ["1号楼", "101"], ["1号楼", "201"], ["1号楼", "301"], ["2号楼", "101"],
    ]  # fmt: skip


def test_hidden_sheets_are_known_as_such(made: MADE) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("看得见")
        book.add_worksheet("隐藏").hide()
        book.add_worksheet("深藏").very_hidden()

    assert [(sheet.name, sheet.is_hidden) for sheet in Workbook(made(fill)).sheets] == [
        ("看得见", False), ("隐藏", True), ("深藏", True),
    ]  # fmt: skip


def test_a_cell_in_the_last_corner_costs_no_memory(made: MADE) -> None:
    path = made(lambda book: book.add_worksheet().write(1_048_575, 150, "角落"))
    tracemalloc.start()
    try:
        ((line, cells),) = rows(path)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
    assert (line, cells[-1], len(cells)) == (1_048_576, "角落", 151)


def test_below_many_empty_rows_nothing_is_looked_for(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{line}"><c r="A{line}" s="1"/></row>' for line in range(2, 60_000))
    path = hand_made(tmp_path, f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}<row r="60000"><c><v>2</v></c></row>')
    assert rows(path) == [(1, ["1"])]


def hand_made(tmp_path: Path, body: str, *, start: str = "", prefix: str = "", extra: str = "") -> Path:
    """A workbook of the fewest parts, as small programs write them."""
    path = tmp_path / "hand.xlsx"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    name = f":{prefix.rstrip(':')}" if prefix else ""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{relations}"><sheets><sheet name="表" r:id="a"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'{start}<{prefix}worksheet xmlns{name}="{space}"><{prefix}sheetData>{body}'
            f"</{prefix}sheetData></{prefix}worksheet>",
        )
        if extra:
            archive.writestr(extra, b"x")
    return path


def test_names_with_a_prefix_and_texts_in_the_cell_are_read(tmp_path: Path) -> None:
    body = '<x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c></x:row>'
    assert rows(hand_made(tmp_path, body, prefix="x:")) == [(1, ["甲", "7"])]


def test_entities_of_a_document_type_are_refused(tmp_path: Path) -> None:
    path = hand_made(tmp_path, "<row><c><v>&b;</v></c></row>", start='<!DOCTYPE a [<!ENTITY b "1">]>')
    with pytest.raises(BadTable, match="打不开"):
        rows(path)


def test_macros_locked_and_broken_files_are_refused_with_what_to_do(tmp_path: Path) -> None:
    def written(content: bytes) -> Path:
        path = tmp_path / "bad.xlsx"
        path.write_bytes(content)
        return path

    with pytest.raises(BadTable, match="宏"):
        Workbook(hand_made(tmp_path, "", extra="xl/vbaProject.bin"))
    with pytest.raises(BadTable, match="密码"):
        Workbook(written(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 100))
    with pytest.raises(BadTable, match="打不开"):
        Workbook(written(b"PK\x03\x04" + b"\0" * 100))
    with pytest.raises(BadTable, match="打不开"):
        Workbook(written(b"plain"))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", "x")
    with pytest.raises(BadTable, match="不是 xlsx"):
        Workbook(written(kept.getvalue()))


def test_a_sheet_that_breaks_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="打不开"):
        rows(hand_made(tmp_path, "<row><c><v>1</v></c>"))
