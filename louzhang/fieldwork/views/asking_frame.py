"""What the pages of admissions, sheets and the burden share: who may open them, how a refusal stands in a form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Unit, UnitKind
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
NOT_HERE = "这个页面由各级办公室和区里的部门使用。物业、业委会和执法队不布置任务。"


def is_asker(actor: Actor) -> bool:
    """Whether somebody works in an office or a department; one query for who works in no office."""
    if actor.has_role(*OFFICE_ROLES):
        return True
    units = [seat.unit_id for seat in actor.seats_with(*UNIT_ROLES) if seat.unit_id is not None]
    return bool(units) and Unit.objects.filter(pk__in=units, kind=UnitKind.DEPARTMENT, ended_at=None).exists()


def for_askers(view: View[P]) -> View[P]:
    """Open a page to offices and departments."""

    @for_roles(*OFFICE_ROLES, *UNIT_ROLES)
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_asker(actor_of(request)):
            raise NotYours(NOT_HERE)
        return view(request, *args, **kwargs)

    return guarded


# Where the row itself is asked for, scope says who may read it.
for_members = for_roles(*OFFICE_ROLES, *UNIT_ROLES)


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the desk; nothing of it is kept by the browser."""
    response = render(request, template, {"now": clock.now(), **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def tried(form: Any, act: Callable[[], object]) -> int:
    """Do it; 200 when done, else the status of the refusal, whose sentence stands in the form."""
    try:
        act()
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return status_of(refusal)
    return 200
