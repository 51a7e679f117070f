"""The figures as rows: one list of columns for the page, the CSV and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from louzhang.figures.measures import Figures
from louzhang.figures.views.speaking import NOTHING, length, rate


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what stands in it, and what narrows the list of the orders behind it."""

    label: str
    value: Callable[[Figures], object]
    behind: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `url` leads to the orders behind it."""

    value: object
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    label: str
    url: str
    cells: list[Cell] = field(default_factory=list)


COLUMNS = (
    Column("反映", lambda row: row.orders, {"figure": "orders"}),
    Column("在办", lambda row: row.open, {"step": "open"}),
    Column("已结束", lambda row: row.ended, {"step": "ended"}),
    Column("办结", lambda row: row.count("settled"), {"figure": "settled"}),
    Column("响应率", lambda row: rate(row.response_rate), {"figure": "dispatched"}),
    Column("解决率", lambda row: rate(row.solving_rate), {"figure": "judged"}),
    Column("满意率", lambda row: rate(row.satisfaction_rate), {"figure": "asked"}),
    Column("办结中位", lambda row: length(row.median("settle_time")), {"figure": "settle_time"}),
    Column("九成办结于", lambda row: length(row.ninth("settle_time")), {"figure": "settle_time"}),
    Column("退回转办", lambda row: row.count("sent_back"), {"figure": "sent_back"}),
    Column("重新办理", lambda row: row.count("reopened"), {"figure": "reopened"}),
)
MORE_COLUMNS = (
    Column("交办", lambda row: row.count("dispatched")),
    Column("按时联系", lambda row: row.count("contacted")),
    Column("现场办结", lambda row: row.count("on_spot")),
    Column("解释说明", lambda row: row.count("explained")),
    Column("问到满意度", lambda row: row.count("asked")),
    Column("满意", lambda row: row.count("satisfied")),
    Column("问到是否解决", lambda row: row.count("judged")),
    Column("已解决", lambda row: row.count("solved")),
    Column("签收中位", lambda row: length(row.median("take_time"))),
    Column("九成签收于", lambda row: length(row.ninth("take_time"))),
    Column("联系中位", lambda row: length(row.median("contact_time"))),
    Column("九成联系于", lambda row: length(row.ninth("contact_time"))),
)


def row_of(label: str, figures: Figures, behind: Callable[..., str], *, leads: bool = True) -> Row:
    """A line of the page; `behind` gives the address of the orders, narrowed to a column. Where the line does not
    lead what it counts (a unit has given it away), what was sent back has no list.
    """
    cells = []
    for column in COLUMNS:
        value = column.value(figures)
        has_list = value not in (0, NOTHING) and (leads or column.behind != {"figure": "sent_back"})
        cells.append(Cell(value, behind(**column.behind) if has_list else ""))
    return Row(label, behind(figure="orders"), cells)


def sheet_rows(lines: list[tuple[Any, str, Figures]], heading: str) -> list[list[object]]:
    """A sheet of a file: heading and lines, every column."""
    columns = (*COLUMNS, *MORE_COLUMNS)
    return [
        [heading, *(column.label for column in columns)],
        *([label, *(column.value(figures) for column in columns)] for _, label, figures in lines),
    ]
