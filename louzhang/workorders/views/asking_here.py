"""Asking something at the own place, on a resident's phone: the place is chosen, remembered, and the form sent once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.areas.models import Area
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.workorders.queries.places import Place, place_at, place_of
from louzhang.workorders.views.reporting import PLACE_COOKIE, paused_words, remember_place


def nothing_more(_place: Place, _at: datetime) -> Mapping[str, Any]:
    """A page that shows no more than its form."""
    return {}


@dataclass(frozen=True, slots=True)
class AskingPage:
    """One such page: `send` asks, in the place chosen, and gives the id of what `leads_to` then shows."""

    form: type[Form]
    template: str
    no_place: str
    leads_to: str
    said: str
    send: Callable[[Any, Area, Actor, datetime], UUID | str]
    more: Callable[[Place, datetime], Mapping[str, Any]] = nothing_more

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Show the form, show it again with another place, or send it."""
        if request.method != "POST":
            place = place_at(request.COOKIES.get(PLACE_COOKIE, ""))
            response = self._page(request, self.form(initial={"entry_id": uuid4()}), place)
            ensure_device_cookie(request, response)
            return response
        given = request.POST
        place = place_of(given.get("community", ""), given.get("building", ""), given.get("stairwell", ""))
        form = self.form(given)
        if "go" in given:
            return self._page(request, self.form(initial=given.dict()), place)
        if place.area is None or not form.is_valid():
            return self._page(request, form, place, status=400)
        return self._sent(request, form, place.area)

    def _sent(self, request: HttpRequest, form: Form, area: Area) -> HttpResponse:
        actor, at = actor_of(request), clock.now()
        try:
            refuse_flood(request, actor)
            uid = self.send(form, area, actor, at)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self._page(request, form, place_at(str(area.pk)), status=status_of(refusal))
        response = redirect(self.leads_to, uid)
        remember_place(request, response, PLACE_COOKIE, area)
        toasts.say(request, response, self.said)
        return response

    def _page(self, request: HttpRequest, form: Form, place: Place, *, status: int = 200) -> HttpResponse:
        at = clock.now()
        context = {
            "form": form,
            "place": place,
            "no_place": self.no_place if status == 400 and place.area is None else "",
            "entry_id": form["entry_id"].value() or uuid4(),
            "paused": paused_words(actor_of(request), at),
            "now": at,
            **self.more(place, at),
        }
        return render(request, self.template, context, status=status)


def refuse_flood(request: HttpRequest, actor: Actor) -> None:
    """Count what a phone without an account asks, questions and errands together; raises `TooOften`."""
    if actor.kind is ActorKind.DEVICE:
        address = neighbourhood(client_address(request))
        refuse_too_often({"inquiry.device": actor.device, "inquiry.address": address}, clock.now())
