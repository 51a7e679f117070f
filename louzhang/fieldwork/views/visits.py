"""The form of a visit, with or without a signal; one's own visits; asking for company and coming along."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.fieldwork.actions.company import end_company, join_company
from louzhang.fieldwork.forms.visit_kind import COMPANY, KIND
from louzhang.fieldwork.forms.visits import CARE, REACH, VisitForm, VisitsAskedForm
from louzhang.fieldwork.queries.visit_rows import visits_behind
from louzhang.fieldwork.queries.visits import (
    HISTORY,
    asked_company,
    ground_of,
    next_due,
    own_visits,
    people_of,
    told_visits,
    visits_at,
)
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.register.doorstep import PHOTOS
from louzhang.register.queries.doors import own_doors
from louzhang.register.views.doorstep import for_field, taken_here
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.views.homes import place_of
from louzhang.shell import toasts
from louzhang.workorders.views.uploads import entry_fields, picker

HOURS = {"morning": "上午", "afternoon": "下午", "supper": "晚饭后", "weekend": "周末"}


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """The visits behind a number, for those who keep the register there."""
    form = VisitsAskedForm(request.GET)
    asked = form.asked()
    rows, count = visits_behind(actor_of(request), asked)
    context = {
        "rows": rows,
        "count": count,
        "asked": asked,
        "result": form.spoken(),
        "back_url": reverse("fieldwork_field:today"),
    }
    return page(request, "fieldwork/visit_rows.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def unplanned(request: HttpRequest) -> HttpResponse:
    """A visit that was not on the list. The copy a phone keeps (`?blank=1`) names no door: the pocket does."""
    posted, answer = _posted(request)
    if answer is not None:
        return answer
    is_blank = "blank" in request.GET
    doors = [] if is_blank else own_doors(actor_of(request))
    context = {"doors": doors, "is_blank": is_blank, "row": posted.get("row") or request.GET.get("door", "")}
    return _form_page(request, posted, context, back="field:today")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def visit(request: HttpRequest, kind: str, uid: UUID) -> HttpResponse:
    """A visit of a home that was found on the list or the picture of the building."""
    actor, at = actor_of(request), clock.now()
    door, home = ground_of(actor, kind, uid)
    posted, answer = _posted(request)
    if answer is not None:
        return answer
    reach = getattr(home, "reach", None)
    context = {
        "door": door,
        "place": place_of(door),
        "row": str((home or door).uid),
        "home": home,
        "people": people_of(home, actor, at) if home is not None else [],
        "hour": HOURS.get(reach.hour, "") if reach is not None else "",
        "reach": reach,
        "today": clock.local_date(at),
        "due_on": next_due(home) if home is not None else None,
        "visits": told_visits(visits_at(door, actor)),
        "company": asked_company(door, actor),
        "company_kind": COMPANY,
        "company_entry": uuid4(),
    }
    return _form_page(request, posted, context, back="fieldwork_field:today")


def _posted(request: HttpRequest) -> tuple[dict[str, str], HttpResponse | None]:
    """What was posted, and the answer where it was taken."""
    if request.method != "POST":
        return {}, None
    posted, unkept = entry_fields(request, actor_of(request), clock.now(), names=[PHOTOS])
    if unkept is not None:
        return posted | {"refused": unkept.message}, None
    return posted, taken_here(request, posted)


def _form_page(request: HttpRequest, posted: dict[str, str], context: dict[str, Any], *, back: str) -> HttpResponse:
    form = VisitForm(data=posted) if posted.get("kind") == KIND else VisitForm()
    whole = {
        "form": form,
        "kind": KIND,
        "reach_fields": [form[name] for name in REACH],
        "care_fields": [form[name] for name in CARE],
        "entry_id": posted.get("entry_id") or uuid4(),
        "seen_at": posted.get("seen_at") or clock.now().isoformat(),
        "refused": posted.get("refused", ""),
        "batch_url": reverse("register:sync"),
        "back_url": reverse(back),
        **picker(actor_of(request), clock.now(), posted.get(PHOTOS, "").split(",")),
        **context,
    }
    return page(request, "fieldwork/visit.html", whole, status=400 if posted else 200)


@require_safe
@for_field
def mine(request: HttpRequest) -> HttpResponse:
    """One's own visits of the last month, for oneself."""
    at = clock.now()
    told = own_visits(actor_of(request), clock.local_date(at) - HISTORY)
    met = sum(one.visit.outcome == "met" for one in told)
    context = {"told": told, "met": met, "back_url": reverse("fieldwork_field:today")}
    return page(request, "fieldwork/visits.html", context)


@require_POST
@for_keepers
def join(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Come along."""
    return _company(
        request, lambda: join_company(uid=uid, actor=actor_of(request), at=clock.now()), "已告诉对方您一起去。"
    )


@require_POST
@for_keepers
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Company is not needed any more."""
    return _company(request, lambda: end_company(uid=uid, actor=actor_of(request), at=clock.now()), "已收回。")


def _company(request: HttpRequest, do: Any, said: str) -> HttpResponse:
    response = redirect("fieldwork_field:today")
    try:
        do()
    except Refusal as refusal:
        toasts.say(request, response, refusal.message, tone="error")
        return response
    toasts.say(request, response, said)
    return response
