"""本人请求 at the community's desk: the open ones by their clock, one carried out or declined with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.forms import VerbForm
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.register.actions.rights import decline_request, grant_request
from louzhang.register.forms.care import carry_out
from louzhang.register.forms.rights import DeclineForm
from louzhang.register.models import Right, RightsRequest
from louzhang.register.queries.own import doors_of
from louzhang.register.queries.requests import find_request, office_requests, spoken_left, verbs_now, wished_of
from louzhang.shell import toasts
from louzhang.shell.parts import Item

for_offices = for_roles(*OFFICE_ROLES)
VIEWS = {"": "等答复", "answered": "已答复"}


@require_safe
@for_offices
def requests(request: HttpRequest) -> HttpResponse:
    """What people have asked about their own data, the next due first."""
    view = request.GET.get("view", "")
    url = reverse("rights:list")
    rows = office_requests(actor_of(request), answered=view == "answered")
    places, at = doors_of(row.resident for row in rows), clock.now()
    context = {
        "lines": [{"row": row, "place": places[row.resident_id], "left": spoken_left(row, at)} for row in rows],
        "is_answered": view == "answered",
        "views": [
            Item(label=label, url=f"{url}?view={key}" if key else url, current=key == view)
            for key, label in VIEWS.items()
        ],
        "now": at,
    }
    return _page(request, "register/rights/list.html", context)


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One request with what is wished."""
    return _show(request, find_request(actor_of(request), uid))


def _show(
    request: HttpRequest, row: RightsRequest, form: DeclineForm | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "place": doors_of([row.resident])[row.resident_id],
        "wished": wished_of(row) if row.right == Right.CORRECT else None,
        "is_erasing": row.right == Right.DELETE,
        "verbs": verbs_now(row),
        "left": spoken_left(row, clock.now()),
        "form": form or DeclineForm(initial={"entry_id": uuid4()}),
        "entry_id": uuid4(),
        "now": clock.now(),
    }
    return _page(request, "register/rights/one.html", context, status=status)


@require_POST
@for_offices
def grant(request: HttpRequest, uid: UUID) -> HttpResponse:
    """照办: it is done with this."""
    actor, at = actor_of(request), clock.now()
    row = find_request(actor, uid)
    form = VerbForm(request.POST)
    carry_out(
        form, f"rights.grant.{row.pk}", lambda: grant_request(request_id=row.pk, actor=actor, at=at), actor=actor, at=at
    )
    return _back(request, "已照办，本人能看到结果。")


@require_POST
@for_offices
def decline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """不能照办, and why."""
    actor, at = actor_of(request), clock.now()
    row = find_request(actor, uid)
    form = DeclineForm(request.POST)

    def perform() -> None:
        decline_request(request_id=row.pk, actor=actor, at=at, **form.given())

    try:
        carry_out(form, f"rights.decline.{row.pk}", perform, actor=actor, at=at)
    except NotThere:
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, find_request(actor, uid), form, status=status_of(refusal))
    return _back(request, "已答复，本人能看到理由。")


def _back(request: HttpRequest, said: str) -> HttpResponse:
    response = redirect("rights:list")
    toasts.say(request, response, said)
    return response


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response
