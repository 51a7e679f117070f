"""The resident's pages: ask, the own questions, one with its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries import setting
from louzhang.inquiries.actions import ask_more, close_inquiry
from louzhang.inquiries.forms import AskForm, MoreForm, act_once, ask_once
from louzhang.inquiries.lifecycle import Tie
from louzhang.inquiries.models import Inquiry
from louzhang.inquiries.queries import find_inquiry, first_words, keepers_at, own_inquiries, said_in, verbs_now
from louzhang.inquiries.views.turning import turn_page
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.workorders.forms.fields import VerbForm
from louzhang.workorders.models import Channel
from louzhang.workorders.queries.places import Place
from louzhang.workorders.views.asking_here import AskingPage, refuse_flood

LISTED = 50


def _send(form: AskForm, area: Area, actor: Actor, at: datetime) -> UUID:
    return ask_once(form, area=area, actor=actor, at=at)


def _keepers(place: Place, at: datetime) -> dict[str, Any]:
    """Who will read it, once a place is chosen."""
    return {"keepers": keepers_at(place.area, at) if place.area is not None else []}


ASKING = AskingPage(
    form=AskForm,
    template="inquiries/ask.html",
    no_place="请选择社区和楼栋，问题才能送到网格员那里。",
    leads_to="inquiries:one",
    said="已经问了，有回答会出现在这里。",
    send=_send,
    more=_keepers,
)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """One question about the own place; the place is remembered on this phone."""
    return ASKING.answer(request)


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
