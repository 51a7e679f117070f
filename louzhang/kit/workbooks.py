"""Excel workbooks from outside, sheet by sheet and row by row, in memory that does not grow with the file.

What stands at the far corner of a sheet, a million formatted rows with nothing in them or a picture of the
district's map cost nothing here: a row is read, given and forgotten. Numbers come as they are written in the
file (`Number`), so that a caller sees whether digits were lost; days come as ISO dates (`Day`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.parsers import expat

from louzhang.kit.cells import BadTable, plain_cell
from louzhang.kit.containers import OLE_MAGIC, ZIP_MAGIC, BadContainer, entry_names

MOST_COLUMNS = 200
MOST_EMPTY_ROWS = 20_000  # one after the other: below them nothing is expected any more
MOST_UNPACKED = 1_500 * 1024 * 1024
MOST_SHARED = 120 * 1024 * 1024
MOST_MERGED = 1_000_000

BROKEN = "这个 Excel 文件打不开，可能已损坏，请用 Excel 打开后另存为 xlsx，再上传。"
LOCKED = "这个表格设有密码或是旧的 xls 格式，请另存为不带密码的 xlsx 或 CSV 后再上传。"
MACROS = "这个 Excel 文件带有宏，为了安全不能接收，请另存为不带宏的 xlsx 后再上传。"
TOO_LARGE = "这个 Excel 文件展开后太大，请删去多余的工作表，或拆成几个文件后再上传。"

_CHUNK = 256 * 1024
_MERGED = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_SPAN = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DATE_FORMATS = frozenset([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)])
_TIME_FORMATS = frozenset((18, 19, 20, 21))
DAY_SECONDS = 86_400
_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
_LATEST_SERIAL = 2_958_465


class Number(str):
    """A cell that holds a number, as the file writes it."""

    __slots__ = ()


class Day(str):
    """A cell that Excel shows as a day; its text is the ISO date, with the time behind it where there is one."""

    __slots__ = ()


Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, whether people see it, where it lies in the archive."""

    name: str
    is_hidden: bool
    entry: str


class Workbook:
    """An opened workbook; raises `BadTable` with a sentence for what cannot be read."""

    def __init__(self, path: Path, *, most_unpacked: int = MOST_UNPACKED) -> None:
        _refuse_unreadable(path, most_unpacked)
        self._path = path
        with _said(), zipfile.ZipFile(path) as archive:
            names = frozenset(archive.namelist())
            self.sheets, self._is_1904 = _sheets(archive)
            self._strings = _shared_strings(archive, names)
            self._styles = _styles(archive, names)

    def rows(self, sheet: Sheet, *, is_filled: bool = True) -> Iterator[Line]:
        """The rows that hold something, each with its number.

        Every cell of a merged range says what its first says, unless only the cells themselves are wanted.
        """
        with _said(), zipfile.ZipFile(self._path) as archive:
            merged = _merged_ranges(archive, sheet.entry) if is_filled else _Merged({})
            reading = _SheetReading(self._strings, self._styles, _EPOCHS[self._is_1904])
            for line, cells in _streamed(archive, sheet.entry, reading):
                yield line, merged.filled(line, cells)


def _refuse_unreadable(path: Path, most_unpacked: int) -> None:
    with path.open("rb") as file:
        head = file.read(len(OLE_MAGIC))
        if head.startswith(OLE_MAGIC):
            raise BadTable(LOCKED)
        if not head.startswith(ZIP_MAGIC):
            raise BadTable(BROKEN)
        try:
            names = entry_names(file, most_bytes=most_unpacked)
        except BadContainer as error:
            raise BadTable(TOO_LARGE if "too much" in str(error) else BROKEN) from error
    if "xl/workbook.xml" not in names:
        raise BadTable("这不是 xlsx 表格，请另选一个文件。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadTable(MACROS)


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, EOFError) as error:
        raise error if isinstance(error, BadTable) else BadTable(BROKEN) from error


def _parsed(
    archive: zipfile.ZipFile,
    entry: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Feed an entry to a parser piece by piece; the caller looks after each piece what has come."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    with archive.open(entry) as content:
        while chunk := content.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield


def _refuse_doctype(*_: object) -> None:
    raise BadTable(BROKEN)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _sheets(archive: zipfile.ZipFile) -> tuple[list[Sheet], bool]:
    places: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    epochs: list[bool] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            places[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        own = {_local(key): value for key, value in attributes.items()}
        if _local(name) == "sheet":
            found.append((own["name"], own.get("state", "visible"), own["id"]))
        elif _local(name) == "workbookPr":
            epochs.append(own.get("date1904", "0") in ("1", "true"))

    for _ in _parsed(archive, "xl/_rels/workbook.xml.rels", relation):
        pass
    for _ in _parsed(archive, "xl/workbook.xml", sheet):
        pass
    sheets = [Sheet(name, state != "visible", _entry(places[relation_id])) for name, state, relation_id in found]
    return [sheet for sheet in sheets if "/worksheets/" in sheet.entry], any(epochs)


def _entry(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"


def _shared_strings(archive: zipfile.ZipFile, names: frozenset[str]) -> list[str]:
    entry = "xl/sharedStrings.xml"
    if entry not in names:
        return []
    if archive.getinfo(entry).file_size > MOST_SHARED:
        raise BadTable(TOO_LARGE)
    reading = _StringsReading()
    for _ in _parsed(archive, entry, reading.start, reading.end, reading.text):
        pass
    return reading.strings


class _StringsReading:
    """The texts that cells refer to by number; how a word is pronounced (`rPh`) is not the word."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._is_open = self._is_spoken = False

    def start(self, name: str, _: dict[str, str]) -> None:
        """A text or a part of one begins."""
        local = _local(name)
        if local == "si":
            self._parts.clear()
        self._is_spoken = self._is_spoken or local == "rPh"
        self._is_open = local == "t" and not self._is_spoken

    def end(self, name: str) -> None:
        """A text or a part of one ends."""
        local = _local(name)
        self._is_open = False
        if local == "rPh":
            self._is_spoken = False
        elif local == "si":
            self.strings.append(plain_cell("".join(self._parts)))

    def text(self, said: str) -> None:
        """A piece of a text."""
        if self._is_open:
            self._parts.append(said)


@dataclass(frozen=True, slots=True)
class Styles:
    """The numbers of the styles by which a number is shown as a day, and as a time of the day."""

    days: frozenset[str]
    times: frozenset[str]


def _styles(archive: zipfile.ZipFile, names: frozenset[str]) -> Styles:
    own_formats: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        inside.append(local)
        if local == "numFmt":
            own_formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif local == "xf" and "cellXfs" in inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    if "xl/styles.xml" in names:
        for _ in _parsed(archive, "xl/styles.xml", start, lambda _: inside.__delitem__(-1)):
            pass
    days = {number for number, code in own_formats.items() if _shows_a_day(code)}
    times = {number for number, code in own_formats.items() if _shows_a_time(code)} - days
    shown = ({number for number in known if number not in own_formats} for known in (_DATE_FORMATS, _TIME_FORMATS))
    of_days, of_times = (found | own for found, own in zip(shown, (days, times), strict=True))
    return Styles(
        frozenset(str(place) for place, number in enumerate(styles) if number in of_days),
        frozenset(str(place) for place, number in enumerate(styles) if number in of_times),
    )


def _shows_a_day(code: str) -> bool:
    if _SPAN.search(code):
        return False
    letters = _QUOTED.sub("", code).lower()
    return "y" in letters or "d" in letters or ("m" in letters and "h" not in letters and "s" not in letters)


def _shows_a_time(code: str) -> bool:
    letters = _QUOTED.sub("", code).lower()
    return "h" in letters and "m" in letters


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _time(raw: str) -> str:
    """A share of a day as the time of the day; a longer span stays a number."""
    share = float(raw)
    return _clock(round(share * DAY_SECONDS) % DAY_SECONDS) if 0 <= share < 1 else Number(raw.strip())


class _SheetReading:
    """The rows of a sheet as the parser meets them."""

    def __init__(self, strings: list[str], styles: Styles, epoch: date) -> None:
        self.done: list[Line] = []
        self.empty_rows = 0
        self._strings, self._epoch = strings, epoch
        self._days, self._times = styles.days, styles.times
        self._columns: dict[str, int] = {}
        self._line = 0
        self._cells: list[str] = []
        self._column = 0
        self._kind = self._style = ""
        self._parts: list[str] = []
        self._is_open = False
        self._cell, self._row, self._words = "", "", frozenset[str]()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row, a cell or what stands in one begins."""
        if name == self._cell:
            place = attributes.get("r", "").rstrip("0123456789")
            self._column = self._columns.get(place) or self._numbered(place)
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
            self._parts = []
        elif name in self._words:
            self._is_open = True
        elif name == self._row:
            self._line = int(attributes.get("r", self._line + 1))
            self._cells = []
            self._column = 0
        elif not self._cell:
            self._learn_prefix(name)

    def _learn_prefix(self, root: str) -> None:
        """Some programs write a prefix before every name; the first element shows it."""
        prefix = root.removesuffix("worksheet")
        self._cell, self._row = f"{prefix}c", f"{prefix}row"
        self._words = frozenset((f"{prefix}v", f"{prefix}t"))

    def _numbered(self, place: str) -> int:
        number = _column(place.encode()) if place else self._column + 1
        if place:
            self._columns[place] = number
        return number

    def text(self, said: str) -> None:
        """A piece of what stands in a cell."""
        if self._is_open:
            self._parts.append(said)

    def end(self, name: str) -> None:
        """A row, a cell or what stands in one ends."""
        self._is_open = False
        if name == self._cell:
            if self._parts and self._column <= MOST_COLUMNS and (said := self._said("".join(self._parts))):
                if missing := self._column - len(self._cells):
                    self._cells += [""] * missing
                self._cells[self._column - 1] = said
        elif name == self._row:
            if self._cells:
                self.done.append((self._line, self._cells))
                self.empty_rows = 0
            else:
                self.empty_rows += 1

    def _said(self, raw: str) -> str:
        kind = self._kind
        if kind == "s":
            return self._strings[int(raw)]
        if kind in ("inlineStr", "str", "e"):
            return plain_cell(raw)
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind == "d":
            return Day(raw[:19].replace("T", " ").removesuffix(" 00:00:00"))
        if self._style in self._days:
            return self._day(raw)
        return _time(raw) if self._style in self._times else Number(raw.strip())

    def _day(self, raw: str) -> str:
        serial = float(raw)
        if not 0 < serial <= _LATEST_SERIAL:
            return Number(raw.strip())
        days, seconds = divmod(round(serial * DAY_SECONDS), DAY_SECONDS)
        said = (self._epoch + timedelta(days=days)).isoformat()
        return Day(f"{said} {_clock(seconds)}" if seconds else said)


def _streamed(archive: zipfile.ZipFile, entry: str, reading: _SheetReading) -> Iterator[Line]:
    for _ in _parsed(archive, entry, reading.start, reading.end, reading.text):
        done, reading.done = reading.done, []
        yield from done
        if reading.empty_rows > MOST_EMPTY_ROWS:
            return


class _Merged:
    """Merged ranges of a sheet, asked row by row from the top."""

    def __init__(self, starting: dict[int, list[tuple[int, int, int]]]) -> None:
        self._starting = starting
        self._heads = sorted(starting)
        self._next = 0
        self._open: dict[int, tuple[int, str]] = {}

    def filled(self, line: int, cells: list[str]) -> list[str]:
        """The cells of a row with what the ranges over it say."""
        if not self._heads:
            return cells
        while self._next < len(self._heads) and self._heads[self._next] <= line:
            self._begin(self._heads[self._next], line, cells)
            self._next += 1
        for column, (last, said) in list(self._open.items()):
            if last < line:
                del self._open[column]
                continue
            cells += [""] * (column - len(cells))
            cells[column - 1] = cells[column - 1] or said
        return cells

    def _begin(self, head: int, line: int, cells: list[str]) -> None:
        for first, to, last in self._starting[head]:
            said = cells[first - 1] if head == line and first <= len(cells) else ""
            for column in range(first, to + 1):
                self._open.pop(column, None)
                if said:
                    self._open[column] = (last, said)


def _merged_ranges(archive: zipfile.ZipFile, entry: str) -> _Merged:
    """The ranges stand behind the rows in the file, so the entry is passed once before it is read."""
    starting: dict[int, list[tuple[int, int, int]]] = {}
    count = 0
    rest = b""
    with archive.open(entry) as content:
        while chunk := content.read(_CHUNK * 4):
            piece = rest + chunk
            for found in _MERGED.finditer(piece) if b"mergeCell" in piece else ():
                first, top, to, last = found.groups()
                span = (_column(first), min(_column(to), MOST_COLUMNS), int(last))
                starting.setdefault(int(top), []).append(span)
                count += 1
            if count > MOST_MERGED:
                raise BadTable(TOO_LARGE)
            end = piece.rfind(b">") + 1
            rest = piece[end:][-1024:] if end else piece[-1024:]
    return _Merged(starting)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
