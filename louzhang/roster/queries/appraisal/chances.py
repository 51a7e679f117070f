"""What chance has to say when somebody was last three months running: the community's own months, looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from louzhang.roster.chance import MONTHS, Chance, Month, chance_of_last
from louzhang.roster.lifecycle.appraisal import MonthState
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.queries.appraisal.reckoned import parts_of
from louzhang.roster.queries.appraisal.spans import shifted
from louzhang.roster.reckoning import GOOD, WHOLE


def running_before(month: AppraisalMonth) -> list[AppraisalMonth]:
    """The published months of the same community and role directly before a month, the nearest first."""
    days = [shifted(month.month, -back) for back in range(1, MONTHS)]
    rows = AppraisalMonth.objects.filter(
        area_id=month.area_id, scheme__role=month.scheme.role, month__in=days, status=MonthState.PUBLISHED.value
    )
    return list(rows.order_by("-month", "-pk"))


def last_running(month: AppraisalMonth) -> int | None:
    """Who is lowest alone in this month and was in the published ones before it; nobody where one is missing."""
    months = [month, *running_before(month)]
    if len({each.month for each in months}) < MONTHS:
        return None
    lowest = Standing.objects.filter(month__in=months, is_lowest=True).order_by().values_list("month__month", "user_id")
    by_month: dict[Any, set[int]] = {}
    for day, user_id in lowest:
        by_month.setdefault(day, set()).add(user_id)
    if len(by_month) < MONTHS:
        return None
    shared = set.intersection(*by_month.values())
    return min(shared, default=None)


def chance_for(month: AppraisalMonth, user_id: int) -> Chance:
    """The statement about somebody last in this month and the two before, with the numbers of cases as they were."""
    months = [month, *running_before(month)]
    is_staff = Standing.objects.filter(month=month, user_id=user_id, is_staff=True).exists()
    held = Standing.objects.filter(is_staff=is_staff).order_by("user_id")
    rows = {each.pk: list(held.filter(month=each)) for each in months}
    people = sorted(set.intersection(*({row.user_id for row in found} for found in rows.values())) | {user_id})
    drawn = [_as_drawn(each, rows[each.pk]) for each in months]
    apart = all(_is_apart(found, user_id) for found in rows.values())
    return chance_of_last(parts_of(month), drawn, people, user_id, is_apart=apart, seed=month.pk)


def _as_drawn(month: AppraisalMonth, rows: Sequence[Standing]) -> Month:
    kinds = {kind for row in rows for kind in row.figures}
    cases = {kind: {row.user_id: row.figures.get(kind, {}).get("cases", 0) for row in rows} for kind in kinds}
    means = {kind: int(mean) for kind, mean in month.means.items()} or dict.fromkeys(kinds, WHOLE // 2)
    return Month(cases, means)


def _is_apart(rows: Sequence[Standing], user_id: int) -> bool:
    own = next((row for row in rows if row.user_id == user_id), None)
    return own is not None and all(own.high < row.low for row in rows if row.user_id != user_id)


def said(chance: Chance) -> dict[str, Any]:
    """The statement as it is kept with the review: shares in ten-thousandths."""
    shares = ("one", "anybody", "year", "own", "somebody")
    return {
        "people": chance.people,
        "is_apart": chance.is_apart,
        "explains": chance.explains,
        **{name: round(getattr(chance, name) * WHOLE) for name in shares},
    }


def in_hundred(share: int) -> str:
    """A share in ten-thousandths as people read it: 百分之 9.6, 不到百分之 0.1."""
    return "不到百分之 0.1" if share < GOOD // 10 else f"百分之 {share / GOOD:.1f}"
