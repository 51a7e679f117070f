"""我的楼: the buildings one keeps, one of them as a picture or a table, and a door entered there."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.register.beside import Ground, sections_beside
from louzhang.register.forms.acts import found_once
from louzhang.register.forms.homes import DoorForm
from louzhang.register.queries.buildings import House, find_house, kept_houses, leaves_of
from louzhang.register.queries.elevation import elevation_of
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.views.tabs import register_tabs
from louzhang.shell import toasts
from louzhang.shell.parts import Item

VIEWS = {"": "立面", "table": "列表"}


@require_safe
@for_keepers
def houses(request: HttpRequest) -> HttpResponse:
    """All buildings one keeps, with how many homes and people; offices above are led to numbers."""
    actor = actor_of(request)
    kept = kept_houses(actor)
    context = {"houses": kept, "cells": [_cell(house) for house in kept], "tabs": register_tabs(request)}
    return page(request, "register/houses.html", context | {"back_url": reverse("field:today")})


def _cell(house: House) -> Item:
    """A building as a line to tap on a phone."""
    known = [f"{house.dwellings} 套", f"{house.people} 人"]
    empty = [f"空置 {house.vacant}"] if house.vacant else []
    estate = f"{house.area.estate.name} " if house.area.estate else ""
    return Item(
        label=f"{estate}{house.area.name}",
        url=reverse("register:house", args=[house.area.pk]),
        icon="building",
        note=" · ".join([house.where, *known, *empty]),
    )


@require_safe
@for_keepers
def house(request: HttpRequest, area_id: int) -> HttpResponse:
    """One building: the picture, or the same homes as a table (`?view=table`)."""
    actor, at = actor_of(request), clock.now()
    area = find_house(actor, area_id)
    view = request.GET.get("view", "")
    elevation = elevation_of(area, actor, at)
    url = reverse("register:house", args=[area.pk])
    context = {
        "area": area,
        "place": elevation.place,
        "elevation": elevation,
        "view": view if view in VIEWS else "",
        "views": [
            Item(label=label, url=f"{url}?view={key}" if key else url, current=key == view)
            for key, label in VIEWS.items()
        ],
        "kinds": {cell.dwelling.kind_id: cell.dwelling.kind for cell in elevation.cells if cell.dwelling.kind}.values(),
        "sections": sections_beside(Ground(area), actor, at),
        "has_vacant": any(cell.is_vacant for cell in elevation.cells),
        "has_due": any(cell.is_due for cell in elevation.cells),
        "has_cared": any(cell.is_cared for cell in elevation.cells),
        "people": sum(cell.people for cell in elevation.cells),
        "back_url": reverse("register:houses"),
    }
    return page(request, "register/house.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def found(request: HttpRequest, area_id: int) -> HttpResponse:
    """Enter a door of a building."""
    actor, at = actor_of(request), clock.now()
    area = find_house(actor, area_id)
    leaves = leaves_of(area, actor)
    if request.method != "POST":
        return _door_page(request, _door_form(leaves, area), area)
    form = _door_form(leaves, area, request)
    try:
        found_once(form, leaves, actor=actor, at=at)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _door_page(request, form, area, status=status_of(refusal))
    response = redirect("register:house", area.pk)
    toasts.say(request, response, "门牌已登记。")
    return response


def _door_form(leaves: list[Area], area: Area, request: HttpRequest | None = None) -> DoorForm:
    form = DoorForm(request.POST) if request is not None else DoorForm(initial={"entry_id": uuid4()})
    form.prepare({"leaf": [(str(leaf.pk), leaf.name if leaf.pk != area.pk else "整栋") for leaf in leaves]})
    return form


def _door_page(request: HttpRequest, form: DoorForm, area: Area, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "label": "登记门牌",
        "about": spoken_places([area])[area.pk],
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("register:house", args=[area.pk]),
    }
    return page(request, "register/act.html", context, status=status)
