"""跟进: what an answer set going, for whoever handles it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.shell.parts import Item
from louzhang.surveys.actions.following_up import drop, follow
from louzhang.surveys.actions.opening import open_words
from louzhang.surveys.forms.follow_ups import CallForm
from louzhang.surveys.forms.results import PurposeForm
from louzhang.surveys.models import FollowUp
from louzhang.surveys.queries.follow_ups import (
    BUILDING_RANK,
    Line,
    find_follow_up,
    follow_ups_of,
    has_words,
    verbs_for,
)


@require_safe
@for_keepers
def follow_ups(request: HttpRequest) -> HttpResponse:
    """What is to be done, or everything."""
    actor, at = actor_of(request), clock.now()
    is_all = request.GET.get("which") == "all"
    today, url = clock.local_date(at), reverse("follow_ups:list")
    lines = follow_ups_of(actor, with_ended=is_all)
    context = {
        "lines": [(line, line.is_late(today), _address(line, actor)) for line in lines],
        "is_all": is_all,
        "views": [
            Item(label="要跟进", url=url, current=not is_all),
            Item(label="全部", url=f"{url}?which=all", current=is_all),
        ],
        "back_url": reverse("field:today"),
    }
    return page(request, "surveys/follow_ups/list.html", context)


def _address(line: Line, actor: Actor) -> str:
    row = line.row
    if row.order is not None:
        return reverse("field:one" if actor.has_role(*FIELD_ROLES) else "desk:order", args=[row.order.number])
    if row.need is not None:
        return reverse("register:needs")
    return reverse("follow_ups:one", args=[row.uid])


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One call: where, what, by when; and what came of it."""
    actor, at = actor_of(request), clock.now()
    follow_up = find_follow_up(actor, uid)
    if request.method != "POST":
        return _page(request, follow_up, CallForm(initial={"entry_id": uuid4()}))
    form = CallForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up, form, status=400)
    said = form.cleaned_data
    act = {"follow_up_id": follow_up.pk, "actor": actor, "at": at, "entry_id": said["entry_id"]}
    try:
        follow(**act, words=said["words"]) if said["outcome"] == "follow" else drop(**act, reason=said["words"])
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        form.add_error("words" if refusal.field == "reason" else None, refusal.message)
        return _page(request, follow_up, form, status=status_of(refusal))
    response = redirect("follow_ups:list")
    toasts.say(request, response, "已记下。")
    return response


@sensitive_post_parameters()
@require_POST
@for_keepers
def words(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the household wrote, opened for a reason; it is not kept anywhere on the way."""
    actor = actor_of(request)
    follow_up = find_follow_up(actor, uid)
    form = PurposeForm(request.POST)
    more: dict[str, Any] = {"why": form}
    status = 200
    try:
        reason = form.cleaned_data["purpose"] if form.is_valid() else ""
        more["written"] = open_words(follow_up_uid=uid, reason=reason, actor=actor, at=clock.now())
    except NotYours:
        raise
    except Refusal as refusal:
        status = status_of(refusal)
        if form.is_valid():
            form.add_error("purpose" if refusal.field else None, refusal.message)
    response = _page(request, follow_up, CallForm(initial={"entry_id": uuid4()}), status=status, **more)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, follow_up: FollowUp, form: CallForm, *, status: int = 200, **more: Any) -> HttpResponse:
    place = spoken_places([follow_up.area], from_rank=BUILDING_RANK)[follow_up.area_id]
    context = {
        "line": Line(follow_up, place),
        "form": form,
        "may": bool(verbs_for(follow_up)),
        "entry_id": form["entry_id"].value() or uuid4(),
        "today": clock.local_date(clock.now()),
        "back_url": reverse("follow_ups:list"),
        "has_words": has_words(follow_up),
        "why": PurposeForm(),
        **more,
    }
    return page(request, "surveys/follow_ups/one.html", context, status=status)
