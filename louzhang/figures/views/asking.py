"""What an address asks of the figures: place, days, line. Read from the URL and written back into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from ninja import Schema
from pydantic import ValidationError

from louzhang.areas.models import LevelKind
from louzhang.figures.queries.counting import By
from louzhang.figures.queries.reach import Reach
from louzhang.shell.parts import Item
from louzhang.workorders.queries.orders import Day, RowId

BY_LABELS = {
    By.COMMUNITY: "社区",
    By.CATEGORY: "类别",
    By.CHANNEL: "来源",
    By.UNIT: "承办单位",
    By.DAY: "日期",
    By.LEVEL: "解决层级",
}
# Offered on the page; days and levels have a chart of their own there.
OFFERED = (By.COMMUNITY, By.CATEGORY, By.CHANNEL, By.UNIT)


class Wanted(Schema):
    """What an address may hold."""

    area: RowId | None = None
    since: Day | None = None
    until: Day | None = None
    by: By | None = None


_ADDRESS = {"area": "area", "from": "since", "to": "until", "by": "by"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and whether some of it could not be understood and was left out."""

    wanted: Wanted
    has_bad: bool


def read_asked(query: QueryDict) -> Asked:
    """The place, days and line of an address."""
    given: dict[str, Any] = {name: query[key] for key, name in _ADDRESS.items() if query.get(key)}
    try:
        return Asked(Wanted.model_validate(given), has_bad=False)
    except ValidationError as wrong:
        bad = {str(error["loc"][0]) for error in wrong.errors() if error["loc"]}
        kept = {name: value for name, value in given.items() if name not in bad}
        return Asked(Wanted.model_validate(kept), has_bad=True)


def line_of(wanted: Wanted, reach: Reach) -> By:
    """Along which line the page tells apart: a community by category, all above by community."""
    if wanted.by in OFFERED:
        assert wanted.by is not None
        return wanted.by
    return By.CATEGORY if reach.area.level.kind == LevelKind.COMMUNITY else By.COMMUNITY


def query_of(reach: Reach, by: By, **changes: Any) -> str:
    """The address of these figures, with some of it changed."""
    values = {"area": reach.area.pk, "from": reach.since, "to": reach.until, "by": by.value} | changes
    return urlencode({name: str(value) for name, value in values.items() if value is not None})


def periods(reach: Reach, by: By, today: date) -> list[Item]:
    """The usual periods as chips."""
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    usual = (
        ("近 7 天", today - timedelta(days=6), today),
        ("近 30 天", today - timedelta(days=29), today),
        ("本月", month, today),
        ("上月", last_month, month - timedelta(days=1)),
        ("近一年", today - timedelta(days=364), today),
    )
    return [
        Item(
            label=label,
            url=f"?{query_of(reach, by, **{'from': since, 'to': until})}",
            current=(since, until) == (reach.since, reach.until),
        )
        for label, since, until in usual
    ]


def lines(reach: Reach, by: By) -> list[Item]:
    """The lines that can be chosen, as segments."""
    return [Item(label=f"按{BY_LABELS[each]}", url=f"?{query_of(reach, each)}", current=each is by) for each in OFFERED]
