"""What every page of the register shares: who may open it, the face it has, how a change answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.scope import keeping_seats

for_keepers = for_roles(*FIELD_ROLES, *OFFICE_ROLES)


def face_of(actor: Actor) -> dict[str, Any]:
    """Who works in the field reads it on the phone's face, offices at the desk."""
    is_desk = not actor.has_role(*FIELD_ROLES)
    return {"base": "shell/desk.html" if is_desk else "shell/field.html", "is_desk": is_desk}


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page with its face and the moment; nothing of it is kept by the browser."""
    actor = actor_of(request)
    whole = {**face_of(actor), "keeps": bool(keeping_seats(actor)), "now": clock.now(), **context}
    response = render(request, template, whole, status=status)
    response["Cache-Control"] = "no-store"
    return response
