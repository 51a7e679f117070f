"""What became of a report, told to a page without JavaScript as a page, to the outbox of a phone as JSON."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url

from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, Refusal
from louzhang.workorders.forms.reports import find_receipt


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, not somebody who waits for a page."""
    return request.headers.get("Accept") == "application/json"


def received(request: HttpRequest, name: str, entry_id: UUID) -> HttpResponse:
    """The report is stored; the receipt is at this address."""
    return JsonResponse({"url": resolve_url(name, entry_id)}) if wants_json(request) else redirect(name, entry_id)


def not_received(form: forms.Form, *, status: int, entry_id: str = "") -> HttpResponse:
    """The sentences by field; a new id where the old one has been used up by an earlier sending."""
    return JsonResponse({"errors": form.errors, "entry_id": entry_id}, status=status)


def id_after(refusal: Refusal, actor: Actor, entry_id: str) -> str:
    """A new id for what is to be sent as another report; empty where the old one has not been used."""
    if not isinstance(refusal, Conflict):
        return ""
    try:
        used = find_receipt(actor, UUID(entry_id)) is not None
    except ValueError:
        return ""
    return str(uuid4()) if used else ""
