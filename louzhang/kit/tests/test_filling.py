"""Filling a workbook from outside: only the cells that are put in change."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from louzhang.kit.filling import Put, filled, formula_spots, spot_name
from louzhang.kit.tables import BadTable
from louzhang.kit.workbooks import Workbook


def blank() -> bytes:
    """Two header rows with merged cells, a sum by formula, a hidden sheet."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7"})
        boxed = book.add_format({"border": 1, "num_format": "0"})
        sheet = book.add_worksheet("月报")
        sheet.merge_range("A1:D1", "社区人口月报", bold)
        sheet.merge_range("B2:C2", "人口", bold)
        sheet.write("A2", "社区", bold)
        for column, words in enumerate(("", "总数", "60岁以上", "户数")):
            sheet.write(2, column, words, bold)
        for row, name in enumerate(("彩虹社区", "春柳社区"), start=3):
            sheet.write(row, 0, name, boxed)
            for column in (1, 2, 3):
                sheet.write_blank(row, column, None, boxed)
        sheet.write("A6", "合计", boxed)
        sheet.write_formula("B6", "=SUM(B4:B5)", boxed)
        sheet.merge_range("B8:D8", "", boxed)
        hidden = book.add_worksheet("代码")
        hidden.write("A1", "内部")
        hidden.hide()
    return kept.getvalue()


ENTRY = "xl/worksheets/sheet1.xml"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(content: bytes, tmp_path: Path) -> dict[int, list[str]]:
    path = tmp_path / "made.xlsx"
    path.write_bytes(content)
    book = Workbook(path)
    return dict(book.rows(book.sheets[0]))


def test_cells_are_filled_and_everything_else_stays(tmp_path):
    before = blank()
    made = filled(before, {ENTRY: [Put(4, 2, 120), Put(4, 3, 7.5), Put(5, 2, "缺", is_gap=True)]})
    rows = rows_of(made, tmp_path)
    assert rows[4][:3] == ["彩虹社区", "120", "7.5"]
    assert rows[5][:2] == ["春柳社区", "缺"]
    was, now = parts(before), parts(made)
    untouched = set(was) - {ENTRY, "xl/styles.xml", "xl/workbook.xml"}
    assert list(was) == list(now)
    assert all(was[name] == now[name] for name in untouched)
    assert b'<mergeCell ref="B2:C2"' in now[ENTRY]
    assert b'state="hidden"' in now["xl/workbook.xml"]
    assert b'fullCalcOnLoad="1"' in now["xl/workbook.xml"]


def test_a_gap_is_yellow_and_keeps_the_look_of_its_cell():
    now = parts(filled(blank(), {ENTRY: [Put(4, 2, "缺", is_gap=True), Put(4, 3, "缺", is_gap=True)]}))
    styles = now["xl/styles.xml"]
    assert styles.count(b"FFFFFF00") == 1
    fills = styles.count(b"<fill>")
    assert f'<fills count="{fills}">'.encode() in styles
    formats = styles[styles.index(b"<cellXfs") : styles.index(b"</cellXfs>")]
    assert f'count="{formats.count(b"<xf ")}"'.encode() in formats
    clone = formats[formats.rindex(b"<xf ") :]
    assert f'fillId="{fills - 1}"'.encode() in clone
    assert b'applyBorder="1"' in clone
    assert b'borderId="1"' in clone


def test_a_formula_is_never_overwritten():
    now = parts(filled(blank(), {ENTRY: [Put(6, 2, 99), Put(6, 3, 5)]}))
    assert formula_spots(blank(), ENTRY) == {(6, 2)}
    assert b"SUM(B4:B5)" in now[ENTRY]
    assert b"<v>99</v>" not in now[ENTRY]
    assert b'<c r="C6" s="0"><v>5</v></c>' in now[ENTRY]


def test_new_rows_and_cells_stand_in_order_and_merged_ones_take_the_first(tmp_path):
    made = filled(blank(), {ENTRY: [Put(7, 2, 1), Put(8, 4, "某社区"), Put(20, 1, 3), Put(1, 6, 2), Put(3, 7, "a<b")]})
    sheet = parts(made)[ENTRY]
    places = [sheet.index(f'r="{number}"'.encode(), sheet.index(b"<sheetData")) for number in (6, 7, 8, 20)]
    assert places == sorted(places)
    assert b'<c r="B8"' in sheet
    assert "某社区".encode() in sheet
    rows = rows_of(made, tmp_path)
    assert (rows[7], rows[20], rows[3][6]) == (["", "1"], ["3"], "a<b")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.sheet_names == ["月报", "代码"]


def test_what_is_no_workbook_is_refused_with_a_sentence():
    with pytest.raises(BadTable):
        filled(b"PK\x03\x04nothing", {ENTRY: [Put(1, 1, 1)]})
    with pytest.raises(BadTable):
        filled(blank(), {"xl/worksheets/sheet9.xml": [Put(1, 1, 1)]})


@pytest.mark.parametrize(("place", "name"), [((3, 1), "A3"), ((1, 26), "Z1"), ((9, 27), "AA9"), ((1, 703), "AAA1")])
def test_places_are_named_as_in_excel(place, name):
    assert spot_name(*place) == name
