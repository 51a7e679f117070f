import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from louzhang.kit import tables
from louzhang.kit.tables import BadTable, Row, plain_cell, read_table, safe_cell, write_error_rows


def csv_file(place: Path, text: str, encoding: str = "utf-8") -> Path:
    path = place / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(place: Path, rows: list[list[Any]], first: int = 0) -> Path:
    path = place / "table.xlsx"
    with xlsxwriter.Workbook(
        str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss", "remove_timezone": True}
    ) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows, start=first):
            sheet.write_row(line, 0, cells)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadTable) as refused:
        list(read_table(path))
    assert str(refused.value).endswith("。")
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_whatever_its_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "编号,名称\r\n1,解放街道\r\n2,水洞街道\r\n".replace(",", delimiter)
    assert list(read_table(csv_file(tmp_path, text, encoding))) == [
        Row(2, {"编号": "1", "名称": "解放街道"}),
        Row(3, {"编号": "2", "名称": "水洞街道"}),
    ]


def test_a_row_is_named_by_the_line_it_starts_on(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'a,b\n1,"two\nlines"\n\n , \n3,4\n')
    assert [(row.line, row.cells["b"]) for row in read_table(path)] == [(2, "two\nlines"), (6, "4")]


def test_short_rows_are_filled_and_long_rows_show_their_surplus(tmp_path: Path) -> None:
    first, second = read_table(csv_file(tmp_path, "a,b,\n1\n1,2,,x,\n"))
    assert first == Row(2, {"a": "1", "b": ""})
    assert second == Row(3, {"a": "1", "b": "2"}, ("", "x"))


def test_columns_without_a_name_are_left_out(tmp_path: Path) -> None:
    (row,) = read_table(csv_file(tmp_path, "a,,c\n1,2,3\n"))
    assert row.cells == {"a": "1", "c": "3"}


def test_xlsx_is_read_as_people_see_it(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path,
        [
            ["编号", "面积", "时间", "有", "电话"],
            [7, 1.5, datetime(2026, 11, 22, 6, 5, tzinfo=UTC), True, "04144567890"],
            [],
            ["8"],
        ],
    )
    assert list(read_table(path)) == [
        Row(2, {"编号": "7", "面积": "1.5", "时间": "2026-11-22 06:05:00", "有": "TRUE", "电话": "04144567890"}),
        Row(4, {"编号": "8", "面积": "", "时间": "", "有": "", "电话": ""}),
    ]


def test_lines_of_a_sheet_that_starts_lower_are_its_own(tmp_path: Path) -> None:
    (row,) = read_table(xlsx_file(tmp_path, [["a"], [1]], first=4))
    assert row == Row(6, {"a": "1"})


def test_days_of_a_sheet_are_days(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "日期")
        sheet.write_datetime(1, 0, date(2026, 11, 22), book.add_format({"num_format": "yyyy-mm-dd"}))
    (row,) = read_table(path)
    assert date.fromisoformat(row.cells["日期"][:10]) == date(2026, 11, 22)


def test_rows_are_given_one_by_one(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a\n1\n" + "2\n" * 10 + '"never closed')
    rows = read_table(path)
    assert next(rows).cells == {"a": "1"}
    with pytest.raises(BadTable, match="引号"):
        list(rows)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    assert "空" in refusal(csv_file(tmp_path, ""))
    assert "空" in refusal(csv_file(tmp_path, "\n,,\n"))
    assert "都叫" in refusal(csv_file(tmp_path, "a,a\n1,2\n"))
    assert "找不到" in refusal(tmp_path / "nothing.csv")
    path = tmp_path / "table.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert "不是" in refusal(path)
    path.write_bytes("编号,名称\n".encode("gb18030") + b"\xff\xff\n")
    assert "编码" in refusal(path)


def test_locked_old_broken_and_macro_workbooks_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    assert "密码" in refusal(path)
    whole = xlsx_file(tmp_path, [["a"], [1]]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "打不开" in refusal(path)
    path.write_bytes(whole)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert "宏" in refusal(path)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    path.write_bytes(stream.getvalue())
    assert "不是 xlsx" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    assert "打不开" in refusal(path)


def test_a_workbook_that_unfolds_to_a_giant_is_refused(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, [["a"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(310 * 1024 * 1024))
    assert "太大" in refusal(path)


def test_a_file_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    assert "100 MB" in refusal(csv_file(tmp_path, "a,b\n" + "1,2\n" * 5))


def test_a_cell_longer_than_any_text_is_refused(tmp_path: Path) -> None:
    assert "过长" in refusal(csv_file(tmp_path, "a\n" + "x" * 200_000))


@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.floats(0, 1), there=st.binary(min_size=1, max_size=40))
def test_a_workbook_changed_at_random_is_read_or_refused(tmp_path: Path, start: float, there: bytes) -> None:
    path = xlsx_file(tmp_path, [["a", "b"], [1, "x"], [2, "y"]])
    content = bytearray(path.read_bytes())
    place = int(start * len(content))
    content[place : place + len(there)] = there
    path.write_bytes(bytes(content))
    try:
        rows = list(read_table(path))
    except BadTable:
        return
    assert all(isinstance(row, Row) for row in rows)


@hypothesis_settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    try:
        rows = list(read_table(path))
    except BadTable:
        return
    assert all(isinstance(row, Row) for row in rows)


def test_refused_rows_are_handed_back_with_line_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"
    rows = [(Row(7, {"编号": "1", "说明": "=HYPERLINK()"}), "没有时间"), (Row(9, {"编号": "2"}, ("x",)), "早于创建")]
    assert write_error_rows(path, ["编号", "说明"], iter(rows)) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["行号", "原因", "编号", "说明"],
            ["7", "没有时间", "1", "'=HYPERLINK()"],
            ["9", "早于创建", "2", "", "x"],
        ]
    first, second = read_table(path)
    assert first.cells == {"行号": "7", "原因": "没有时间", "编号": "1", "说明": "=HYPERLINK()"}
    assert second.surplus == ("x",)


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_excel_would_run_is_neutralised(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "水管漏水", "-118.25", "+8613800138000", "12", "a=b", "'quoted'"])
def test_plain_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_cell(text) == text


@given(text=st.text(max_size=40))
def test_a_neutralised_cell_reads_back(text: str) -> None:
    text = plain_cell(text)
    assert plain_cell(safe_cell(text)) == text
