"""今天的清单 on the phone: the round with its reasons, big ticks, refusing with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.fieldwork.actions.days import refuse_item, reopen_item, tick_item
from louzhang.fieldwork.actions.outlook import look_ahead
from louzhang.fieldwork.forms.days import RefuseForm, once_on_item
from louzhang.fieldwork.queries.days import as_days, find_own_item, own_days, shown_days
from louzhang.fieldwork.queries.holding import coming_day, day_settings
from louzhang.fieldwork.queries.visits import company_around
from louzhang.fieldwork.sources import PRESSING
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.queries.entries import held_entries
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts


@require_safe
@for_keepers
def today(request: HttpRequest) -> HttpResponse:
    """The lists of the own posts as a round; what does not fit is not shown here at all, it is nobody's overdue.

    The copy a phone keeps (`?blank=1`) holds no line: those come from the pocket.
    """
    actor, at, is_blank = actor_of(request), clock.now(), "blank" in request.GET
    days = [] if is_blank else as_days(own_days(actor, clock.local_date(at)), PRESSING)
    coming = {} if is_blank or days else _coming(actor, at, is_asked="ahead" in request.GET)
    context = coming | {
        "days": days,
        "is_blank": is_blank,
        "is_several": len(days) > 1,
        "company": [] if is_blank else company_around(actor),
        "held": len(held_entries(actor)),
        "today": clock.local(at),
        "entry_id": uuid4(),
        "back_url": reverse("field:today"),
    }
    return page(request, "fieldwork/today.html", context)


def _coming(actor: Actor, at: datetime, *, is_asked: bool) -> dict[str, Any]:
    """On a day without a list: when the next one comes, and what it would hold for who asks."""
    today, values = clock.local_date(at), day_settings(at)
    day = coming_day(actor, today, values)
    if day is None:
        return {}
    ahead = []
    if is_asked:
        ahead = shown_days(*look_ahead(day=day, values=values, actor=actor, at=at), PRESSING)
    return {"coming": day, "is_rest": day != today, "hour": values["day_hour"], "ahead": ahead, "is_asked": is_asked}


@require_POST
@for_keepers
def tick(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A line is done."""
    return _act(request, uid, "tick", tick_item, "办好了，已打勾。")


@require_POST
@for_keepers
def reopen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A line was ticked or refused by mistake."""
    return _act(request, uid, "reopen", reopen_item, "放回清单里了。")


def _act(request: HttpRequest, uid: UUID, verb: str, action: Callable[..., Any], said: str) -> HttpResponse:
    response = redirect("fieldwork_field:today")
    try:
        once_on_item(request.POST, uid, verb, action, actor=actor_of(request), at=clock.now())
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        toasts.say(request, response, refusal.message, tone="error")
        return response
    undo = reverse("fieldwork_field:reopen", args=[uid]) if verb == "tick" else ""
    toasts.say(request, response, said, undo_url=undo)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def refuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """今天不做: the reason, and back to the list."""
    actor, at = actor_of(request), clock.now()
    item = find_own_item(actor, uid)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            once_on_item(request.POST, uid, "refuse", refuse_item, actor=actor, at=at, form=form)
        except (NotThere, NotYours):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            if form.is_valid():
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            response = redirect("fieldwork_field:today")
            undo = reverse("fieldwork_field:reopen", args=[uid])
            toasts.say(request, response, "记下了，社区会另作安排。", undo_url=undo)
            return response
    context = {
        "item": item,
        "form": form,
        "entry_id": request.POST.get("entry_id") or uuid4(),
        "back_url": reverse("fieldwork_field:today"),
    }
    return page(request, "fieldwork/refuse.html", context, status=status)
