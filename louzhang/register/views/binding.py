"""待认证: who says to be whom in the places one keeps; a yes opens nothing of their data."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.kit import clock
from louzhang.register.actions.binding import confirm_binding, decline_binding
from louzhang.register.queries.own import asked_bindings, find_asked_binding
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts


@require_safe
@for_keepers
def bindings(request: HttpRequest) -> HttpResponse:
    """Everybody who waits for a yes."""
    context = {"asked": asked_bindings(actor_of(request)), "back_url": reverse("register:houses")}
    return page(request, "register/care/bindings.html", context)


@require_POST
@for_keepers
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is them: I have met them."""
    actor = actor_of(request)
    confirm_binding(binding_id=find_asked_binding(actor, uid).pk, actor=actor, at=clock.now())
    return _back(request, "已确认，本人现在能看到自己的登记。")


@require_POST
@for_keepers
def decline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is not them."""
    actor = actor_of(request)
    decline_binding(binding_id=find_asked_binding(actor, uid).pk, actor=actor, at=clock.now())
    return _back(request, "已拒绝。")


def _back(request: HttpRequest, said: str) -> HttpResponse:
    response = redirect("care:bindings")
    toasts.say(request, response, said)
    return response
