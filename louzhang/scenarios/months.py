"""Months that are over, for scenarios that appraise: the last so many, each with a moment in it and one after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import actor_for
from louzhang.kit import clock
from louzhang.roster.actions.appraisal import (
    compute_month,
    name_appraisers,
    open_month,
    publish_month,
    score,
    set_criteria,
)
from louzhang.roster.models.appraisal import AppraisalMonth, Scheme, Standing

DAYS_OF_NOTICE = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its first day, its middle, its end, and when a notice that begins then is over."""

    first: date

    @property
    def middle(self) -> datetime:
        """A moment in it."""
        return clock.day_start(self.first + timedelta(days=14)) + timedelta(hours=10)

    @property
    def end(self) -> datetime:
        """The morning after it."""
        return clock.day_start((self.first + timedelta(days=32)).replace(day=1)) + timedelta(hours=10)

    @property
    def after_notice(self) -> datetime:
        """When what was put on notice at the end may be given."""
        return self.end + DAYS_OF_NOTICE


def months_before(at: datetime, many: int) -> list[Month]:
    """The last months that are over with their notices, the earliest first."""
    first = clock.local_date(at).replace(day=1)
    found: list[Month] = []
    while len(found) < many:
        first = (first - timedelta(days=1)).replace(day=1)
        if Month(first).after_notice <= at:
            found.append(Month(first))
    return found[::-1]


def appraise(
    *, scheme: Scheme, area: Area, month: Month, appraisers: Sequence[User], points: Mapping[int, Sequence[int]],
    criteria: Sequence[str], office: User,
) -> AppraisalMonth:  # fmt: skip
    """A month as it goes: begun, its tasks written, scored by those named, computed after its end, published.

    The community commends the first of the best group, as many as the scheme lets it.
    """
    now, then = actor_for(office, month.middle), actor_for(office, month.end)
    row = open_month(scheme=scheme, area=area, month=month.first, actor=now, at=month.middle)
    set_criteria(month_id=row.pk, criteria=criteria, actor=now, at=month.middle)
    name_appraisers(month_id=row.pk, user_ids=[user.pk for user in appraisers], actor=now, at=month.middle)
    for user in appraisers:
        score(month_id=row.pk, points=points, actor=actor_for(user, month.middle), at=month.middle)
    compute_month(month_id=row.pk, actor=then, at=month.end)
    best = Standing.objects.filter(month=row, group=1).order_by("-value", "user_id")
    commended = list(best.values_list("user_id", flat=True)[: scheme.commend_most])
    return publish_month(month_id=row.pk, commended=commended, actor=then, at=month.end)
