"""What every desk page stands on: who may come in, what is counted, one order or 404, where to go back to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.refusals import NotThere
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import find_order
from louzhang.workorders.queries.counting import StepCounts, count_steps

DESK_ROLES = (*OFFICE_ROLES, *UNIT_ROLES)
_COUNTED = "LZ_STEP_COUNTS"

for_desk = for_roles(*DESK_ROLES)
for_offices = for_roles(*OFFICE_ROLES)


def counts_of(request: HttpRequest) -> StepCounts:
    """The counts of this request's actor, asked once for navigation, alarm and page."""
    kept: StepCounts | None = request.META.get(_COUNTED)
    if kept is None:
        kept = request.META[_COUNTED] = count_steps(actor_of(request), visit_of(request).at)
    return kept


def order_of(request: HttpRequest, number: str) -> WorkOrder:
    """The order with the actor's relations; raises `NotThere` out of scope, the same as for an unknown number."""
    order = find_order(actor_of(request), number)
    if order is None:
        raise NotThere("没有找到这件事，或它不在您的范围内。请核对单号。")
    return order


def desk_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a desk page as of the moment of the request."""
    actor = actor_of(request)
    base = {
        "now": visit_of(request).at,
        "counts": counts_of(request),
        "is_office": actor.has_role(*OFFICE_ROLES),
    }
    return render(request, template, base | context, status=status)


def is_swap(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def back_to(request: HttpRequest, fallback: str) -> str:
    """Where the page before asked to return to, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else fallback
