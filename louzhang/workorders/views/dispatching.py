"""交办: units that serve the place first, any unit by two characters, a seat inside it, and what they will read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from louzhang.accounts.visits import visit_of
from louzhang.areas.models import Post, Unit
from louzhang.journal.walker import refuse_unless_open
from louzhang.workorders.forms import verb_form
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.forms.proposals import read_proposal, signed_proposal
from louzhang.workorders.lifecycle import LOOP, RESIDENT_LABELS, State
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.addressees import SHORTEST_WORDS, Addressee, addressees, seat_label, seats_in
from louzhang.workorders.queries.choices import Choice
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.proposals import propose
from louzhang.workorders.views.desk import for_desk, order_of
from louzhang.workorders.views.rows import where_of


def dispatch_context(order: WorkOrder, form: VerbForm, at: datetime, *, searches: bool = False) -> dict[str, Any]:
    """What the dispatch form shows: at first what is proposed and why, then what has been typed and chosen.

    Whoever `searches` wants another unit than the one chosen so far, unless the search finds that one.
    """
    if not form.is_bound:
        return _opened(order, at)
    words = str(form.data.get("unit_words", ""))
    token = str(form.data.get("proposal", ""))
    chosen = _chosen(form["unit"].value())
    units = addressees(order, words, at)
    if (searches or form.data.get("look")) and chosen is not None and len(words.strip()) >= SHORTEST_WORDS:
        chosen = next((each.unit for each in units if each.unit.pk == chosen.pk), None)
    units = _with_chosen(units, chosen)
    return {
        "proposal": read_proposal(token),
        "proposal_token": token,
        "unit_words": words,
        "units": units,
        "unit": chosen,
        "seats": seat_choices(chosen, order, at),
        "seat": form["seat"].value(),
        **preview_context(order, chosen, str(form["note"].value() or "")),
    }


def _opened(order: WorkOrder, at: datetime) -> dict[str, Any]:
    """The dialog as it opens: the proposed unit is chosen, and who in it where the rule says so."""
    proposal = propose(order, at)
    unit = proposal.unit if proposal is not None else None
    token = signed_proposal(proposal, order) if proposal is not None else ""
    posts = _seats(unit, order, at)
    role = proposal.seat_role if proposal is not None else ""
    seat = next((post.pk for post in posts if role and post.role == role), None)
    return {
        "proposal": read_proposal(token) if token else None,
        "proposal_token": token,
        "unit_words": "",
        "units": _with_chosen(addressees(order, "", at), unit),
        "unit": unit,
        "seats": [Choice(post.pk, seat_label(post)) for post in posts],
        "seat": seat,
        **preview_context(order, unit, ""),
    }


def _with_chosen(units: list[Addressee], chosen: Unit | None) -> list[Addressee]:
    """The units with the chosen one on top, also where the search does not find it."""
    if chosen is None:
        return units
    found = next((each for each in units if each.unit.pk == chosen.pk), Addressee(chosen, serves=False))
    return [found, *(each for each in units if each.unit.pk != chosen.pk)]


def _seats(unit: Unit | None, order: WorkOrder, at: datetime) -> list[Post]:
    return seats_in(unit, order, at) if unit is not None else []


def _chosen(typed: Any) -> Unit | None:
    number = str(typed or "")
    is_id = number.isdecimal() and len(number) < 19
    if not is_id:
        return None
    return Unit.objects.select_related("office_area__level").filter(pk=int(number), ended_at=None).first()


def seat_choices(unit: Unit | None, order: WorkOrder, at: datetime) -> list[Choice]:
    """The seats of a unit as choices of a select."""
    return [Choice(post.pk, seat_label(post)) for post in _seats(unit, order, at)]


def preview_context(order: WorkOrder, unit: Unit | None, note: str) -> dict[str, Any]:
    """What the unit and the resident will read once it is dispatched."""
    place = spoken_places([order.area]).get(order.area_id, "")
    return {
        "order": order,
        "unit": unit,
        "note": note,
        "where": where_of(order, place),
        "resident_words": RESIDENT_LABELS[State.DISPATCHED],
    }


@require_POST
@for_desk
def units(request: HttpRequest, number: str) -> HttpResponse:
    """The units again after something was typed into the search of the dialog."""
    order, form = _dispatchable(request, number)
    context = dispatch_context(order, form, visit_of(request).at, searches=True)
    return render(request, "workorders/desk/parts/units.html", context)


@require_POST
@for_desk
def choice(request: HttpRequest, number: str) -> HttpResponse:
    """Seats of the chosen unit, and the preview."""
    order, form = _dispatchable(request, number)
    return render(request, "workorders/desk/parts/seats.html", dispatch_context(order, form, visit_of(request).at))


@require_POST
@for_desk
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What the unit and the resident will read, for what is chosen and typed now."""
    order, form = _dispatchable(request, number)
    context = preview_context(order, _chosen(form["unit"].value()), str(form["note"].value() or ""))
    return render(request, "workorders/desk/parts/preview.html", context)


def _dispatchable(request: HttpRequest, number: str) -> tuple[WorkOrder, VerbForm]:
    """The order, if the actor may dispatch it now, and the form as far as it is filled."""
    order = order_of(request, number)
    refuse_unless_open(LOOP, LOOP["dispatch"], order)
    return order, verb_form("dispatch", request.POST)
