"""代办帮办 for residents: ask, see how far it is, say that it is well."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.fieldwork.forms.errands import MOVE_FORMS, AskErrandForm, ask_once, move_once
from louzhang.fieldwork.lifecycle.errands import LOOP, ErrandState, Tie
from louzhang.fieldwork.models import Errand
from louzhang.fieldwork.queries.errands import find_errand, first_words, own_errands, said_in
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.workorders.views.asking_here import AskingPage
from louzhang.workorders.views.telling import photos_of

LISTED = 50
OWN_VERBS = ("confirm", "not_yet", "withdraw")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What this person or phone has asked for."""
    rows = list(own_errands(actor_of(request))[:LISTED])
    words = first_words(rows)
    context = {"rows": [(row, words.get(row.pk, "")) for row in rows], "now": clock.now()}
    return render(request, "fieldwork/errands/mine.html", context)


def _send(form: AskErrandForm, area: Area, actor: Actor, at: datetime) -> str:
    return ask_once(form, area=area, is_for_another=False, actor=actor, at=at)


ASKING = AskingPage(
    form=AskErrandForm,
    template="fieldwork/errands/ask.html",
    no_place="请选择社区和楼栋，代办才能送到楼长那里。",
    leads_to="errands:own",
    said="已经告诉楼长和网格员，有人接了会显示在这里。",
    send=_send,
)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for one at the own place, which the phone remembers."""
    return ASKING.answer(request)


@require_safe
def own(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of one's own: how far, who, the digits for when it comes back."""
    return _show(request, find_errand(actor_of(request), uid, Tie.ASKER))


def _show(request: HttpRequest, errand: Errand, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    allowed = {step.verb for step in LOOP.allowed(errand.status, errand.relations_now & {Tie.ASKER})}
    context = {
        "errand": errand,
        "said": [(each, photos_of(each.files, actor, at)) for each in said_in(errand)],
        "code": errand.open_field("code") if errand.status == ErrandState.HANDED else "",
        "verbs": allowed,
        "entry_id": uuid4(),
        "now": at,
        **more,
    }
    response = render(request, "fieldwork/errands/own.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """It is well; it is not yet; it is not needed any more."""
    if verb not in OWN_VERBS:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor, at = actor_of(request), clock.now()
    errand = find_errand(actor, uid, Tie.ASKER)
    form = MOVE_FORMS[verb](request.POST, errand=errand, at=at)
    try:
        move_once(form, verb, errand, actor, at)
    except NotThere:
        raise
    except Refusal as refusal:
        return _show(request, find_errand(actor, uid, Tie.ASKER), status=status_of(refusal), refused=refusal.message)
    response = redirect(reverse("errands:own", args=[uid]))
    toasts.say(request, response, "谢谢，记下了。")
    return response
