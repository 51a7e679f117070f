"""A list of orders as a sheet: what is listed, without any contact or name of a reporter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

import xlsxwriter

from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.kit.tables import safe_cell
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.orders import Filters, list_orders
from louzhang.workorders.queries.place_lines import spoken_places

ROWS_AT_MOST = 10_000
COLUMNS = (
    ("单号", 20), ("步骤", 10), ("大类", 12), ("类别", 16), ("内容", 48), ("地点", 28),
    ("地点补充", 20), ("承办单位", 20), ("紧急", 6), ("反映时间", 17), ("承诺时间", 17), ("受理时间", 17),
    ("交办时间", 17), ("办结时间", 17), ("结案时间", 17), ("退回次数", 10), ("反映人数", 10),
)  # fmt: skip


def exported_orders(actor: Actor, filters: Filters) -> list[WorkOrder]:
    """The rows of an export, newest first, at most 10,000 (one query)."""
    rows = list_orders(actor, filters).select_related("category__parent", "area", "lead_unit")
    return list(rows[:ROWS_AT_MOST])


def _lines(orders: Sequence[WorkOrder]) -> Iterator[list[str]]:
    places = spoken_places(order.area for order in orders)
    for order in orders:
        moments = (
            order.reported_at, order.promised_at, order.accepted_at, order.dispatched_at, order.settled_at,
            order.closed_at,
        )  # fmt: skip
        yield [
            order.number,
            order.status_label,
            order.category.parent.name if order.category.parent else "",
            order.category.name,
            order.summary,
            places.get(order.area_id, ""),
            order.place_note,
            order.lead_unit.name if order.lead_unit else "",
            "是" if order.is_urgent else "",
            *(_written(moment) for moment in moments),
            str(order.return_count),
            str(order.report_count),
        ]


def _written(moment: datetime | None) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else ""


def as_csv(orders: Sequence[WorkOrder]) -> bytes:
    """A CSV that Excel reads as UTF-8; a cell that would run as a formula is neutralised."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([name for name, _ in COLUMNS])
    for line in _lines(orders):
        writer.writerow([safe_cell(cell) for cell in line])
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(orders: Sequence[WorkOrder]) -> bytes:
    """An Excel file with a frozen header and a filter; every cell is text."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet("工单")
        bold = book.add_format({"bold": True})
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for row, line in enumerate(_lines(orders), start=1):
            for column, cell in enumerate(line):
                sheet.write_string(row, column, cell)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(orders), 1), len(COLUMNS) - 1)
    return written.getvalue()
