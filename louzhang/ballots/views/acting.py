"""What pages of the desk share: who may open them, a form carried out once, a tap that leaves no request key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from louzhang.accounts.gates import signed_in
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actions import once
from louzhang.journal.forms import VerbForm, first_refusal, plain_body
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts

Do = Callable[[dict[str, Any], datetime], str]
for_people = signed_in


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page on the face of whoever reads it; nothing of it is kept by the browser."""
    is_desk = not actor_of(request).has_role(*FIELD_ROLES)
    base = "shell/desk.html" if is_desk else "shell/field.html"
    response = render(
        request, template, {"base": base, "is_desk": is_desk, "now": clock.now(), **context}, status=status
    )
    response["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, form: VerbForm, do: Do, *, label: str, back: str, said: str, **more: Any) -> HttpResponse:
    """Show a form, or carry it out once per entry id and go where `do` says. Not for anything an elector does."""
    context = {"form": form, "label": label, "back_url": back, **more}
    template = "ballots/desk/act.html"
    if request.method != "POST":
        return page(request, template, context | {"entry_id": form["entry_id"].value() or uuid4()})
    try:
        return _went(request, _once(request, form, do, label), said)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        entry_id = form["entry_id"].value() or uuid4()
        return page(request, template, context | {"entry_id": entry_id}, status=status_of(refusal))


def _went(request: HttpRequest, address: str, words: str) -> HttpResponse:
    response = redirect(address)
    toasts.say(request, response, words)
    return response


def _once(request: HttpRequest, form: VerbForm, do: Do, label: str) -> str:
    if not form.is_valid():
        raise first_refusal(form)
    at = clock.now()

    def perform() -> Mapping[str, Any]:
        return {"address": do(form.given(), at)}

    body = {"act": label, "path": request.path, **plain_body(form)}
    entry_id = form.cleaned_data["entry_id"]
    return str(once(actor=actor_of(request), entry_id=entry_id, body=body, at=at, perform=perform)["address"])


def tapped(request: HttpRequest, address: str, do: Callable[[], Any], said: str) -> HttpResponse:
    """One tap that does something about an elector: no request key, and a refusal is said on the page it leads to."""
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
