"""走访 and 好人好事 on the page of the figures and in its files: counts of a place, nobody's name, no door."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from louzhang.figures.queries.counting import By
from louzhang.figures.queries.field import FieldFigures, count_field, labelled_field, total_of
from louzhang.figures.queries.reach import Reach
from louzhang.figures.views.asking import query_of
from louzhang.figures.views.tables import Cell, Row

LABELS = {
    "visits": "走访",
    "met": "见到了",
    "nobody": "没人在家",
    "later": "不方便",
    "declined": "不愿意",
    "needs": "记下需求",
    "orders": "转成工单",
    "deeds": "好人好事",
}
HEADINGS = {By.DAY: "日期", By.COMMUNITY: "社区"}


def field_context(reach: Reach, by: By, found: dict[Any, FieldFigures]) -> dict[str, Any]:
    """What the section shows: the whole, and each day or community; a community opens its own figures."""
    total = total_of(found.values())
    rows = [_row(reach, by, key, label, figures) for key, label, figures in labelled_field(by, found)]
    return {
        "field_total": total,
        "field_stats": _stats(reach, by, total),
        "field_rows": rows,
        "field_columns": list(LABELS.values()),
        "field_heading": HEADINGS[by],
    }


def field_sheet(reach: Reach, by: By, heading: str) -> list[list[str]]:
    """A sheet of a file: every count along days or communities."""
    lines = labelled_field(by, count_field(reach, by))
    rows = [[label, *(str(figures.counts[name]) for name in LABELS)] for _, label, figures in lines]
    return [[heading, *LABELS.values()], *rows]


def _stats(reach: Reach, by: By, total: FieldFigures) -> list[dict[str, object]]:
    counts = total.counts
    return [
        {
            "label": "走访",
            "value": counts["visits"],
            "note": f"见到 {counts['met']} 次，没人在家 {counts['nobody']} 次",
        },
        {"label": "记下需求", "value": counts["needs"], "note": "走访时记进需求清单"},
        {"label": "转成工单", "value": counts["orders"], "note": "走访时当场上报"},
        {"label": "好人好事", "value": counts["deeds"], "note": "按做事的那一天算", "url": _deeds(reach, by, counts)},
    ]


def _deeds(reach: Reach, by: By, counts: dict[str, int]) -> str:
    """The deeds themselves are read in their community; above it there are counts."""
    if by is not By.DAY or not counts["deeds"]:
        return ""
    asked = {"area": str(reach.area.pk), "since": str(reach.since), "until": str(reach.until)}
    return f"{reverse('deeds:list')}?{urlencode(asked)}"


def _row(reach: Reach, by: By, key: Any, label: str, figures: FieldFigures) -> Row:
    url = f"?{query_of(reach, By.CATEGORY, area=key)}#h_field" if by is By.COMMUNITY and key else ""
    return Row(label, url, [Cell(figures.counts[name]) for name in LABELS])
