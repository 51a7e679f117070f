"""The demo shows a month of appraisal: published with names, one figure objected to, this month on its way."""

from __future__ import annotations

from datetime import datetime

from louzhang.areas.queries import district
from louzhang.demo.appraising import DRAFT
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.models.appraisal_rulings import FigureObjection
from louzhang.roster.queries.appraisal import commended
from louzhang.roster.queries.appraisal.spans import last_month


def test_last_month_is_published_and_this_one_computed(demo: datetime) -> None:
    states = dict(AppraisalMonth.objects.order_by("month").values_list("month", "status"))
    assert list(states.values()) == ["published", "computed"]
    root = district()
    assert root is not None
    names = commended(root, last_month(demo))
    assert 1 <= len(names) <= DRAFT.commend_most
    assert Standing.objects.filter(month__status="published", figures__scores__cases__gte=1).exists()
    assert FigureObjection.objects.get().status == "raised"
