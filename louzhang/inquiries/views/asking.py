"""The resident's pages: ask, the own questions, one with its answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.limits import refuse_too_often
from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.areas.models import Area
from louzhang.areas.queries import setting
from louzhang.inquiries.actions import ask_more, close_inquiry
from louzhang.inquiries.forms import AskForm, MoreForm, act_once, ask_once
from louzhang.inquiries.lifecycle import Tie
from louzhang.inquiries.models import Inquiry
from louzhang.inquiries.queries import find_inquiry, first_words, keepers_at, own_inquiries, said_in, verbs_now
from louzhang.inquiries.views.turning import turn_page
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.models import Channel
from louzhang.workorders.queries.places import Place, place_at, place_of
from louzhang.workorders.views.reporting import PLACE_COOKIE, paused_words, remember_place

LISTED = 50
NO_PLACE = "请选择社区和楼栋，问题才能送到网格员那里。"


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """One question about the own place; the place is remembered on this phone."""
    if request.method != "POST":
        place = place_at(request.COOKIES.get(PLACE_COOKIE, ""))
        response = _ask_page(request, AskForm(initial={"entry_id": uuid4()}), place)
        ensure_device_cookie(request, response)
        return response
    given = request.POST
    place = place_of(given.get("community", ""), given.get("building", ""), given.get("stairwell", ""))
    form = AskForm(given)
    if "go" in given:
        return _ask_page(request, AskForm(initial=given.dict()), place)
    if place.area is None or not form.is_valid():
        return _ask_page(request, form, place, status=400)
    return _send(request, form, place.area)


def _send(request: HttpRequest, form: AskForm, area: Area) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    try:
        refuse_flood(request, actor)
        uid = ask_once(form, area=area, actor=actor, at=at)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _ask_page(request, form, place_at(str(area.pk)), status=status_of(refusal))
    response = redirect("inquiries:one", uid)
    remember_place(request, response, PLACE_COOKIE, area)
    toasts.say(request, response, "已经问了，有回答会出现在这里。")
    return response


def refuse_flood(request: HttpRequest, actor: Actor) -> None:
    """Count a question of a phone without an account; raises `TooOften`."""
    if actor.kind is ActorKind.DEVICE:
        address = neighbourhood(client_address(request))
        refuse_too_often({"inquiry.device": actor.device, "inquiry.address": address}, clock.now())


def _ask_page(request: HttpRequest, form: AskForm, place: Place, *, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        "form": form,
        "place": place,
        "no_place": NO_PLACE if status == 400 and place.area is None else "",
        "keepers": keepers_at(place.area, at) if place.area is not None else [],
        "entry_id": form["entry_id"].value() or uuid4(),
        "paused": paused_words(actor_of(request), at),
        "now": at,
    }
    return render(request, "inquiries/ask.html", context, status=status)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What this person or phone has asked."""
    rows = list(own_inquiries(actor_of(request))[:LISTED])
    words = first_words(rows)
    lines = [{"inquiry": row, "words": words.get(row.pk, "")} for row in rows]
    return render(request, "inquiries/mine.html", {"lines": lines, "now": clock.now()})


@require_GET
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One question with what was said, and what the asker can do."""
    return _show(request, find_inquiry(actor_of(request), uid, Tie.ASKER))


def _show(request: HttpRequest, inquiry: Inquiry, *, status: int = 200, **more: Any) -> HttpResponse:
    at = clock.now()
    context = {
        "inquiry": inquiry,
        "talk": said_in(inquiry),
        "verbs": {transition.verb for transition in verbs_now(inquiry)},
        "form": MoreForm(initial={"entry_id": uuid4()}),
        "entry_id": uuid4(),
        "hotline": setting("hotline", at),
        "now": at,
        **more,
    }
    return render(request, "inquiries/one.html", context, status=status)


@require_POST
def close(request: HttpRequest, uid: UUID) -> HttpResponse:
    """明白了: nothing more to say."""
    return _act(request, uid, VerbForm(request.POST), close_inquiry, "谢谢，这个提问结束了。")


@require_POST
def more(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One thing more."""
    return _act(request, uid, MoreForm(request.POST), ask_more, "已经问了，有回答会出现在这里。")


def _act(request: HttpRequest, uid: UUID, form: VerbForm, action: Any, said: str) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    inquiry = find_inquiry(actor, uid, Tie.ASKER)
    try:
        if action is ask_more:
            refuse_flood(request, actor)
        act_once(form, action, inquiry, actor, at)
    except NotThere:
        raise
    except Refusal as refusal:
        fresh = find_inquiry(actor, uid, Tie.ASKER)
        typed = {"refused": refusal.message, "typed": form.data.get("words", "")}
        return _show(request, fresh, status=status_of(refusal), **typed)
    response = redirect("inquiries:one", uid)
    toasts.say(request, response, said)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The asker makes it a matter with a number and a time."""
    inquiry = find_inquiry(actor_of(request), uid, Tie.ASKER)
    return turn_page(
        request,
        inquiry,
        base="shell/phone.html",
        channel=Channel.RESIDENT,
        leads_to="phone:one",
        back_url=reverse("inquiries:one", args=[uid]),
    )
