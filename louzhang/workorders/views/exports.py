"""导出: the filtered list as Excel or CSV, logged with its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.workorders.actions.exporting import log_export
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.sheets import as_csv, as_xlsx, exported_orders
from louzhang.workorders.views.desk import for_desk
from louzhang.workorders.views.filtering import query_of, read_filters

FORMATS: dict[str, tuple[str, Callable[[Sequence[WorkOrder]], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
}


@require_POST
@for_desk
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, as a file; the log keeps the filters, never a phone or words."""
    chosen = request.POST.get("format", "")
    if chosen not in FORMATS:
        raise InputRefused("请选择导出成 Excel 还是 CSV。", field="format")
    actor, at = actor_of(request), visit_of(request).at
    filters, _ = read_filters(request.GET)
    orders = exported_orders(actor, filters)
    said = {"phone": "同一电话" if filters.phone else None, "found": "按内容查找" if filters.words else None}
    logged = query_of(filters, **said)
    log_export(filters=logged, count=len(orders), actor=actor, at=at)
    media_type, write = FORMATS[chosen]
    response = HttpResponse(write(orders), content_type=media_type)
    name = f"工单-{clock.local(at):%Y%m%d-%H%M}.{chosen}"
    response["Content-Disposition"] = f"attachment; filename=\"orders.{chosen}\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
