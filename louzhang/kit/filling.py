"""Filling cells of somebody else's Excel workbook so that everything else stays as it came.

The file is not read into a model and written anew, which would lose what the model does not know (merged headings,
widths, print areas, hidden sheets, rules of cells). Only the cells that are put in change, at their place in the bytes
of their sheet; a cell with a formula keeps it, and Excel computes the workbook when it opens.
"""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from louzhang.kit.tables import BadTable
from louzhang.kit.workbooks import BROKEN

Edit = tuple[int, int, bytes]  # from, up to, what stands there instead

STYLES, WORKBOOK = "xl/styles.xml", "xl/workbook.xml"
YELLOW = b'<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/><bgColor indexed="64"/></patternFill></fill>'
MOST_BYTES = 64 * 1024 * 1024  # of one part, unpacked

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_COUNT = re.compile(rb'count="[0-9]+"')
_FILL = re.compile(rb'\s(?:fillId|applyFill)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Put:
    """What comes into a cell; a gap is marked yellow. Rows and columns count from 1."""

    row: int
    column: int
    value: int | float | str
    is_gap: bool = False


def filled(content: bytes, puts: Mapping[str, Iterable[Put]]) -> bytes:
    """The workbook with these cells filled, by the entry of their sheet; raises `BadTable` for what cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _rewritten(archive, puts)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, IndexError) as error:
        raise error if isinstance(error, BadTable) else BadTable(BROKEN) from error


def formula_spots(content: bytes, entry: str) -> set[tuple[int, int]]:
    """Row and column of every cell of a sheet that computes itself; raises `BadTable` for what cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            scan = _SheetScan(_part(archive, entry))
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, IndexError) as error:
        raise error if isinstance(error, BadTable) else BadTable(BROKEN) from error
    return {(row.number, cell.number) for row in scan.rows for cell in row.cells if cell.has_formula}


def _rewritten(archive: zipfile.ZipFile, puts: Mapping[str, Iterable[Put]]) -> bytes:
    styles = _Styles(_part(archive, STYLES) if STYLES in archive.namelist() else b"")
    changed = {entry: _sheet_filled(_part(archive, entry), list(cells), styles) for entry, cells in puts.items()}
    if styles.clones:
        changed[STYLES] = styles.written()
    changed[WORKBOOK] = _computing(_part(archive, WORKBOOK))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for item in archive.infolist():
            made.writestr(item, changed.get(item.filename) or archive.read(item), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _part(archive: zipfile.ZipFile, entry: str) -> bytes:
    if archive.getinfo(entry).file_size > MOST_BYTES:
        raise BadTable(BROKEN)
    content = archive.read(entry)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16").replace("UTF-16", "UTF-8", 1).encode()
    return content


def _edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with stretches replaced; what is put at one place stands in the order given."""
    parts, end = [], 0
    for start, stop, instead in sorted(edits, key=lambda edit: edit[:2]):
        parts += [content[end:start], instead]
        end = stop
    return b"".join([*parts, content[end:]])


@dataclass
class _Tag:
    """An element in the bytes: where it starts, where its first tag ends, where it ends."""

    start: int
    opened: int
    end: int
    is_empty: bool
    attributes: dict[str, str]
    number: int = 0
    cells: list[_Tag] = field(default_factory=list)
    has_formula: bool = False


class _Scan:
    """Elements of one part with their places in its bytes; subclasses say which they keep."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.prefix = ""
        self._open: list[tuple[str, _Tag]] = []
        parser = self._parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        if content:
            parser.Parse(content, True)

    def _refuse(self, *_: object) -> None:
        raise BadTable(BROKEN)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        opened = self.content.index(b">", start) + 1
        local = name.rpartition(":")[2]
        if not self._open:
            self.prefix = name.removesuffix(local)
        tag = _Tag(start, opened, opened, self.content[opened - 2 : opened - 1] == b"/", attributes)
        self._open.append((local, tag))
        self.began(local, tag)

    def _end(self, name: str) -> None:
        local, tag = self._open.pop()
        if not tag.is_empty:
            tag.end = self.content.index(b">", self._parser.CurrentByteIndex) + 1
        self.ended(local, tag)

    @property
    def within(self) -> str:
        """The element around the one that begins."""
        return self._open[-2][0] if len(self._open) > 1 else ""

    def began(self, local: str, tag: _Tag) -> None:
        """An element begins."""

    def ended(self, local: str, tag: _Tag) -> None:
        """An element ends; its end is known."""


class _SheetScan(_Scan):
    """The rows and cells of a sheet, the styles of its columns, its merged ranges."""

    def __init__(self, content: bytes) -> None:
        self.rows: list[_Tag] = []
        self.rows_around: _Tag | None = None
        self.columns: list[tuple[int, int, str]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        super().__init__(content)

    def began(self, local: str, tag: _Tag) -> None:
        """A row, a cell, a formula in one, a column or a merged range."""
        if local == "row":
            before = self.rows[-1].number if self.rows else 0
            tag.number = int(tag.attributes.get("r", before + 1))
            self.rows.append(tag)
        elif local == "c" and self.rows:
            cells = self.rows[-1].cells
            before = cells[-1].number if cells else 0
            tag.number = _spot(tag.attributes["r"])[1] if "r" in tag.attributes else before + 1
            cells.append(tag)
        elif local == "f" and self.rows and self.rows[-1].cells:
            self.rows[-1].cells[-1].has_formula = True
        elif local == "col":
            first, last = int(tag.attributes["min"]), int(tag.attributes["max"])
            self.columns.append((first, last, tag.attributes.get("style", "0")))
        elif local == "mergeCell":
            first_place, _, last_place = tag.attributes["ref"].partition(":")
            self.merged.append((*_spot(first_place), *_spot(last_place or first_place)))

    def ended(self, local: str, tag: _Tag) -> None:
        """The rows as a whole."""
        if local == "sheetData":
            self.rows_around = tag

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The first cell of the merged range a cell lies in; itself outside of any."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column

    def style_of(self, row: _Tag | None, column: int) -> str:
        """The style of a cell that is not there: the row's, else the column's."""
        if row is not None and row.attributes.get("customFormat") in ("1", "true"):
            return row.attributes.get("s", "0")
        return next((style for first, last, style in self.columns if first <= column <= last), "0")


def _spot(place: str) -> tuple[int, int]:
    """Row and column of `B3`."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise BadTable(BROKEN)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return int(found[2]), number


def spot_name(row: int, column: int) -> str:
    """`B3` of row 3, column 2."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _sheet_filled(content: bytes, puts: Sequence[Put], styles: _Styles) -> bytes:
    scan = _SheetScan(content)
    if scan.rows_around is None:
        raise BadTable(BROKEN)
    wanted: dict[int, dict[int, Put]] = {}
    for put in puts:
        line, column = scan.anchor(put.row, put.column)
        wanted.setdefault(line, {}).setdefault(column, put)
    standing = {row.number: row for row in scan.rows}
    edits: list[Edit] = []
    for number in sorted(wanted):
        row = standing.get(number)
        edits += (
            _new_row(scan, number, wanted[number], styles) if row is None else _row(scan, row, wanted[number], styles)
        )
    return _edited(content, edits)


def _row(scan: _SheetScan, row: _Tag, puts: Mapping[int, Put], styles: _Styles) -> Iterator[Edit]:
    """Cells replaced where they stand, new ones between them."""
    standing = {cell.number: cell for cell in row.cells}
    numbers = sorted(standing)
    fresh: dict[int, list[bytes]] = {}
    for column in sorted(puts):
        cell = standing.get(column)
        if cell is not None:
            if not cell.has_formula:
                style = cell.attributes.get("s", "0")
                yield cell.start, cell.end, _cell(scan, row.number, column, style, puts[column], styles)
            continue
        after = bisect_left(numbers, column)
        place = standing[numbers[after]].start if after < len(numbers) else -1
        made = _cell(scan, row.number, column, scan.style_of(row, column), puts[column], styles)
        fresh.setdefault(place, []).append(made)
    for place, cells in fresh.items():
        if place >= 0:
            yield place, place, b"".join(cells)
        elif row.is_empty:
            closing = f"</{scan.prefix}row>".encode()
            yield row.opened - 2, row.opened, b">" + b"".join(cells) + closing
        else:
            end = scan.content.rindex(b"<", row.start, row.end)
            yield end, end, b"".join(cells)


def _new_row(scan: _SheetScan, number: int, puts: Mapping[int, Put], styles: _Styles) -> Iterator[Edit]:
    cells = [_cell(scan, number, column, scan.style_of(None, column), puts[column], styles) for column in sorted(puts)]
    row = f'<{scan.prefix}row r="{number}">'.encode() + b"".join(cells) + f"</{scan.prefix}row>".encode()
    following = next((each for each in scan.rows if each.number > number), None)
    around = scan.rows_around
    if following is not None:
        yield following.start, following.start, row
    elif around is not None and around.is_empty:
        yield around.opened - 2, around.opened, b">" + row + f"</{scan.prefix}sheetData>".encode()
    elif around is not None:
        end = scan.content.rindex(b"<", around.start, around.end)
        yield end, end, row


def _cell(scan: _SheetScan, row: int, column: int, style: str, put: Put, styles: _Styles) -> bytes:
    chosen = styles.yellow(style) if put.is_gap else style
    p, head = scan.prefix, f'r="{spot_name(row, column)}" s="{chosen}"'
    if isinstance(put.value, str):
        words = escape(put.value)
        return f'<{p}c {head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{words}</{p}t></{p}is></{p}c>'.encode()
    return f"<{p}c {head}><{p}v>{put.value}</{p}v></{p}c>".encode()


class _Styles(_Scan):
    """The styles of a workbook; a gap keeps its cell's style but for the yellow ground."""

    def __init__(self, content: bytes) -> None:
        self.clones: dict[str, int] = {}
        self._formats: list[_Tag] = []
        self._fills: _Tag | None = None
        self._around: _Tag | None = None
        self._fill_count = 0
        super().__init__(content)

    def began(self, local: str, tag: _Tag) -> None:
        """A fill, or the format of a cell."""
        if local == "xf" and self.within == "cellXfs":
            self._formats.append(tag)
        elif local == "fill" and self.within == "fills":
            self._fill_count += 1

    def ended(self, local: str, tag: _Tag) -> None:
        """All fills, all formats."""
        if local == "fills":
            self._fills = tag
        elif local == "cellXfs":
            self._around = tag

    def yellow(self, style: str) -> str:
        """The number of the yellow form of a style; the style itself in a workbook without any."""
        if self._fills is None or self._around is None or self._fills.is_empty or not self._formats:
            return style
        if style not in self.clones:
            self.clones[style] = len(self._formats) + len(self.clones)
        return str(self.clones[style])

    def written(self) -> bytes:
        """The part with the yellow ground and the further formats."""
        fills, around = self._fills, self._around
        if fills is None or around is None:
            return self.content
        p = self.prefix.encode()
        ground = YELLOW.replace(b"</", b"</" + p).replace(b"<f", b"<" + p + b"f").replace(b"<p", b"<" + p + b"p")
        ground = ground.replace(b"<b", b"<" + p + b"b") if p else YELLOW
        made = b"".join(self._clone(style) for style in self.clones)
        return _edited(
            self.content,
            [
                *self._appended(fills, self._fill_count + 1, ground),
                *self._appended(around, len(self._formats) + len(self.clones), made),
            ],
        )

    def _clone(self, style: str) -> bytes:
        number = int(style) if style.isdecimal() and int(style) < len(self._formats) else 0
        tag = self._formats[number]
        whole, head = self.content[tag.start : tag.end], tag.opened - tag.start
        opening = _FILL.sub(b"", whole[:head])
        cut = len(opening) - (2 if tag.is_empty else 1)
        return opening[:cut] + f' fillId="{self._fill_count}" applyFill="1"'.encode() + opening[cut:] + whole[head:]

    def _appended(self, tag: _Tag, count: int, more: bytes) -> Iterator[Edit]:
        opening = self.content[tag.start : tag.opened]
        yield tag.start, tag.opened, _COUNT.sub(f'count="{count}"'.encode(), opening, count=1)
        end = self.content.rindex(b"<", tag.start, tag.end)
        yield end, end, more


class _BookScan(_Scan):
    """Where a workbook says how it computes."""

    def __init__(self, content: bytes) -> None:
        self.computing: _Tag | None = None
        self.before = 0
        super().__init__(content)

    def ended(self, local: str, tag: _Tag) -> None:
        """How it computes; what stands before that."""
        if local == "calcPr":
            self.computing = tag
        elif local in ("sheets", "functionGroups", "externalReferences", "definedNames"):
            self.before = tag.end


def _computing(content: bytes) -> bytes:
    """Have Excel compute everything when it opens the workbook."""
    scan = _BookScan(content)
    if scan.computing is None:
        made = f'<{scan.prefix}calcPr fullCalcOnLoad="1"/>'.encode()
        return _edited(content, [(scan.before, scan.before, made)]) if scan.before else content
    tag = scan.computing
    opening = re.sub(rb'\sfullCalcOnLoad="[^"]*"', b"", content[tag.start : tag.opened])
    cut = len(opening) - (2 if tag.is_empty else 1)
    return _edited(content, [(tag.start, tag.opened, opening[:cut] + b' fullCalcOnLoad="1"' + opening[cut:])])
