"""数字: the figures of a place with charts, a table beneath each, and the orders behind every count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.models import LevelKind
from louzhang.areas.queries.office_places import places_of
from louzhang.areas.views.list_files import book_file
from louzhang.areas.views.settings_frame import csv_file
from louzhang.figures.measures import Figures
from louzhang.figures.models import CLOCKS
from louzhang.figures.queries.behind import CLOCK_LABELS
from louzhang.figures.queries.counting import By, Counted, count_figures
from louzhang.figures.queries.field import count_field
from louzhang.figures.queries.labels import Line, categories_of, labelled
from louzhang.figures.queries.reach import Reach, reach_of
from louzhang.figures.views import charts
from louzhang.figures.views.asking import BY_LABELS, Asked, line_of, lines, periods, query_of, read_asked
from louzhang.figures.views.field import field_context, field_sheet
from louzhang.figures.views.speaking import all_behind, bucket_labels, length, orders_behind, rate
from louzhang.figures.views.tables import COLUMNS, Cell, Row, row_of, sheet_rows
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.shell.parts import Item
from louzhang.workorders.views.desk import desk_page, for_offices


@require_safe
@for_offices
def page(request: HttpRequest) -> HttpResponse:
    """The figures of one place and period."""
    asked, reach = _reach(request)
    by = line_of(asked.wanted, reach)
    counted = count_figures(reach, By.DAY, By.LEVEL, by)
    total = counted.total()
    field_by = By.DAY if reach.area.level.kind == LevelKind.COMMUNITY else By.COMMUNITY
    field = count_field(reach, field_by)
    categories = categories_of(counted.lines[by]) if by is By.CATEGORY else {}
    found = labelled(by, counted.lines[by], {pk: name for pk, (name, _) in categories.items()} or None)
    behind = _behind(reach, by, {pk: code for pk, (_, code) in categories.items()})
    context = {
        "reach": reach,
        "by": by.value,
        "by_label": BY_LABELS[by],
        "has_bad": asked.has_bad,
        "places": [(area.pk, label) for area, label in places_of(reach.actor)],
        "periods": periods(reach, by, clock.local_date(visit_of(request).at)),
        "lines": lines(reach, by),
        "files": _files(reach, by),
        "total": total,
        "stats": _stats(total, reach),
        "columns": [column.label for column in COLUMNS],
        "rows": [row_of(label, figures, _one(behind, key), leads=by is not By.UNIT) for key, label, figures in found],
        "bars": charts.bars(found, behind),
        **_trend(reach, counted),
        **_levels(counted, reach),
        **_times(total, reach),
        **field_context(reach, field_by, field),
    }
    return desk_page(request, "figures/page.html", context)


@require_safe
@for_offices
def as_file(request: HttpRequest) -> HttpResponseBase:
    """The figures along one line as CSV, or along all of them as a workbook."""
    asked, reach = _reach(request)
    name = f"数字-{reach.area.name}-{reach.since}至{reach.until}"
    if request.GET.get("format") == "xlsx":
        counted = count_figures(reach, *By)
        sheets = {f"按{BY_LABELS[by]}": _sheet(by, counted) for by in By}
        sheets |= {f"走访按{BY_LABELS[by]}": field_sheet(reach, by, BY_LABELS[by]) for by in (By.DAY, By.COMMUNITY)}
        return book_file(name, book_of(sheets))
    by = asked.wanted.by or line_of(asked.wanted, reach)
    head, *rows = _sheet(by, count_figures(reach, by, By.LEVEL))
    return csv_file(name, head, rows)


def _sheet(by: By, counted: Counted) -> list[list[str]]:
    found = sheet_rows(labelled(by, counted.lines[by]), BY_LABELS[by])
    return [[str(cell) for cell in row] for row in found]


def _reach(request: HttpRequest) -> tuple[Asked, Reach]:
    asked = read_asked(request.GET)
    wanted, today = asked.wanted, clock.local_date(visit_of(request).at)
    return asked, reach_of(actor_of(request), wanted.area, wanted.since, wanted.until, today=today)


def _behind(reach: Reach, by: By, codes: Mapping[int, str]) -> Callable[..., str]:
    return lambda key, **more: orders_behind(reach, by, key, codes, **more)


def _one(behind: Callable[..., str], key: Any) -> Callable[..., str]:
    return lambda **more: behind(key, **more)


def _files(reach: Reach, by: By) -> list[Item]:
    address = reverse("figures:file")
    return [
        Item(label="Excel（xlsx，全部分法）", url=f"{address}?{query_of(reach, by, format='xlsx')}"),
        Item(label=f"CSV（按{BY_LABELS[by]}）", url=f"{address}?{query_of(reach, by)}"),
    ]


def _stats(total: Figures, reach: Reach) -> list[dict[str, object]]:
    """The figures at the top, each with what it stands on."""
    count = total.count
    return [
        {"label": "反映", "value": total.orders, "note": "这段时间收到的", "url": all_behind(reach, figure="orders")},
        {"label": "在办", "value": total.open, "note": "其中还没办完", "url": all_behind(reach, step="open")},
        {
            "label": "已结束",
            "value": total.ended,
            "note": "结案、不予受理、撤回",
            "url": all_behind(reach, step="ended"),
        },
        {
            "label": "响应率",
            "value": rate(total.response_rate),
            "note": f"交办 {count('dispatched')} 件，按时联系 {count('contacted')} 件",
            "url": all_behind(reach, figure="dispatched"),
        },
        {
            "label": "解决率",
            "value": rate(total.solving_rate),
            "note": f"问到 {count('judged')} 次，已解决 {count('solved')} 次",
            "url": all_behind(reach, figure="judged"),
        },
        {
            "label": "满意率",
            "value": rate(total.satisfaction_rate),
            "note": f"问到 {count('asked')} 次，满意 {count('satisfied')} 次",
            "url": all_behind(reach, figure="asked"),
        },
    ]


def _trend(reach: Reach, counted: Counted) -> dict[str, Any]:
    days: list[Line] = labelled(By.DAY, counted.lines[By.DAY])

    def behind(key: Any, **more: str) -> str:
        return orders_behind(reach, By.DAY, key, {}, **more)

    rows: list[Row] = [row_of(label, figures, _one(behind, key)) for key, label, figures in reversed(days)]
    return {"trend": charts.trend(_without_gaps(reach, days), behind), "days": rows}


def _without_gaps(reach: Reach, days: list[Line]) -> list[Line]:
    """Put a day without reports in its place: a line that leaps over it would tell of an even week."""
    told = {line[0]: line for line in days}
    every = (reach.since + timedelta(days=count) for count in range((reach.until - reach.since).days + 1))
    return [told.get(day, (day, day.isoformat(), Figures())) for day in every]


def _levels(counted: Counted, reach: Reach) -> dict[str, Any]:
    found = charts.level_shares(labelled(By.LEVEL, counted.lines[By.LEVEL]))
    urls = [all_behind(reach, figure=f"level-{rank}") for rank, _, _, _ in found]
    shares = [
        (label, Cell(count, url if count else ""), share)
        for (_, label, count, share), url in zip(found, urls, strict=True)
    ]
    unknown = counted.lines[By.LEVEL].get(0, Figures()).count("settled")
    return {
        "levels": charts.levels(found, urls),
        "shares": shares,
        "unknown": Cell(unknown, all_behind(reach, figure="level-0") if unknown else ""),
    }


def _times(total: Figures, reach: Reach) -> dict[str, Any]:
    def cell(count: int, figure: str) -> Cell:
        return Cell(count, all_behind(reach, figure=figure) if count else "")

    found = [
        (
            CLOCK_LABELS[name],
            cell(sum(total.buckets(name)), name),
            length(total.median(name)),
            length(total.ninth(name)),
        )
        for name in CLOCKS
    ]
    buckets = [
        (label, *(cell(total.buckets(name)[place], f"{name}-{place}") for name in CLOCKS))
        for place, label in enumerate(bucket_labels())
    ]
    return {
        "times": charts.times(total),
        "clocks": found,
        "buckets": buckets,
        "bounds": "、".join(bucket_labels()),
    }
