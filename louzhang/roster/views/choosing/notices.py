"""公示: read and printed by anybody while it is up; objections with a code, answered by the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.kit.codes import shown_tracking_code
from louzhang.kit.qr import picture_of
from louzhang.roster.actions.choosing import ObjectionDraft, answer_objection, object_to_notice, reveal_objection
from louzhang.roster.forms.choosing import AnswerForm, CodeForm, ObjectForm
from louzhang.roster.lifecycle.choosing import ObjectionState, StepKind, Tie
from louzhang.roster.models.choosing import Round
from louzhang.roster.models.notice_objections import NoticeObjection
from louzhang.roster.queries.choosing.notices import (
    code_of,
    find_notice,
    find_objection,
    objection_by_code,
    office_of,
    places_on,
    words_of_objection,
)
from louzhang.roster.queries.choosing.rounds import step_marks
from louzhang.roster.views.choosing.frame import (
    act,
    blank,
    bound,
    for_offices,
    own_act,
    own_page,
    page,
    refuse_flood,
)

REASONS = ("向本人核实", "告诉本人结果")


def _context(request: HttpRequest, row: Round) -> dict[str, Any]:
    at = clock.now()
    office, phone = office_of(row, at)
    address = request.build_absolute_uri(reverse("choosing:notice", args=[row.uid]))
    return {
        "row": row,
        "places": places_on(row),
        "marks": [mark for mark in step_marks(row) if mark[1] == "left_out"],
        "office": office,
        "office_phone": phone,
        "address": address,
        "course": row.course(until=StepKind.NOTICE),
        "domain": request.get_host(),
        "now": at,
        "back_url": reverse("choosing:home"),
    }


@require_safe
def notice(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One notice, open to anybody; when it is over the names are gone from here."""
    return own_page(request, "roster/choosing/notice.html", _context(request, find_notice(uid)))


@require_safe
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same on A4 for the stairwell."""
    context = _context(request, find_notice(uid))
    context |= {
        "picture": picture_of(context["address"], title="这份公示的地址"),
        "back_url": reverse("choosing:notice", args=[uid]),
    }
    response = render(request, "roster/choosing/notice_sheet.html", context)
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody objects; nobody has to say who they are."""
    row = find_notice(uid)
    form = ObjectForm(bound(request), places=places_on(row), initial=blank())
    if request.method == "POST":
        refuse_flood(request, actor_of(request))

    def do(said: dict[str, Any], at: datetime) -> str:
        vacancy = UUID(said.pop("vacancy")) if said.get("vacancy") else None
        said.pop("vacancy", None)
        draft = ObjectionDraft(vacancy=vacancy, **said)
        entry_id = form.cleaned_data["entry_id"]
        made, _ = object_to_notice(round_uid=uid, draft=draft, actor=actor_of(request), at=at, entry_id=entry_id)
        return reverse("choosing:own_objection", args=[made.uid])

    about = f"{row.area.name}{row.seat_name}选任公示。社区核实以后答复您；答复之前，不会进入下一步。"
    back = reverse("choosing:notice", args=[uid])
    return own_act(request, form, do, label="提意见", back=back, said="意见收到了。请记下查询码。", about=about)


@require_safe
def own_objection(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What one has said and its answer, on the phone or account it was said with."""
    row = find_objection(actor_of(request), uid, Tie.OBJECTOR)
    return _own(request, row)


def _own(request: HttpRequest, row: NoticeObjection) -> HttpResponse:
    words, answer = words_of_objection(row)
    context = {
        "row": row,
        "words": words,
        "answer": answer,
        "code": shown_tracking_code(code_of(row.uid)),
        "now": clock.now(),
        "back_url": reverse("choosing:home"),
    }
    return own_page(request, "roster/choosing/own_objection.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def objection_code(request: HttpRequest) -> HttpResponse:
    """The same by the code, on any phone."""
    form = CodeForm(bound(request), initial=blank())
    context = {
        "form": form,
        "label": "看答复",
        "about": "填提意见时给您的十位查询码。",
        "back_url": reverse("choosing:home"),
        "entry_id": form["entry_id"].value(),
    }
    if request.method != "POST":
        return own_page(request, "register/act.html", context)
    refuse_flood(request, actor_of(request))
    if not form.is_valid():
        return own_page(request, "register/act.html", context, status=400)
    return _own(request, objection_by_code(form.cleaned_data["code"]))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def objection(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One at the desk: what it says, and its answer."""
    actor = actor_of(request)
    row = find_objection(actor, uid, Tie.DESK)
    form = AnswerForm(bound(request), initial=blank())
    back = reverse("choosing:round", args=[row.round.uid])

    def do(said: dict[str, Any], at: datetime) -> str:
        answer_objection(uid=uid, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return reverse("choosing:objection", args=[uid])

    return act(
        request, form, do, label="答复异议", back=back, said="答复了，提意见的人凭查询码能看到。",
        template="roster/choosing/objection.html", **_desk_context(row),
    )  # fmt: skip


def _desk_context(row: NoticeObjection) -> dict[str, Any]:
    words, answer = words_of_objection(row)
    is_open = row.status == ObjectionState.OPEN
    return {"row": row, "words": words, "answer": answer, "is_open": is_open, "reasons": REASONS}


@sensitive_post_parameters()
@require_POST
@for_offices
def reveal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who objected, with a reason that is logged."""
    actor, at = actor_of(request), clock.now()
    row = find_objection(actor, uid, Tie.DESK)
    plain = {what: _revealed(row, what, request.POST.get("reason", ""), actor, at) for what in ("name", "phone")}
    form = AnswerForm(initial=blank())
    context = {
        "form": form, "label": "答复异议", "entry_id": form["entry_id"].value(), "revealed": plain,
        "back_url": reverse("choosing:round", args=[row.round.uid]), **_desk_context(row),
    }  # fmt: skip
    return page(request, "roster/choosing/objection.html", context)


def _revealed(row: NoticeObjection, what: str, reason: str, actor: Actor, at: datetime) -> str:
    sealed = row.name_sealed if what == "name" else row.phone_sealed
    return reveal_objection(uid=row.uid, what=what, reason=reason, actor=actor, at=at) if sealed else ""
