"""One act on a dwelling, household, resident or need: its form, or doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.register.forms.acts import ACTS, Act, perform_once
from louzhang.register.forms.homes import PlaceForm
from louzhang.register.models import Dwelling, Household, Need, Resident
from louzhang.register.queries.buildings import find_house, house_of, houses_to_choose
from louzhang.register.queries.homes import (
    doors_in,
    family_of,
    find_dwelling,
    find_household,
    find_need,
    find_resident,
    living_households,
)
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.views.homes import place_of
from louzhang.shell import toasts

FINDERS: Mapping[str, Callable[[Actor, UUID], Any]] = {
    "dwelling": find_dwelling,
    "household": find_household,
    "resident": find_resident,
    "need": find_need,
}
TODAY = ("on", "since")
# Fields of a resident that are chosen from one building at a time.
OF_A_HOUSE = {"household", "door"}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def act(request: HttpRequest, kind: str, uid: UUID, verb: str) -> HttpResponse:
    """Show the form of an act, or carry it out and go back to the row."""
    chosen = ACTS.get((kind, verb))
    if chosen is None:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor, at = actor_of(request), clock.now()
    row = FINDERS[kind](actor, uid)
    house = _house_asked_for(request, row, actor)
    if request.method != "POST":
        first = {"entry_id": uuid4(), **_first(row, chosen, at)}
        return _act_page(request, _form(chosen, row, house, actor, at, initial=first), chosen, row)
    form = _form(chosen, row, house, actor, at, data=request.POST)
    try:
        perform_once(chosen, form, row, actor=actor, at=at)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _act_page(request, form, chosen, row, status=status_of(refusal))
    response = redirect(home_of(row))
    toasts.say(request, response, f"{chosen.said}。")
    return response


def _house_asked_for(request: HttpRequest, row: Any, actor: Actor) -> Area | None:
    """Of a resident: the own building, or another one that was chosen (`?to=`)."""
    if not isinstance(row, Resident):
        return None
    chosen = number_of(request.GET.get("to"))
    return house_of(row.area) if chosen is None else find_house(actor, chosen)


def _form(chosen: Act, row: Any, house: Area | None, actor: Actor, at: datetime, **options: Any) -> PlaceForm:
    form = chosen.form(**options)
    form.prepare(_choices(form, row, house, actor, at))
    return form


def _choices(
    form: PlaceForm, row: Any, house: Area | None, actor: Actor, at: datetime
) -> dict[str, list[tuple[str, str]]]:
    """The people of a household, or the doors or households of a building, where the form asks for one."""
    if "resident" in form.fields and isinstance(row, Household):
        family = family_of(row, actor, at)
        return {"resident": [(str(one.resident.pk), one.resident.name) for one in family.people if not one.is_head]}
    if "door" in form.fields and house is not None:
        return {"door": [("", "不在这个楼"), *doors_in(house.path, actor)]}
    if "household" in form.fields and house is not None:
        return {"household": [("", "请选择"), *living_households(house.path, actor, at)]}
    return {}


def _first(row: Any, chosen: Act, at: datetime) -> dict[str, Any]:
    """What a form shows first: what stands in the row, and today for days."""
    names = chosen.form.base_fields
    first: dict[str, Any] = {name: clock.local_date(at) for name in TODAY if name in names}
    source = getattr(row, "reach", row) if chosen.verb == "reach" else row
    if chosen.verb in ("alter", "kind", "correct", "reach"):
        first |= {name: getattr(source, name) for name in names if hasattr(source, name) and name != "id_number"}
        first |= {"kind": row.kind_id} if chosen.verb == "kind" else {}
    return first


def home_of(row: Any) -> str:
    """The page of the row a change was made on."""
    if isinstance(row, Need):
        home = row.household
        return reverse("register:household", args=[home.uid]) if home else reverse("register:needs")
    return reverse(f"register:{row.subject_kind}", args=[row.uid])


def _act_page(request: HttpRequest, form: PlaceForm, chosen: Act, row: Any, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "label": chosen.label,
        "is_grave": chosen.is_grave,
        "about": about(row),
        "houses": houses_to_choose(actor_of(request))
        if isinstance(row, Resident) and OF_A_HOUSE & form.fields.keys()
        else [],
        "house": request.GET.get("to", ""),
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": home_of(row),
    }
    return page(request, "register/act.html", context, status=status)


def about(row: Any) -> str:
    """A row in words: the place of a home, the name of a person, what is needed."""
    if isinstance(row, Dwelling):
        return place_of(row)
    if isinstance(row, Household):
        return place_of(row.dwelling)
    return str(row.name) if isinstance(row, Resident) else str(row.summary)
