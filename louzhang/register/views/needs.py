"""需求清单: what was asked for where one keeps the register, and what a whole building asks for."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.views.settings_frame import turning
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import InputRefused, Refusal
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor
from louzhang.register.forms.acts import raised_once
from louzhang.register.forms.homes import NeedForm
from louzhang.register.models import Asking
from louzhang.register.queries.buildings import find_house
from louzhang.register.queries.needs import list_needs
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.shell.parts import Item


@require_safe
@for_keepers
def needs(request: HttpRequest) -> HttpResponse:
    """Open needs, the latest first; `?asking=` and `?ticked=1` in the URL."""
    actor = actor_of(request)
    asking = request.GET.get("asking", "")
    asking = asking if asking in Asking.values else ""
    with_ticked = request.GET.get("ticked") == "1"
    try:
        found = list_needs(actor, asking=asking, with_ticked=with_ticked, cursor=request.GET.get("cursor"))
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    places = spoken_places(need.area for need in found.rows)
    context = {
        "needs": [(need, places[need.area_id]) for need in found.rows],
        "filters": _filters(asking, with_ticked=with_ticked),
        "back_url": reverse("register:houses"),
        **turning(found, asking=asking, ticked="1" if with_ticked else ""),
    }
    return page(request, "register/needs.html", context)


def _filters(asking: str, *, with_ticked: bool) -> list[Item]:
    url, kept = reverse("register:needs"), "&ticked=1" if with_ticked else ""
    chips = [
        Item(label=label, url=url if asking == key else f"{url}?asking={key}{kept}", current=asking == key)
        for key, label in Asking.choices
    ]
    return [*chips, Item(label="已销号的也看", url=url if with_ticked else f"{url}?ticked=1", current=with_ticked)]


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def ask_for_house(request: HttpRequest, area_id: int) -> HttpResponse:
    """Note what a whole building asks for."""
    actor, at = actor_of(request), clock.now()
    area = find_house(actor, area_id)
    if request.method != "POST":
        return _need_page(request, NeedForm(initial={"entry_id": uuid4(), "asking": Asking.DOOR}), area)
    form = NeedForm(request.POST)
    try:
        raised_once(form, area, actor=actor, at=at)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _need_page(request, form, area, status=status_of(refusal))
    response = redirect("register:needs")
    toasts.say(request, response, "需求已记下。")
    return response


def _need_page(request: HttpRequest, form: NeedForm, area: Area, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "label": "记整栋的需求",
        "about": spoken_places([area])[area.pk],
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("register:house", args=[area.pk]),
    }
    return page(request, "register/act.html", context, status=status)
