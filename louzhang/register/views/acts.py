"""What pages that do something share: a form is shown, or carried out once; a refusal stands by its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from louzhang.accounts.visits import actor_of
from louzhang.journal.actions import once
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.views.frame import page
from louzhang.shell import toasts

Do = Callable[[dict[str, Any], datetime], str]


def act(
    request: HttpRequest,
    form: VerbForm,
    do: Do,
    *,
    label: str,
    back: str,
    said: str,
    about: str = "",
    template: str = "register/act.html",
    **more: Any,
) -> HttpResponse:
    """Show a form, or carry it out once per entry id and go where `do` says."""
    context = {"form": form, "label": label, "about": about, "back_url": back, **more}
    if request.method != "POST":
        return page(request, template, context | {"entry_id": form["entry_id"].value() or uuid4()})
    try:
        return went(request, _once(request, form, do, label), said)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        entry_id = form["entry_id"].value() or uuid4()
        return page(request, template, context | {"entry_id": entry_id}, status=status_of(refusal))


def _once(request: HttpRequest, form: VerbForm, do: Do, label: str) -> str:
    if not form.is_valid():
        raise first_refusal(form)
    at = clock.now()

    def perform() -> Mapping[str, Any]:
        return {"address": do(form.given(), at)}

    body = {"act": label, "path": request.path, **plain_body(form)}
    entry_id = form.cleaned_data["entry_id"]
    return str(once(actor=actor_of(request), entry_id=entry_id, body=body, at=at, perform=perform)["address"])


def went(request: HttpRequest, address: str, words: str) -> HttpResponse:
    """Go on to a page and say there what was done."""
    response = redirect(address)
    toasts.say(request, response, words)
    return response


def tapped(request: HttpRequest, address: str, do: Callable[[], Any], said: str) -> HttpResponse:
    """One tap that does something; a refusal is said on the page it leads back to."""
    response = redirect(address)
    try:
        do()
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        toasts.say(request, response, refusal.message, tone="error")
        return response
    toasts.say(request, response, said)
    return response


def bound(request: HttpRequest) -> Any:
    """What a form is bound to: the body of a POST, nothing otherwise."""
    return request.POST if request.method == "POST" else None
