"""The sheets of a file people brought, each as a stream of lines; what is hidden is named and not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from louzhang.kit.containers import OLE_MAGIC, ZIP_MAGIC
from louzhang.kit.tables import BadTable, csv_lines
from louzhang.kit.workbooks import LOCKED, Line, Sheet, Workbook
from louzhang.register.imports.columns import HEADING_ROWS, Headings, find_headings, never_read, proposed

MOST_ROWS = 200_000
NO_HEADING = "没有找到表头。请在最上面加一行表头，写明楼栋、单元、门牌、姓名这些列，也可以下载样表，照着填好再上传。"
ALL_HIDDEN = "文件里的工作表都是隐藏的，没有可以读的内容。请在 Excel 里取消隐藏后再上传。"


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet, or the whole of a CSV."""

    name: str
    lines: Callable[[], Iterator[Line]]


def sources_of(path: Path) -> tuple[list[Source], list[str]]:
    """The sheets people see, and the names of those they do not; raises `BadTable` for what cannot be read."""
    with path.open("rb") as file:
        head = file.read(len(OLE_MAGIC))
    if head.startswith(OLE_MAGIC):
        raise BadTable(LOCKED)
    if not head.startswith(ZIP_MAGIC):
        return [Source("CSV", lambda: _told(path))], []
    book = Workbook(path)
    seen = [Source(sheet.name, _rows_of(book, sheet)) for sheet in book.sheets if not sheet.is_hidden]
    if not seen:
        raise BadTable(ALL_HIDDEN)
    return seen, [sheet.name for sheet in book.sheets if sheet.is_hidden]


def _rows_of(book: Workbook, sheet: Sheet) -> Callable[[], Iterator[Line]]:
    return lambda: book.rows(sheet)


def _told(path: Path) -> Iterator[Line]:
    return ((line, cells) for line, cells in csv_lines(path) if any(cells))


def read_headings(path: Path) -> dict[str, Any]:
    """What a file is, without any of its rows: sheets with their heading, proposed columns, what is passed over.

    The first sheet with a heading decides; further ones with the same heading are read with it. Raises `BadTable`.
    """
    seen, hidden = sources_of(path)
    found = [(place, source, _headings_of(source)) for place, source in enumerate(seen)]
    first = next((headings for _, _, headings in found if headings is not None), None)
    if first is None:
        raise BadTable(NO_HEADING)
    read = [(place, source, own) for place, source, own in found if own is not None and own.texts == first.texts]
    texts = [" ".join(text.split())[:40] for text in first.texts]
    return {
        "sheets": [{"place": place, "name": source.name, "line": own.line} for place, source, own in read],
        "headings": texts,
        "proposed": [column if text not in never_read(texts) else "" for text, column in _pairs(texts)],
        "never": never_read(texts),
        "hidden": hidden,
        "skipped": [source.name for place, source, _ in found if place not in {place for place, _, _ in read}],
    }


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    return list(zip(texts, proposed(texts), strict=True))


def _headings_of(source: Source) -> Headings | None:
    return find_headings(list(islice(source.lines(), HEADING_ROWS)))


def rows_below(path: Path, found: dict[str, Any]) -> Iterator[tuple[int, Iterator[Line]]]:
    """For each sheet that is read its place and the lines below its heading, repeated headings left out."""
    seen, _ = sources_of(path)
    texts = tuple(found["headings"])
    for sheet in found["sheets"]:
        yield sheet["place"], _below(seen[sheet["place"]].lines(), sheet["line"], texts)


def _below(lines: Iterator[Line], heading: int, texts: tuple[str, ...]) -> Iterator[Line]:
    count = 0
    for line, cells in lines:
        if line <= heading or tuple(cells) == texts:
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadTable(f"一次最多导入 {MOST_ROWS} 行，请拆成几个文件。")
        yield line, cells
