"""The mediator's pages, and what desk and offices above see of them: that they exist, their states and dates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import RANKS, LevelKind
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock, codes
from louzhang.kit.lifecycle import Transition
from louzhang.mediation.actions import reveal_party
from louzhang.mediation.forms import MOVE_FORMS, MoveForm, StartForm, move_once, start_once
from louzhang.mediation.lifecycle import LOOP, MediationState, Tie
from louzhang.mediation.models import Mediation, Party
from louzhang.mediation.queries import (
    find_mediation,
    known_mediations,
    parties_of,
    said_in,
    terms_of,
    verbs_now,
)
from louzhang.shell import toasts
from louzhang.shell.parts import Verb
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries import STAFF, find_order
from louzhang.workorders.queries.place_lines import spoken_places
from louzhang.workorders.queries.places import own_places

LISTED = 100
HOME_RANK = RANKS[LevelKind.BUILDING]
REASONS = ("约时间谈话", "告诉对方的意思", "回访")
FOR_PRINT = "打印调解协议书"

for_mediators = for_roles(*FIELD_ROLES, *OFFICE_ROLES, *UNIT_ROLES)
for_starters = for_roles(*FIELD_ROLES, *OFFICE_ROLES)


def _base(actor: Actor) -> dict[str, Any]:
    """Field workers read it on the phone's face, offices and units at the desk."""
    is_desk = not actor.has_role(*FIELD_ROLES)
    return {"base": "workorders/desk/base.html" if is_desk else "shell/field.html", "is_desk": is_desk}


@for_mediators
@require_GET
def mediations(request: HttpRequest) -> HttpResponse:
    """All one may know of: the own with their places, the others with state and dates alone."""
    actor, at = actor_of(request), clock.now()
    rows = list(known_mediations(actor)[:LISTED])
    places = spoken_places((row.area for row in rows if row.may_read), from_rank=HOME_RANK)
    context = {
        **_base(actor),
        "own": [(row, places[row.area_id]) for row in rows if row.may_read],
        "others": [row for row in rows if not row.may_read],
        "may_start": actor.has_role(*FIELD_ROLES, *OFFICE_ROLES),
        "today": clock.local_date(at),
        "now": at,
    }
    return render(request, "mediation/list.html", context)


@for_starters
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start one, from an order (`?order=`) or free."""
    actor, at = actor_of(request), clock.now()
    order = _order(actor, request.GET.get("order", ""))
    if request.method != "POST":
        first = {"entry_id": uuid4(), "area": order.area_id if order else _only_seat(actor)}
        return _start_page(request, StartForm(initial=first), order, actor, at)
    given = request.POST.copy()
    if order is not None:
        given["area"] = str(order.area_id)
    form = StartForm(given)
    try:
        uid = start_once(form, order=order, actor=actor, at=at)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _start_page(request, form, order, actor, at, status=status_of(refusal))
    response = redirect("mediation:one", uid)
    toasts.say(request, response, "已经开始。请加上当事人，再记谈话。")
    return response


def _order(actor: Actor, number: str) -> WorkOrder | None:
    if not number:
        return None
    order = find_order(actor, number)
    if order is None or not order.relations_now & STAFF:
        raise NotThere("没有找到这件事，或它不在您的范围内。请核对工单号。")
    return order


def _only_seat(actor: Actor) -> int | None:
    seats = {seat.area_id for seat in actor.seats_with(*FIELD_ROLES)}
    return next(iter(seats)) if len(seats) == 1 else None


def _start_page(
    request: HttpRequest, form: StartForm, order: WorkOrder | None, actor: Actor, at: datetime, *, status: int = 200
) -> HttpResponse:
    groups = own_places(actor, at) if order is None else []
    context = {
        **_base(actor),
        "form": form,
        "order": order,
        "choices": [(group.label, [(c.value, c.label) for c in group.choices]) for group in groups],
        "chosen": form["area"].value(),
        "entry_id": form["entry_id"].value() or uuid4(),
        "now": at,
    }
    return render(request, "mediation/start.html", context, status=status)


@for_mediators
@require_GET
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One: everything for its mediator, state and dates for the rest."""
    return _show(request, find_mediation(actor_of(request), uid))


def _show(request: HttpRequest, mediation: Mediation, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    is_mediator = Tie.MEDIATOR in mediation.relations_now
    context = {
        **_base(actor),
        "mediation": mediation,
        "is_mediator": is_mediator,
        "place": spoken_places([mediation.area], from_rank=HOME_RANK)[mediation.area_id] if is_mediator else "",
        "talk": said_in(mediation) if mediation.may_read else [],
        "parties": [_side(party) for party in parties_of(mediation)] if is_mediator else [],
        "verbs": [_verb(step, mediation) for step in verbs_now(mediation)],
        "may_print": is_mediator and mediation.agreed_seq is not None and mediation.erased_at is None,
        "reasons": REASONS,
        "back_url": reverse("mediation:list"),
        "now": at,
        **more,
    }
    return render(request, "mediation/one.html", context, status=status)


def _side(party: Party) -> dict[str, Any]:
    return {
        "id": party.pk,
        "side": party.side,
        "name": party.masked_name,
        "phone": party.masked_phone,
        "code": codes.shown_tracking_code(party.open_field("code")) if party.code_sealed else "",
        "joined_at": party.joined_at,
    }


def _verb(step: Transition, mediation: Mediation) -> Verb:
    url = reverse("mediation:move", args=[mediation.uid, step.verb])
    return Verb(label=step.label, url=url, kind="main" if step.is_main else "danger" if step.is_grave else "plain")


@for_mediators
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One verb: its form, or doing it."""
    if verb not in LOOP:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor, at = actor_of(request), clock.now()
    mediation = find_mediation(actor, uid)
    if request.method != "POST":
        try:
            refuse_unless_open(LOOP, LOOP[verb], mediation)
        except TransitionRefused as refusal:
            return _show(request, mediation, status=409, refused=refusal.message)
        form = MOVE_FORMS[verb](initial={"entry_id": uuid4()}, mediation=mediation, at=at)
        return _move_page(request, form, verb, mediation)
    form = MOVE_FORMS[verb](request.POST, mediation=mediation, at=at)
    try:
        move_once(form, verb, mediation, actor, at)
    except (NotThere, NotYours):
        raise
    except TransitionRefused as refusal:
        return _show(request, find_mediation(actor, uid), status=409, refused=refusal.message)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _move_page(request, form, verb, mediation, status=status_of(refusal))
    response = redirect("mediation:one", uid) if verb != "hand_on" else redirect("mediation:list")
    toasts.say(request, response, f"{LOOP[verb].said}，已记下。")
    return response


def _move_page(
    request: HttpRequest, form: MoveForm, verb: str, mediation: Mediation, *, status: int = 200
) -> HttpResponse:
    context = {
        **_base(actor_of(request)),
        "mediation": mediation,
        "verb": LOOP[verb],
        "form": form,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("mediation:one", args=[mediation.uid]),
        "now": clock.now(),
    }
    return render(request, "mediation/move.html", context, status=status)


@for_mediators
@require_POST
def reveal(request: HttpRequest, uid: UUID, party_id: int) -> HttpResponse:
    """Open a side's name or number: with a reason, logged."""
    actor = actor_of(request)
    mediation = find_mediation(actor, uid, Tie.MEDIATOR)
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    plain = reveal_party(
        mediation_id=mediation.pk, party_id=party_id, what=what, reason=reason, actor=actor, at=clock.now()
    )
    response = _show(request, mediation, revealed={"id": party_id, "what": what, "plain": plain})
    response["Cache-Control"] = "no-store"
    return response


@for_mediators
@require_POST
def agreement(request: HttpRequest, uid: UUID) -> HttpResponse:
    """调解协议书 on one A4, to be signed; the names on it are opened for that, and logged."""
    actor, at = actor_of(request), clock.now()
    mediation = find_mediation(actor, uid, Tie.MEDIATOR)
    if mediation.agreed_seq is None or mediation.status not in (MediationState.AGREED, MediationState.FOLLOWED):
        raise TransitionRefused("还没有达成协议，不能打印协议书。")
    named = [(party.side, _opened(mediation, party, actor, at)) for party in parties_of(mediation)]
    context = {
        "mediation": mediation,
        "named": named,
        "terms": terms_of(mediation),
        "about": next((said.words for said in said_in(mediation) if said.verb == "start"), ""),
        "now": at,
        "back_url": reverse("mediation:one", args=[mediation.uid]),
    }
    response = render(request, "mediation/agreement.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _opened(mediation: Mediation, party: Party, actor: Actor, at: datetime) -> str:
    return reveal_party(mediation_id=mediation.pk, party_id=party.pk, what="name", reason=FOR_PRINT, actor=actor, at=at)
