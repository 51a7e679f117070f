"""Pages of the phone's lists: the rows the cursor names, or a sentence for a broken link."""

from __future__ import annotations

from django.http import HttpRequest

from louzhang.journal.refusals import InputRefused
from louzhang.kit.paging import BadCursor, Page, page_of
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.scope import WorkOrderQuerySet

PAGE_SIZE = 20


def page_asked_for(
    request: HttpRequest, rows: WorkOrderQuerySet, *, order: tuple[str, ...] = ("-id",)
) -> Page[WorkOrder]:
    """One page of a list; raises `InputRefused` for a cursor that this list has not made."""
    try:
        return page_of(rows, cursor=request.GET.get("cursor"), size=PAGE_SIZE, order=order)
    except BadCursor as refusal:
        raise InputRefused(str(refusal), field="cursor") from None
