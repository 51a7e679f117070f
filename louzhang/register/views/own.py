"""我的登记: who one is here, the own entry, who looked at it, what one may ask of it. On the resident's phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of, ensure_device_cookie
from louzhang.journal.actor import Actor
from louzhang.journal.forms import VerbForm, first_refusal
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.register.actions import reveal_resident
from louzhang.register.actions.binding import ask_binding, end_binding
from louzhang.register.actions.caring import open_health
from louzhang.register.actions.consenting import give_consent, withdraw_consent
from louzhang.register.actions.rights import (
    ask_right,
    note_copy,
    retract_request,
    withdraw_own_consent,
)
from louzhang.register.beside import own_sections
from louzhang.register.copies import NAME, copy_of
from louzhang.register.forms.care import carry_out
from louzhang.register.forms.rights import BindForm, CorrectionForm
from louzhang.register.lifecycle import RequestState
from louzhang.register.models import Right
from louzhang.register.queries.care import find_tag
from louzhang.register.queries.own import (
    doors_of,
    find_own_consent,
    find_own_request,
    looks_at,
    own_entry,
    own_requests,
    own_resident,
)
from louzhang.register.queries.requests import spoken_left
from louzhang.shell import toasts

OWN = "本人查看"
SEALED = {"phone": "电话", "id_number": "证件号码", "birth_date": "出生日期"}
ASKED = "已提交。您的楼长或社区见到您本人、核对以后，这里就能打开。"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The own entry, or the way to be recognised."""
    return _home(request)


def _home(request: HttpRequest, **more: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    resident = _own_or_none(actor)
    context: dict[str, Any] = {"resident": resident, "now": at, **more}
    if resident is not None:
        context |= {
            "entry": own_entry(resident, actor, at),
            "sections": own_sections(resident, actor, at),
            "place": doors_of([resident])[resident.pk],
            "sealed": [(what, label) for what, label in SEALED.items() if getattr(resident, f"{what}_sealed")],
        }
    response = _page(request, "register/own/home.html", context)
    if request.method in ("GET", "HEAD"):
        ensure_device_cookie(request, response)
    return response


def _own_or_none(actor: Actor) -> Any:
    try:
        return own_resident(actor)
    except NotThere:
        return None


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: HttpRequest) -> HttpResponse:
    """认证本人: name and a number; whether they are known is never answered."""
    if request.method != "POST":
        response = _form_page(request, BindForm(initial={"entry_id": uuid4()}), "认证本人", "提交")
        ensure_device_cookie(request, response)
        return response
    form = BindForm(request.POST)
    try:
        if not form.is_valid():
            raise first_refusal(form)
        given = form.given()
        ask_binding(**given, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        return _refused(request, form, refusal, "认证本人", "提交")
    response = redirect("own:home")
    toasts.say(request, response, ASKED)
    return response


@require_POST
def unbind(request: HttpRequest) -> HttpResponse:
    """This phone or account is nobody's any more."""
    end_binding(actor=actor_of(request), at=clock.now())
    return _back(request, "own:home", "已解除，这里不再显示您的登记。")


@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    """One's own number in full; a look like any other."""
    actor, at = actor_of(request), clock.now()
    what = request.POST.get("what", "")
    resident = own_resident(actor)
    plain = reveal_resident(resident_id=resident.pk, what=what, reason=OWN, actor=actor, at=at)
    return _home(request, revealed={"label": SEALED[what], "plain": plain or "没有登记"})


@require_POST
def health(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What is noted of one's own health; a look like any other."""
    actor, at = actor_of(request), clock.now()
    tag = find_tag(actor, uid)
    if tag.resident_id != own_resident(actor).pk:
        raise NotThere("没有找到这个标记，或它不是关于您的。")
    plain = open_health(tag_id=tag.pk, reason=OWN, actor=actor, at=at)
    return _home(request, revealed={"label": "健康情况", "plain": plain or "没有登记"})


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """谁看过: everybody who opened something of the own entry, and why."""
    resident = _own_or_none(actor_of(request))
    context = {"resident": resident, "looks": looks_at(resident) if resident else [], "now": clock.now()}
    return _page(request, "register/own/looks.html", context)


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """我的权利: what one may ask, what one has asked, and by when it is answered."""
    actor, at = actor_of(request), clock.now()
    resident = _own_or_none(actor)
    rows = [
        {
            "request": row,
            "is_open": row.status == RequestState.ASKED,
            "reason": reason,
            "left": spoken_left(row, at),
        }
        for row, reason in own_requests(actor)
    ]
    context = {"resident": resident, "rows": rows, "entry_id": uuid4(), "now": at}
    return _page(request, "register/own/rights.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """更正: which column is wrong, and what it should be."""
    own_resident(actor_of(request))
    if request.method != "POST":
        return _form_page(request, CorrectionForm(initial={"entry_id": uuid4()}), "请求更正", "提交")
    form = CorrectionForm(request.POST)
    actor, at = actor_of(request), clock.now()

    def perform() -> None:
        ask_right(right=Right.CORRECT, actor=actor, at=at, **form.given())

    return _ask(request, form, perform, "请求更正")


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """删除: ask that the whole entry goes."""
    actor, at = actor_of(request), clock.now()
    form = VerbForm(request.POST)

    def perform() -> None:
        ask_right(right=Right.DELETE, actor=actor, at=at)

    carry_out(form, "rights.delete", perform, actor=actor, at=at)
    return _back(request, "own:rights", "已提交，会在 15 个工作日里答复您。")


def _ask(request: HttpRequest, form: VerbForm, perform: Callable[[], None], label: str) -> HttpResponse:
    try:
        carry_out(form, label, perform, actor=actor_of(request), at=clock.now())
    except NotThere:
        raise
    except Refusal as refusal:
        return _refused(request, form, refusal, label, "提交")
    return _back(request, "own:rights", "已提交，会在 15 个工作日里答复您。")


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """复制一份: everything about oneself as a file."""
    actor, at = actor_of(request), clock.now()
    resident = own_resident(actor)
    note_copy(actor=actor, at=at)
    response = HttpResponse(copy_of(resident, actor, at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{NAME}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def retract(request: HttpRequest, uid: UUID) -> HttpResponse:
    """收回: no longer wanted."""
    actor = actor_of(request)
    retract_request(request_id=find_own_request(actor, uid).pk, actor=actor, at=clock.now())
    return _back(request, "own:rights", "已收回。")


@require_POST
def give(request: HttpRequest, uid: UUID) -> HttpResponse:
    """同意: to what was asked."""
    actor = actor_of(request)
    give_consent(consent_id=find_own_consent(actor, uid).pk, actor=actor, at=clock.now())
    return _back(request, "own:home", "已记下您的同意，随时可以撤回。")


@require_POST
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """撤回同意 in one tap, or no to what was asked; for one's ward too."""
    actor, at = actor_of(request), clock.now()
    consent = find_own_consent(actor, uid)
    act = withdraw_own_consent if consent.given_at is not None else withdraw_consent
    act(consent_id=consent.pk, actor=actor, at=at)
    return _back(request, "own:home", "已撤回，靠它记的标记已删除。" if consent.given_at else "已记下您不同意。")


def _back(request: HttpRequest, name: str, said: str) -> HttpResponse:
    response = redirect(name)
    toasts.say(request, response, said)
    return response


def _refused(request: HttpRequest, form: VerbForm, refusal: Refusal, label: str, button: str) -> HttpResponse:
    if form.is_valid():
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _form_page(request, form, label, button, status=status_of(refusal))


def _form_page(request: HttpRequest, form: VerbForm, label: str, button: str, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "label": label,
        "button": button,
        "is_binding": isinstance(form, BindForm),
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("own:home" if isinstance(form, BindForm) else "own:rights"),
        "now": clock.now(),
    }
    return _page(request, "register/own/form.html", context, status=status)
