"""What the pages of choosing share: faces, forms carried out once, the marks of states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.gates import for_roles
from louzhang.accounts.limits import refuse_too_often
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock
from louzhang.register.views.acts import Do, act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.lifecycle.choosing import NomineeState, RoundState

__all__ = ["act", "blank", "bound", "for_offices", "for_reviewers", "own_act", "own_page", "page", "tapped"]

for_offices = for_roles(*OFFICE_ROLES)
for_reviewers = for_roles(Role.GRID_WORKER, Role.GRID_LEAD, *OFFICE_ROLES)
PHONE = {"base": "shell/phone.html", "is_desk": False}
CHIPS: Mapping[str, str] = {
    RoundState.EMPTY: "overdue",
    RoundState.NOTICING: "soon",
    RoundState.APPOINTED: "ok",
    RoundState.BROKEN: "closed",
    NomineeState.NAMED: "waiting",
    NomineeState.STANDING: "unit",
    NomineeState.PASSED: "ok",
    NomineeState.CHOSEN: "ok",
    NomineeState.APPOINTED: "ok",
}


def chip_of(status: str) -> str:
    """The kind of mark a state gets."""
    return CHIPS.get(status, "plain")


def blank() -> dict[str, Any]:
    """What a form begins with."""
    return {"entry_id": uuid4()}


def own_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page on the residents' face, whoever reads it."""
    return page(request, template, {**PHONE, **context}, status=status)


def own_act(
    request: HttpRequest, form: VerbForm, do: Do, *, label: str, back: str, said: str, **more: Any
) -> HttpResponse:
    """A form on the residents' face, carried out once."""
    return act(request, form, do, label=label, back=back, said=said, **{**PHONE, **more})


def refuse_flood(request: HttpRequest, actor: Actor) -> None:
    """Raise `TooOften` for a phone or a network that sends too much; call outside a transaction."""
    key = str(actor.user_id or actor.device)
    keys = {"choosing.device": key, "choosing.address": neighbourhood(client_address(request))}
    refuse_too_often(keys, clock.now())


def with_query(url: str, **asked: Any) -> str:
    """An address with what is asked; blanks are left out."""
    said = {name: value for name, value in asked.items() if value not in ("", None, False)}
    return f"{url}?{urlencode(said, doseq=True)}" if said else url
