"""代办帮办 for who runs them: what waits, one with its slip, handing over with a photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.spoken import spoken_places
from louzhang.fieldwork.actions.errands import reveal_errand
from louzhang.fieldwork.forms.errands import MOVE_FORMS, MoveForm, WriteErrandForm, ask_once, move_once
from louzhang.fieldwork.lifecycle.errands import LOOP, ErrandState, Tie
from louzhang.fieldwork.models import Errand
from louzhang.fieldwork.queries.errands import (
    find_errand,
    first_words,
    kept_errands,
    papers_of,
    said_in,
    verbs_now,
)
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.register.queries.cards import office_for
from louzhang.register.scope import keeping_seats
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.shell.parts import Item, Verb
from louzhang.workorders.views.telling import photos_of
from louzhang.workorders.views.uploads import picker, with_plain_files

LISTED = 200
REASONS = ("约时间", "上门取材料", "办好了告诉一声")
STAFF = (Tie.AGENT, Tie.KEEPER, Tie.DESK)


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for somebody, what is in hand, what was done."""
    actor = actor_of(request)
    is_done = request.GET.get("done") == "1"
    rows = kept_errands(actor)
    rows = rows.exclude(pk__in=rows.open().values("pk")).order_by("-id") if is_done else rows.open()
    errands = list(rows[:LISTED])
    words, places = first_words(errands), spoken_places(row.area for row in errands)
    url = reverse("errands:list")
    context = {
        "rows": [(row, words.get(row.pk, ""), places[row.area_id], Tie.AGENT in row.relations_now) for row in errands],
        "filters": [
            Item(label="要办的", url=url, current=not is_done),
            Item(label="办过的", url=f"{url}?done=1", current=is_done),
        ],
        "is_done": is_done,
        "may_write": bool(keeping_seats(actor)),
        "today": clock.local_date(clock.now()),
        "back_url": reverse("fieldwork_field:today"),
    }
    return page(request, "fieldwork/errands/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def write(request: HttpRequest) -> HttpResponse:
    """Write one down for somebody."""
    actor, at = actor_of(request), clock.now()
    if not keeping_seats(actor):
        raise NotYours("代办由楼长、网格员和社区来记。")
    form = WriteErrandForm(request.POST if request.method == "POST" else None, actor=actor,
                           initial={"entry_id": uuid4()})  # fmt: skip
    status = 200
    if request.method == "POST":
        try:
            area = _area(form)
            uid = ask_once(form, area=area, is_for_another=True, actor=actor, at=at)
        except (NotThere, NotYours):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            if form.is_valid():
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            response = redirect("errands:one", uid)
            toasts.say(request, response, "记下了。要办的话点“我来办”。")
            return response
    context = {
        "form": form,
        "label": "记一件代办",
        "about": "居民打电话、当面托的事，替他记下来。",
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("errands:list"),
    }
    return page(request, "register/act.html", context, status=status)


def _area(form: WriteErrandForm) -> Any:
    if not form.is_valid():
        return None  # `ask_once` says what is wrong
    return Area.objects.select_related("level").get(pk=form.cleaned_data["area"])


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One errand with what happened."""
    return _show(request, find_errand(actor_of(request), uid, *STAFF))


def _show(request: HttpRequest, errand: Errand, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    reads = bool(errand.relations_now & {Tie.AGENT, Tie.DESK})
    said = said_in(errand)
    context = {
        "errand": errand,
        "place": spoken_places([errand.area])[errand.area_id],
        "said": [(each, photos_of(each.files, actor, at)) for each in said],
        "has_slip": errand.status in (ErrandState.COLLECTED, ErrandState.HANDED) and Tie.AGENT in errand.relations_now,
        "may_reveal": reads and errand.erased_at is None,
        "verbs": [_verb(step, errand) for step in verbs_now(errand)],
        "reasons": REASONS,
        "back_url": reverse("errands:list"),
        **more,
    }
    return page(request, "fieldwork/errands/one.html", context, status=status)


def _verb(step: Any, errand: Errand) -> Verb:
    url = reverse("errands:move", args=[errand.uid, step.verb])
    return Verb(label=step.label, url=url, kind="main" if step.is_main else "danger" if step.is_grave else "plain")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One verb: its form, or doing it."""
    if verb not in MOVE_FORMS:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    actor, at = actor_of(request), clock.now()
    errand = find_errand(actor, uid, *STAFF)
    if request.method != "POST":
        try:
            refuse_unless_open(LOOP, LOOP[verb], errand)
        except TransitionRefused as refusal:
            return _show(request, errand, status=409, refused=refusal.message)
        return _move_page(request, MOVE_FORMS[verb](initial={"entry_id": uuid4()}, errand=errand, at=at), verb, errand)
    given = request.POST.copy()
    form = MOVE_FORMS[verb](given, errand=errand, at=at)
    try:
        with_plain_files(request, given, actor, at)
        move_once(form, verb, errand, actor, at)
    except (NotThere, NotYours):
        raise
    except TransitionRefused as refusal:
        return _show(request, find_errand(actor, uid, *STAFF), status=409, refused=refusal.message)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _move_page(request, form, verb, errand, chosen=given.getlist("photos"), status=status_of(refusal))
    response = redirect("errands:one", uid)
    toasts.say(request, response, f"{LOOP[verb].said}，已记下。")
    return response


def _move_page(
    request: HttpRequest, form: MoveForm, verb: str, errand: Errand, *, chosen: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    context = {
        "errand": errand,
        "verb": LOOP[verb],
        "form": form,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("errands:one", args=[errand.uid]),
        **(picker(actor, at, list(chosen)) if verb == "hand_over" else {}),
    }
    return page(request, "fieldwork/errands/move.html", context, status=status)


@sensitive_post_parameters()
@require_POST
@for_keepers
def reveal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Name, number or door, with a reason that is logged."""
    actor, at = actor_of(request), clock.now()
    errand = find_errand(actor, uid, Tie.AGENT, Tie.DESK)
    reason = request.POST.get("reason", "")
    plain = {
        what: reveal_errand(uid=uid, what=what, reason=reason, actor=actor, at=at)
        for what in ("name", "phone", "door")
        if getattr(errand, f"{what}_sealed")
    }
    return _show(request, errand, revealed=plain)


@require_safe
@for_keepers
def slip(request: HttpRequest, uid: UUID) -> HttpResponse:
    """收条 on A6: what was taken, by whom, when; the digits are on the asker's own phone."""
    errand = find_errand(actor_of(request), uid, Tie.AGENT)
    papers, taken_at = papers_of(errand)
    if not papers or errand.agent is None:
        raise TransitionRefused("还没有收材料，不用开收条。")
    office, office_phone = office_for(errand.area, clock.now())
    context = {
        "errand": errand,
        "place": spoken_places([errand.area])[errand.area_id],
        "papers": papers,
        "taken_at": taken_at,
        "agent": errand.agent,
        "office": office,
        "office_phone": office_phone,
        "domain": request.get_host(),
        "back_url": reverse("errands:one", args=[uid]),
    }
    response = render(request, "fieldwork/errands/slip.html", context)
    response["Cache-Control"] = "no-store"
    return response
