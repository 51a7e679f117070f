"""A list of days to take in (日期, 类型, 名称, and 暂定 as it was exported), judged line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from louzhang.areas.actions import DaySaid
from louzhang.areas.imports import FileRefused, Problem
from louzhang.areas.models import DayKind, kinds_of
from louzhang.areas.working_days import weekday_name
from louzhang.kit.tables import Row

COLUMNS = ("日期", "类型", "名称")
PROVISIONAL = "暂定"
YES = "是"
DAYS_AT_MOST = 4_000
_NUMBERS = re.compile(r"\s*(\d{4})\D+(\d{1,2})\D+(\d{1,2})")


def read_days(rows: Iterable[Row]) -> list[DaySaid]:
    """The days of a table; raises `FileRefused` with everything that is wrong in it."""
    days: list[DaySaid] = []
    problems: list[Problem] = []
    seen: set[date] = set()
    for row in rows:
        if missing := [name for name in COLUMNS if name not in row.cells]:
            raise FileRefused([Problem(1, f"表头缺少“{'、'.join(missing)}”列，请补上后再导入。")])
        said = _said(row, seen)
        if isinstance(said, str):
            problems.append(Problem(row.line, said))
        else:
            seen.add(said.date)
            days.append(said)
    if not days and not problems:
        problems.append(Problem(1, "表头下面没有内容，请检查文件。"))
    if len(days) > DAYS_AT_MOST:
        problems.append(Problem(1, f"一次最多导入 {DAYS_AT_MOST} 天，请拆成几个文件。"))
    if problems:
        raise FileRefused(problems)
    return days


def _said(row: Row, seen: set[date]) -> DaySaid | str:
    """The day of a line, or what is wrong with it."""
    day, kind = _date(row.cells["日期"]), _kind(row.cells["类型"].strip())
    if day is None:
        return f"看不懂日期“{row.cells['日期'][:20]}”，请写成 2027-02-06。"
    if day in seen:
        return f"{day} 写了两次，请只留一行。"
    fitting = kinds_of(day)
    if kind not in fitting:
        labels = "、".join(each.label for each in fitting)
        return f"{day} 是{weekday_name(day)}，类型只能填：{labels}。"
    return DaySaid(day, kind, row.cells["名称"].strip(), is_provisional=row.cells.get(PROVISIONAL, "").strip() == YES)


def _date(typed: str) -> date | None:
    found = _NUMBERS.match(typed)
    try:
        return date(*(int(number) for number in found.groups())) if found else None
    except ValueError:
        return None


def _kind(typed: str) -> DayKind | None:
    return next((kind for kind in DayKind if typed in {kind.value, kind.label}), None)
