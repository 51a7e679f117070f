"""Tables from outside (CSV and xlsx) row by row, and the file that hands the refused rows back."""

import codecs
import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import python_calamine

from louzhang.kit.containers import OLE_MAGIC, ZIP_MAGIC, BadContainer, entry_names

MOST_BYTES = 100 * 1024 * 1024

_CHUNK = 1024 * 1024
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = (",", "\t", ";")
_MARKED_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

ERROR_COLUMNS = ("行号", "原因")


class BadTable(ValueError):
    """The file cannot be read as a table; the message is for the person who brought it."""


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
        raise BadTable("这个表格设有密码或是旧的 xls 格式，请另存为不带密码的 xlsx 或 CSV 后再导入。")
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


def safe_cell(text: str) -> str:
    """Neutralise a cell that Excel would run as a formula, by an apostrophe; plain numbers stay numbers."""
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def plain_cell(text: str) -> str:
    """Take back what ``safe_cell`` did, and the blanks around."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


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
    _check_xlsx(path)
    try:
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = enumerate(sheet.iter_rows(), start=1)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise BadTable("这个 Excel 文件打不开，可能已损坏，请重新保存后再导入。") from error
    return ((line, [plain_cell(_text(cell)) for cell in cells]) for line, cells in rows)


def _check_xlsx(path: Path) -> None:
    with path.open("rb") as file:
        try:
            names = entry_names(file)
        except BadContainer as error:
            raise BadTable("这个 Excel 文件打不开，可能已损坏或过大，请重新保存后再导入。") from error
    if "xl/workbook.xml" not in names:
        raise BadTable("这不是 xlsx 表格，请另选一个文件。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadTable("这个 Excel 文件带有宏，为了安全不能接收，请另存为 xlsx 后再导入。")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
