"""走访 and 好人好事 on the page of the figures and in its files: counts of a place, nobody's name, no door.

In a community a number opens the visits behind it, which lie in `fieldwork` and are seen as there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from louzhang.fieldwork.queries.visit_rows import RESULTS, may_open_visits
from louzhang.figures.queries.counting import By
from louzhang.figures.queries.field import FieldFigures, FieldLine, count_field, labelled_field, total_of
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
    rows = [_row(reach, by, line) for line in labelled_field(by, found)]
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
            "url": _visits(reach, by, "visits", counts),
        },
        *(
            {"label": LABELS[name], "value": counts[name], "note": note, "url": _visits(reach, by, name, counts)}
            for name, note in (("needs", "走访时记进需求清单"), ("orders", "走访时当场上报"))
        ),
        {"label": "好人好事", "value": counts["deeds"], "note": "按做事的那一天算", "url": _deeds(reach, by, counts)},
    ]


def _deeds(reach: Reach, by: By, counts: dict[str, int]) -> str:
    """The deeds themselves are read in their community; above it there are counts."""
    if by is not By.DAY or not counts["deeds"]:
        return ""
    asked = {"area": str(reach.area.pk), "since": str(reach.since), "until": str(reach.until)}
    return f"{reverse('deeds:list')}?{urlencode(asked)}"


def _visits(reach: Reach, by: By, name: str, counts: dict[str, int], day: date | None = None) -> str:
    """The visits behind a number, for who keeps the register of the place; for others there are counts."""
    is_listed = name == "visits" or name in RESULTS
    if by is not By.DAY or not is_listed or not counts[name] or not may_open_visits(reach.actor, reach.area):
        return ""
    asked = {"area": str(reach.area.pk), "since": str(day or reach.since), "until": str(day or reach.until)}
    asked |= {"result": name} if name != "visits" else {}
    return f"{reverse('fieldwork_desk:visits')}?{urlencode(asked)}"


def _row(reach: Reach, by: By, line: FieldLine) -> Row:
    key, label, figures = line
    url = f"?{query_of(reach, By.CATEGORY, area=key)}#h_field" if by is By.COMMUNITY and key else ""
    day = key if by is By.DAY else None
    cells = [Cell(figures.counts[name], _visits(reach, by, name, figures.counts, day)) for name in LABELS]
    return Row(label, url, cells)
