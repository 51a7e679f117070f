"""待办: what waits for the office or unit, first what presses; everything in scope by step beside it."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.shell.parts import Item
from louzhang.shell.polling import answers_with_etag
from louzhang.workorders.lifecycle import State
from louzhang.workorders.queries import list_orders
from louzhang.workorders.queries.counting import StepCounts
from louzhang.workorders.views.desk import DESK_ROLES, counts_of, desk_page, for_desk
from louzhang.workorders.views.duplicates import burst_lines
from louzhang.workorders.views.filtering import STEP_LABELS, PageFilters, query_of, step_items
from louzhang.workorders.views.rows import TIMED, rows_of

SHOWN = 15
BESIDE_STEPS = ("supervised", "to_verify")
OFFICE_STEPS = (State.REPORTED, State.ACCEPTED, State.SETTLED, "to_tell")
UNIT_STEPS = (State.DISPATCHED, State.TAKEN)
OWN_PAGES = {"to_tell": "desk:to_tell", "supervised": "desk:supervised"}
# Urgent and supervised orders first, then the others still to be done, then what is only to be told.
PRESSING = Case(
    When(is_urgent=True, status__in=sorted(TIMED), then=0),
    When(~Q(supervision=""), then=0),
    When(status__in=sorted(TIMED), then=1),
    default=2,
)
NOTES = {
    State.REPORTED: "看一眼，受理或说明不受理",
    State.ACCEPTED: "选承办单位",
    State.SETTLED: "把结果告诉反映人",
    "to_tell": "打电话、上门或发短信",
    "supervised": "签收、回复，或看回复以后解除",
    "to_verify": "到现场看过才能结案",
    State.DISPATCHED: "给我们的，签收后开始办",
    State.TAKEN: "我们正在办的",
}


@require_safe
@for_roles(*DESK_ROLES, leads_home=True)
def inbox(request: HttpRequest) -> HttpResponse:
    """The first page of the desk."""
    return desk_page(request, "workorders/desk/inbox.html", _inbox(request))


@require_safe
@for_desk
@answers_with_etag
def live(request: HttpRequest) -> HttpResponse:
    """The same figures and rows, asked again every few seconds."""
    return desk_page(request, "workorders/desk/parts/inbox.html", _inbox(request))


@require_safe
@for_desk
@answers_with_etag
def alarm(request: HttpRequest) -> HttpResponse:
    """Urgent orders that nobody has signed for: the desk sounds until somebody has."""
    return desk_page(request, "workorders/desk/parts/alarm.html", {})


def _inbox(request: HttpRequest) -> dict[str, Any]:
    actor, at = actor_of(request), visit_of(request).at
    counts = counts_of(request)
    waiting = list_orders(actor, PageFilters(is_mine=True)).with_relations(actor)
    orders = list(waiting.order_by(PRESSING, F("due_at").asc(nulls_last=True), "id")[:SHOWN])
    url = reverse("desk:orders")
    shown = (*OFFICE_STEPS, *UNIT_STEPS) if actor.has_role(*OFFICE_ROLES) else UNIT_STEPS
    shown = (*shown, *(step for step in BESIDE_STEPS if counts.mine[step]))
    return {
        "tiles": [_tile(step, counts, url) for step in shown],
        "bursts": burst_lines(actor),
        "rows": rows_of(orders, actor, at),
        "more_url": f"{url}?{query_of(PageFilters(is_mine=True))}",
        "is_more": counts.all_mine > len(orders),
        "steps": [item for item in step_items(PageFilters(), counts, url)[2:] if item.count],
    }


def _tile(step: str, counts: StepCounts, url: str) -> Item:
    """A figure of what is ours to do; telling and supervision have working lists of their own."""
    query = query_of(PageFilters(step=str(step), is_mine=True))
    return Item(
        label=STEP_LABELS[step],
        url=reverse(OWN_PAGES[step]) if step in OWN_PAGES else f"{url}?{query}",
        count=counts.mine[str(step)],
        note=NOTES[step],
    )
