"""The rows of a month as they come out of what was counted: figures, groups, who is lowest; nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from louzhang.journal.actions import canonical
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.queries.appraisal.counts import Inputs
from louzhang.roster.reckoning import GOOD, Count, Interval, Part, Reckoned, groups_of, lowest_of, reckon

COMPARED = ("figures", "value", "low", "high", "group", "groups", "is_lowest", "is_failed", "is_staff", "post_id")


def parts_of(month: AppraisalMonth) -> list[Part]:
    """The indicators of a month as the arithmetic needs them."""
    return [Part(each.kind, each.weight, each.is_higher_better) for each in month.scheme.indicators.all()]


def rows_of(month: AppraisalMonth, inputs: Inputs, *, compares_staff: bool) -> tuple[list[Standing], dict[str, int]]:
    """A row for everybody, in the order of persons, and the community's means.

    Volunteers are compared with one another; staff, under the switch, with one another.
    """
    people = [seat.user_id for seat in inputs.people]
    found = reckon(parts_of(month), inputs.counts, people)
    rows = {
        seat.user_id: Standing(
            month=month, user_id=seat.user_id, post_id=seat.post_id, is_staff=seat.is_staff,
            figures=_figures(month, inputs, found, seat.user_id), **_whole(found.wholes[seat.user_id]),
        )
        for seat in inputs.people
    }  # fmt: skip
    for is_staff in (False, True):
        if compares_staff or not is_staff:
            _compare({row.user_id: row for row in rows.values() if row.is_staff is is_staff}, month.scheme.pass_mark)
    return [rows[user_id] for user_id in people], dict(found.means)


def _figures(month: AppraisalMonth, inputs: Inputs, found: Reckoned, user_id: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for each in month.scheme.indicators.all():
        count = inputs.counts.get(each.kind, {}).get(user_id, Count())
        rate = found.rates.get(each.kind, {}).get(user_id)
        figures[each.kind] = {"cases": count.cases, "good": count.good, **(_whole(rate) if rate is not None else {})}
    return figures


def _whole(rate: Interval) -> dict[str, int]:
    return {"value": rate.value, "low": rate.low, "high": rate.high}


def _compare(rows: dict[int, Standing], pass_mark: int) -> None:
    """Give each a group; who is lowest alone; who is below the mark even at the upper end of the interval."""
    intervals = {user_id: Interval(row.value, row.low, row.high) for user_id, row in rows.items()}
    groups, lowest = groups_of(intervals), lowest_of(intervals)
    for user_id, row in rows.items():
        row.group, row.groups = groups[user_id], max(groups.values(), default=0)
        row.is_lowest = user_id == lowest
        row.is_failed = row.high < pass_mark * GOOD and has_cases(row)


def has_cases(row: Standing) -> bool:
    """Whether anything was counted of somebody at all."""
    return any(figure["cases"] for figure in row.figures.values())


def digest_of(rows: Sequence[Standing], means: dict[str, int]) -> str:
    """What stands for the figures that came out."""
    said = [[row.user_id, *(getattr(row, name) for name in COMPARED)] for row in rows]
    return hashlib.sha256(canonical({"rows": said, "means": means})).hexdigest()


def differences(before: Sequence[Standing], after: Sequence[Standing]) -> list[dict[str, Any]]:
    """Where a later count says otherwise than what is published: person, indicator, cases and good before and after."""
    old, new = ({row.user_id: row for row in rows} for rows in (before, after))
    found = []
    for user_id in sorted(old.keys() | new.keys()):
        was = old[user_id].figures if user_id in old else {}
        now = new[user_id].figures if user_id in new else {}
        for kind in sorted(was.keys() | now.keys()):
            counted = [_counted(was.get(kind, {})), _counted(now.get(kind, {}))]
            if counted[0] != counted[1]:
                found.append({"user": user_id, "kind": kind, "before": counted[0], "after": counted[1]})
    return found


def _counted(figure: dict[str, int]) -> list[int]:
    return [figure.get("cases", 0), figure.get("good", 0)]
