"""What those in dispute see: their code opens it, then what was said and agreed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock, codes
from louzhang.mediation.actions import join_mediation
from louzhang.mediation.lifecycle import Tie
from louzhang.mediation.queries import find_mediation, parties_of, said_in


@require_http_methods(["GET", "HEAD", "POST"])
def open_by_code(request: HttpRequest) -> HttpResponse:
    """A code of the mediator opens the own mediation on this phone; trying codes is limited."""
    if request.method != "POST":
        return render(request, "mediation/open.html", {"typed": ""})
    actor, at = actor_of(request), clock.now()
    typed = request.POST.get("code", "")[:60]
    address = neighbourhood(client_address(request))
    refuse_too_often({"tracking.device": actor.device, "tracking.address": address}, at)
    try:
        mediation = join_mediation(code=codes.normal_tracking_code(typed) or "", actor=actor, at=at)
    except NotThere as refusal:
        context = {"typed": typed, "wrong": refusal.message}
        return render(request, "mediation/open.html", context, status=404)
    return redirect("mediation:read", mediation.uid)


@require_GET
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was said and agreed, for one of the sides."""
    mediation = find_mediation(actor_of(request), uid, Tie.PARTY)
    context = {
        "mediation": mediation,
        "talk": said_in(mediation),
        "parties": parties_of(mediation),
        "now": clock.now(),
    }
    return render(request, "mediation/read.html", context)
