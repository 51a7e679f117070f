"""交接班: written with what the program has filled in, countersigned by the next person."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES, UNIT_ROLES
from louzhang.duty.forms import HandoverForm, SignForm, sign_once, write_once
from louzhang.duty.lifecycle import LOOP
from louzhang.duty.models import Handover
from louzhang.duty.queries import LISTED, find_handover, find_unit, open_promises, open_reds, orders_of, words_of
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.shell import toasts

for_desk = for_roles(*OFFICE_ROLES, *UNIT_ROLES)


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Sign over: the open red cases and promises stand there already."""
    actor, at = actor_of(request), clock.now()
    unit = find_unit(actor, number_of(request.GET.get("unit")))
    if unit.pk not in actor.unit_ids:
        raise NotYours("交接班由在这个单位值班的人写。")
    posted = request.method == "POST"
    first = {"entry_id": uuid4()}
    form = HandoverForm(request.POST if posted else None, initial=first, unit=unit, actor=actor, at=at)
    status = 200
    if posted:
        try:
            uid = write_once(form, unit=unit, actor=actor, at=at)
        except Refusal as refusal:
            if form.is_valid():
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = status_of(refusal)
        else:
            response = redirect("duty:handover", uid)
            toasts.say(request, response, "交接班已写好，等接班的人签字。")
            return response
    context = {
        "unit": unit,
        "form": form,
        "entry_id": form["entry_id"].value() or uuid4(),
        "reds": list(open_reds(actor, unit)[:LISTED]),
        "promises": list(open_promises(actor, unit, at)[:LISTED]),
        "now": at,
    }
    return render(request, "duty/write.html", context, status=status)


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One sign-over: read, and signed by the next person."""
    actor, at = actor_of(request), clock.now()
    found = find_handover(actor, uid)
    if request.method != "POST":
        return _show(request, found, actor, SignForm(initial={"entry_id": uuid4()}))
    form = SignForm(request.POST)
    try:
        sign_once(form, handover=found, actor=actor, at=at)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        return _show(
            request, find_handover(actor, uid), actor, form, refused=refusal.message, status=status_of(refusal)
        )
    response = redirect("duty:handover", uid)
    toasts.say(request, response, "已签字接班。")
    return response


def _show(
    request: HttpRequest, found: Handover, actor: Actor, form: SignForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "handover": found,
        "words": words_of(found),
        "reds": orders_of(actor, found.red_ids),
        "promises": orders_of(actor, found.promised_ids),
        "may_sign": bool(LOOP.allowed(found.status, found.relations_now)),
        "form": form,
        "entry_id": form["entry_id"].value() or uuid4(),
        "refused": refused,
        "now": clock.now(),
    }
    return render(request, "duty/handover.html", context, status=status)
