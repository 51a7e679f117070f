"""Tables from outside (CSV and xlsx) row by row, and the file that hands the refused rows back."""

import codecs
import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from louzhang.kit.cells import BadTable, plain_cell, safe_cell
from louzhang.kit.containers import OLE_MAGIC, ZIP_MAGIC
from louzhang.kit.workbooks import BROKEN, LOCKED, Number, Workbook

__all__ = ["BadTable", "Row", "csv_lines", "plain_cell", "read_table", "safe_cell", "write_error_rows"]

MOST_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024

_CHUNK = 1024 * 1024
_DELIMITERS = (",", "\t", ";")
_MARKED_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

ERROR_COLUMNS = ("行号", "原因")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on in the file (the header is line 1), its cells by column name.

    ``surplus`` holds what stands to the right of the last named column.
    """

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


def read_table(path: Path | str) -> Iterator[Row]:
    """Give the rows of a CSV or xlsx file (first sheet) below its header row; empty rows are left out.

    CSV may be UTF-8, UTF-16 with its mark or GB 18030, parted by comma, tab or semicolon. Raises ``BadTable``
    for what is broken, locked, too large, has macros or no usable header.
    """
    path = Path(path)
    if not path.is_file():
        raise BadTable("找不到这个文件，请检查文件名后重试。")
    if path.stat().st_size > MOST_BYTES:
        raise BadTable("文件超过 100 MB，请拆成几个文件后再导入。")
    with path.open("rb") as file:
        head = file.read(len(OLE_MAGIC))
    if head.startswith(OLE_MAGIC):
        raise BadTable(LOCKED)
    lines = _xlsx_lines(path) if head.startswith(ZIP_MAGIC) else csv_lines(path)
    return _rows(lines)


def write_error_rows(path: Path | str, header: Sequence[str], rows_with_reason: Iterable[tuple[Row, str]]) -> int:
    """Write refused rows as CSV for Excel, each with its line and reason, and give their number.

    The file is readable by the system user alone, since the rows are people's. Once the two columns in front
    are ignored it can be corrected and brought in again.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    written = 0
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([safe_cell(name) for name in (*ERROR_COLUMNS, *header)])
        for row, reason in rows_with_reason:
            cells = [row.cells.get(name, "") for name in header]
            writer.writerow([str(row.line), *map(safe_cell, (reason, *cells, *row.surplus))])
            written += 1
    return written


def _rows(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    first = next((cells for _, cells in lines if any(cells)), None)
    if first is None:
        raise BadTable("这个文件是空的，请检查后重试。")
    header = _header(first)
    return (_row(line, header, cells) for line, cells in lines if any(cells))


def _header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    named = [name for name in cells if name]
    for name in named:
        if named.count(name) > 1:
            raise BadTable(f"表头里有两列都叫“{name[:30]}”，请改名后再导入。")
    return cells


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    cells += [""] * (len(header) - len(cells))
    named = {name: cell for name, cell in zip(header, cells, strict=False) if name}
    surplus = cells[len(header) :]
    while surplus and not surplus[-1]:
        surplus.pop()
    return Row(line, named, tuple(surplus))


def csv_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV with their numbers, empty ones included; raises `BadTable` for what cannot be read."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file, _said_of_csv():
        reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
        start = 1
        for cells in reader:
            yield start, [plain_cell(cell) for cell in cells]
            start = reader.line_num + 1


@contextmanager
def _said_of_csv() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise BadTable("表格有一行的引号不成对或内容过长，请用 Excel 打开检查并重新保存。") from error


def _delimiter(file: IO[str]) -> str:
    first = file.readline(_CHUNK)
    file.seek(0)
    return max(_DELIMITERS, key=first.count)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if head.startswith(_MARKED_UTF16):
        return _first_that_reads(path, ("utf-16",))
    if b"\x00" in head:
        raise BadTable("这不是 CSV 或 xlsx 表格，请另选一个文件。")
    return _first_that_reads(path, ("utf-8-sig", "gb18030"))


def _first_that_reads(path: Path, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        if _reads_as(path, encoding):
            return encoding
    raise BadTable("认不出这个文件的文字编码，请另存为“CSV UTF-8”或 xlsx 后再导入。")


def _reads_as(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _xlsx_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that people see."""
    book = Workbook(path, most_unpacked=MOST_UNPACKED)
    sheets = [sheet for sheet in book.sheets if not sheet.is_hidden] or book.sheets
    if not sheets:
        raise BadTable(BROKEN)
    rows = book.rows(sheets[0], is_filled=False)
    return ((line, [_text(cell) for cell in cells]) for line, cells in rows)


def _text(cell: str) -> str:
    """A cell as people see it: a number without what floating point adds to it."""
    if not isinstance(cell, Number):
        return cell
    number = float(cell)
    return str(int(number)) if number.is_integer() else str(number)
