"""联系卡 and the page of a building: made by their holders, printed, read by anybody, checked at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.gates import for_roles
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import once
from louzhang.journal.forms import first_refusal, plain_body
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.kit.qr import picture_of
from louzhang.register.actions.cards import make_card
from louzhang.register.beside import links_at
from louzhang.register.card_lines import lines_for
from louzhang.register.forms.cards import CardForm, CodeForm
from louzhang.register.queries.buildings import find_house
from louzhang.register.queries.cards import (
    Shown,
    house_by_uid,
    office_for,
    own_post,
    own_posts,
    public_card,
    todays_code,
    who_looks_after,
    whose_code,
)
from louzhang.register.views.doorstep import for_field
from louzhang.register.views.frame import for_keepers, page
from louzhang.register.visit_codes import is_code_of
from louzhang.shell import toasts


@require_safe
@for_field
def own_cards(request: HttpRequest) -> HttpResponse:
    """Today's digits and the card of each own post."""
    at = clock.now()
    rows = [{"shown": shown, "code": todays_code(shown.post, at)} for shown in own_posts(actor_of(request), at)]
    context = {"rows": rows, "user_id": actor_of(request).user_id, "back_url": reverse("register:notebook")}
    return page(request, "register/cards.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def make(request: HttpRequest, post_id: int) -> HttpResponse:
    """Make the card of an own post, or change what stands on it."""
    actor, at = actor_of(request), clock.now()
    shown = own_post(actor, post_id, at)
    if request.method != "POST":
        return _form_page(request, CardForm(initial=_standing(shown)), shown)
    form = CardForm(request.POST)
    try:
        if not form.is_valid():
            raise first_refusal(form)
        once(
            actor=actor,
            entry_id=form.cleaned_data["entry_id"],
            body={"act": "card.make", "post": post_id, **plain_body(form)},
            at=at,
            perform=lambda: {"card": str(make_card(post_id=post_id, actor=actor, at=at, **form.given()).uid)},
        )
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _form_page(request, form, shown, status=status_of(refusal))
    response = redirect("register:cards")
    toasts.say(request, response, "联系卡已做好。")
    return response


def _standing(shown: Shown) -> dict[str, Any]:
    card = shown.card
    if card is None:
        return {"entry_id": uuid4()}
    return {"entry_id": uuid4(), "phone": card.open_field("phone"), "hours": card.hours, "duties": card.duties}


def _form_page(request: HttpRequest, form: CardForm, shown: Shown, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "label": "做联系卡" if shown.card is None else "改联系卡",
        "about": f"{shown.place} {shown.title}",
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("register:cards"),
    }
    return page(request, "register/act.html", context, status=status)


@require_safe
@for_field
def print_card(request: HttpRequest, post_id: int) -> HttpResponse:
    """The card on A6: who, duties, how to reach, the code to scan; never today's digits."""
    shown = own_post(actor_of(request), post_id, clock.now())
    if shown.card is None:
        return redirect("register:card_make", post_id)
    address = request.build_absolute_uri(reverse("cards:card", args=[shown.card.uid]))
    context = {**_card_context(request, shown), "address": address, "back_url": reverse("register:cards")}
    context["picture"] = picture_of(address, title="联系卡的地址")
    return render(request, "register/card_print.html", context)


def _card_context(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    office, office_phone = office_for(shown.post.area, clock.now()) if shown.post.area else ("", "")
    return {
        "shown": shown,
        "lines": lines_for(shown.post.role),
        "phone": shown.card.open_field("phone") if shown.card is not None else "",
        "office": office,
        "office_phone": office_phone,
        "domain": request.get_host(),
    }


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A card as residents read it; the digits of whoever stands at the door are checked here."""
    at = clock.now()
    shown = public_card(uid, at)
    form, verdict = CodeForm(request.POST or None), ""
    if request.method == "POST":
        _refuse_guessing(request, uid)
        if form.is_valid():
            is_right = is_code_of(shown.post.pk, clock.local_date(at), form.cleaned_data["code"])
            verdict = "right" if is_right else "wrong"
    context = {**_card_context(request, shown), "form": form, "verdict": verdict}
    response = render(request, "register/card.html", context, status=400 if request.POST and not verdict else 200)
    response["Cache-Control"] = "no-store"
    return response


def _refuse_guessing(request: HttpRequest, uid: UUID) -> None:
    address = neighbourhood(client_address(request))
    kinds = {"visit.device": actor_of(request).device, "visit.address": address, "visit.card": str(uid)}
    refuse_too_often(kinds, clock.now())


@require_safe
def house(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who looks after a building and where to report; nothing of any home in it."""
    area = house_by_uid(uid)
    context = {**_house_context(request, area), "links": links_at(area, clock.now())}
    return render(request, "register/house_public.html", context)


def _house_context(request: HttpRequest, area: Area) -> dict[str, Any]:
    at = clock.now()
    office, office_phone = office_for(area, at)
    return {
        "area": area,
        "place": spoken_places([area])[area.pk],
        "people": who_looks_after(area, at),
        "office": office,
        "office_phone": office_phone,
        "report_url": f"{reverse('phone:report')}?place={area.pk}",
        "domain": request.get_host(),
    }


@require_safe
@for_keepers
def poster(request: HttpRequest, area_id: int) -> HttpResponse:
    """The sheet for the door of a building with the code to scan."""
    area = find_house(actor_of(request), area_id)
    address = request.build_absolute_uri(reverse("cards:house", args=[area.uid]))
    context = {
        **_house_context(request, area),
        "address": address,
        "picture": picture_of(address, title="本楼页面的地址"),
        "back_url": reverse("register:house", args=[area.pk]),
    }
    return render(request, "register/poster.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*OFFICE_ROLES)
def visitor(request: HttpRequest) -> HttpResponse:
    """A resident calls and says the digits: the desk reads whose they are today."""
    form, found, is_asked = CodeForm(request.POST or None), [], False
    if request.method == "POST" and form.is_valid():
        refuse_too_often({"visit.desk": str(actor_of(request).user_id)}, clock.now())
        is_asked = True
        found = whose_code(actor_of(request), form.cleaned_data["code"], clock.now())
    context = {"form": form, "found": found, "is_asked": is_asked, "back_url": reverse("register:houses")}
    status = 400 if request.method == "POST" and not is_asked else 200
    return page(request, "register/visitor.html", context, status=status)
