"""What opening an order asks of the database, as one question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Func, Model, QuerySet, Subquery, Value

from louzhang.areas.models import Area
from louzhang.areas.queries.district import said_at
from louzhang.areas.settings_registry import REGISTRY
from louzhang.journal.refusals import Conflict
from louzhang.kit.compiled import compiled
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.queries.clocks import Ground, ground_of
from louzhang.workorders.time_state import roots, versions

PREFIX = "order_prefix"


@dataclass(frozen=True, slots=True)
class Opening:
    """Ids for the rows to be stored, what order numbers begin with, the limits and hours that hold."""

    order_id: int
    report_id: int
    prefix: str
    ground: Ground


def opening_at(at: datetime) -> Opening:
    """What a report that comes at a moment needs to become an order; raises `Conflict` before there is a district."""
    found = _opening.first(moment=at)
    if found is None:
        raise Conflict("这个区还没有开通，请先建立区划。")
    order_id, report_id, prefix, *state = found
    return Opening(order_id, report_id, str(prefix or REGISTRY[PREFIX].default), ground_of(*state))


class NextId(Func):
    """The next id of a table."""

    template = "nextval(pg_get_serial_sequence(%(expressions)s, 'id'))"
    output_field = BigIntegerField()

    def __init__(self, model: type[Model]) -> None:
        super().__init__(Value(model._meta.db_table))


@compiled
def _opening(*, moment: Any) -> QuerySet[Area, Any]:
    rows = roots().annotate(
        order_id=NextId(WorkOrder),
        report_id=NextId(Report),
        prefix=Subquery(said_at(PREFIX, moment)),
        version=Subquery(versions()),
    )
    found: QuerySet[Area, Any] = rows.values_list("order_id", "report_id", "prefix", "pk", "chain_head", "version")[:1]
    return found
