"""What names the state of calendar and limits, to be read beside a row.

Every change of either lengthens a chain: the district's root, or the limit itself. While the heads of these
chains stand, a process computes with what it has kept (`queries.clocks.ground_beside`).
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import QuerySet, Subquery, TextField, Value
from django.db.models.functions import MD5, Cast

from louzhang.areas.models import Area

TIME_STATE = ("time_root", "time_head", "time_version")


def time_state() -> dict[str, Subquery]:
    """The annotations that `ground_beside` reads."""
    read = [Subquery(roots().values(column)[:1]) for column in ("pk", "chain_head")]
    return dict(zip(TIME_STATE, [*read, Subquery(versions())], strict=True))


def roots() -> QuerySet[Area]:
    """The root of the district, found by the index of positions: it stands first in it."""
    rows: QuerySet[Area] = Area.objects.current().filter(depth=1).order_by("path")
    return rows


def versions() -> QuerySet[Any, Any]:
    """One row that names what all limits are."""
    heads = StringAgg(Cast("chain_head", TextField()), delimiter="", order_by="pk")
    rows = apps.get_model("workorders", "ClockPolicy").objects.order_by()
    return rows.values(one=Value(1)).annotate(version=MD5(heads)).values("version")
