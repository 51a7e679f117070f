"""通知: written in two taps with a preview, read by the residents, taken back, printed for the stairwell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, person_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.notices.actions import publish_notice, withdraw_notice
from louzhang.notices.forms import TEMPLATES, BuildingNoticeForm, first_notice
from louzhang.notices.queries.building import find_building_notice, find_kept_notice, kept_notices, places_to_tell
from louzhang.shell import toasts

LISTED = 50


@for_roles(*FIELD_ROLES, *OFFICE_ROLES)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The notices of the places one looks after."""
    actor, at = actor_of(request), clock.now()
    rows = list(kept_notices(actor)[:LISTED])
    context = {
        "shown": [notice for notice in rows if notice.is_current(at)],
        "over": [notice for notice in rows if not notice.is_current(at)],
        "may_write": actor.has_role(*FIELD_ROLES),
        "now": at,
    }
    return render(request, "notices/building/list.html", context)


@for_roles(*FIELD_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Written, looked at as residents will read it, sent; `go` says how far."""
    actor, at = actor_of(request), clock.now()
    places = places_to_tell(actor)
    if request.method != "POST":
        first = first_notice(at, request.GET.get("template", ""), _own_place(actor))
        return _write_page(request, BuildingNoticeForm(initial=first, places=places))
    form = BuildingNoticeForm(request.POST, places=places)
    if not form.is_valid():
        return _write_page(request, form, status=400)
    if request.POST.get("go") != "send":
        is_back = request.POST.get("go") == "back"
        return _write_page(request, form, preview=None if is_back else form.cleaned_data)
    try:
        publish_notice(
            author=person_of(request),
            area=form.cleaned_data["area"],
            title=form.cleaned_data["title"],
            words=form.cleaned_data["words"],
            ends_at=form.ends_at,
            actor=actor,
            at=at,
        )
    except InputRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _write_page(request, form, status=400)
    response = redirect("notices:building")
    toasts.say(request, response, "通知已经发出，住户打开首页就能看到。")
    return response


def _own_place(actor: Actor) -> int | None:
    """The building or grid of one's only such seat."""
    seats = {seat.area_id for seat in actor.seats_with(Role.CHIEF, Role.STAIRWELL_HEAD, Role.GRID_WORKER)}
    return next(iter(seats)) if len(seats) == 1 else None


def _write_page(
    request: HttpRequest, form: BuildingNoticeForm, *, preview: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "preview": preview,
        "templates": [(key, title) for key, (title, _) in TEMPLATES.items()],
        "writer": person_of(request).masked_name,
        "now": clock.now(),
    }
    return render(request, "notices/building/write.html", context, status=status)


@for_roles(*FIELD_ROLES, *OFFICE_ROLES)
@require_POST
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take one back."""
    notice = find_kept_notice(actor_of(request), uid)
    withdraw_notice(notice_id=notice.pk, actor=actor_of(request), at=clock.now())
    response = redirect("notices:building")
    toasts.say(request, response, "通知已经撤下，住户不再看到。")
    return response


@for_roles(*FIELD_ROLES, *OFFICE_ROLES)
@require_GET
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The notice on paper, large, for the stairwell."""
    notice = find_kept_notice(actor_of(request), uid)
    context = {"notice": notice, "back_url": "/field/building-notices/", "now": clock.now()}
    return render(request, "notices/building/sheet.html", context)


@require_GET
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One notice, as any resident reads it while it is shown."""
    at = clock.now()
    context = {"notice": find_building_notice(uid, at), "now": at, "back_url": "/"}
    return render(request, "notices/building/one.html", context)
