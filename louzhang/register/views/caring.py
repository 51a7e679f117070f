"""关爱: the mark of a person and what it stands for, opened by a logged tap; what is due; who asks to be bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import Role
from louzhang.journal.forms import VerbForm
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.actions.caring import end_care_tag, look_at_care, open_health
from louzhang.register.actions.consenting import withdraw_consent
from louzhang.register.actions.emergencies import look_in_emergency, tell_of_emergency
from louzhang.register.ages import CHILD_UNTIL, is_under
from louzhang.register.forms.care import ConsentForm, ReasonForm
from louzhang.register.forms.care_acts import CARE_ACTS, perform
from louzhang.register.models import CareTag, Resident
from louzhang.register.queries.care import (
    adults_around,
    asked_consents,
    consents_of,
    due_care,
    find_consent,
    find_emergency,
    find_tag,
    has_care,
    holds_care,
    untold_emergencies,
)
from louzhang.register.queries.homes import find_resident
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts

REASONS = ("上门探访", "停水停电先送到家", "帮忙办事", "到期再看")


@require_safe
@for_keepers
def of(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The mark of one person, closed."""
    return _show(request, find_resident(actor_of(request), uid))


@sensitive_post_parameters("reason")
@require_POST
@for_keepers
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open what the mark stands for."""
    actor = actor_of(request)
    person = find_resident(actor, uid)
    tags = look_at_care(resident_id=person.pk, reason=request.POST.get("reason", ""), actor=actor, at=clock.now())
    return _show(request, person, tags=tags, consents=consents_of(person, actor), opened=True)


@sensitive_post_parameters("reason")
@require_POST
@for_keepers
def open_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open what is to be heeded of somebody's health: a look of its own."""
    actor = actor_of(request)
    tag = find_tag(actor, uid)
    plain = open_health(tag_id=tag.pk, reason=request.POST.get("reason", ""), actor=actor, at=clock.now())
    return _show(request, tag.resident, tags=[tag], opened=True, health={tag.pk: plain})


@sensitive_post_parameters("reason")
@require_POST
@for_keepers
def emergency(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Open everything to save life or health; the person is told afterwards."""
    actor = actor_of(request)
    person = find_resident(actor, uid)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    tags = look_in_emergency(resident_id=person.pk, reason=reason, actor=actor, at=clock.now())
    health = {tag.pk: tag.open_field("health") for tag in tags}
    return _show(request, person, tags=tags, opened=True, is_emergency=True, health=health)


def _show(
    request: HttpRequest,
    person: Resident,
    *,
    tags: list[CareTag] | None = None,
    health: Mapping[int, str] | None = None,
    **more: Any,
) -> HttpResponse:
    actor, at, told = actor_of(request), clock.now(), health or {}
    context = {
        "resident": person,
        "is_cared": has_care(person, actor, at),
        "holds_care": holds_care(person, actor, at),
        "tags": [{"tag": tag, "entry_id": uuid4(), "health": told.get(tag.pk)} for tag in tags or ()],
        "reason": request.POST.get("reason", ""),
        "opened": False,
        "is_emergency": False,
        "consents": [],
        "reasons": REASONS,
        "emergency_form": ReasonForm(initial={"entry_id": uuid4()}),
        "may_shelter": any(seat.rank == COMMUNITY_RANK for seat in actor.seats_with(Role.SECRETARY)),
        "back_url": reverse("register:resident", args=[person.uid]),
        **more,
    }
    return page(request, "register/care/of.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def act(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Show the form of an act, or carry it out once and go back to the mark."""
    actor, at = actor_of(request), clock.now()
    chosen = CARE_ACTS[verb]
    row = chosen.find(actor, uid)
    person = row if isinstance(row, Resident) else row.resident
    form = chosen.form(request.POST) if request.method == "POST" else chosen.form(initial={"entry_id": uuid4()})
    if isinstance(form, ConsentForm):
        is_child = is_under(person, CHILD_UNTIL, clock.local_date(at))
        form.offer(adults_around(person, actor, at), is_child=is_child)
    if request.method != "POST":
        return _blank_page(request, person, form, chosen.label)
    try:
        perform(verb, form, row, actor=actor, at=at)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _blank_page(request, person, form, chosen.label, status=status_of(refusal))
    response = redirect("care:of", person.uid)
    toasts.say(request, response, chosen.said)
    return response


def _blank_page(
    request: HttpRequest, person: Resident, form: VerbForm, label: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "label": label,
        "about": person.name,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("care:of", args=[person.uid]),
    }
    return page(request, "register/act.html", context, status=status)


@require_POST
@for_keepers
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is no longer needed."""
    actor = actor_of(request)
    tag = find_tag(actor, uid)
    end_care_tag(tag_id=tag.pk, actor=actor, at=clock.now())
    response = redirect("care:of", tag.resident.uid)
    toasts.say(request, response, "标记已结束，今晚删除。")
    return response


@require_POST
@for_keepers
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The person took a consent back by word."""
    actor = actor_of(request)
    given = find_consent(actor, uid)
    withdraw_consent(consent_id=given.pk, actor=actor, at=clock.now())
    response = redirect("care:of", given.resident.uid)
    toasts.say(request, response, "已撤回，靠它记的标记已删除。")
    return response


@require_safe
@for_keepers
def due(request: HttpRequest) -> HttpResponse:
    """Marks to be looked at again, consents asked anew, emergencies of which somebody is still to be told."""
    actor, at = actor_of(request), clock.now()
    context = {
        "due": due_care(actor, at),
        "asked": asked_consents(actor),
        "untold": untold_emergencies(actor),
        "back_url": reverse("register:houses"),
    }
    return page(request, "register/care/due.html", context)


@require_POST
@for_keepers
def told(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The person has been told of an emergency by word."""
    actor = actor_of(request)
    tell_of_emergency(use_id=find_emergency(actor, uid).pk, actor=actor, at=clock.now())
    response = redirect("care:due")
    toasts.say(request, response, "已记下。")
    return response
