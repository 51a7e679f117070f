"""个人信息保护 at the desk: what was assessed and switched on, and drafts of notices after a leak."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.queries import setting
from louzhang.areas.rights import READERS, may_keep_district
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.actions.assessing import switch_off, switch_on, write_assessment
from louzhang.register.breaches import drafts_of
from louzhang.register.forms.care import carry_out
from louzhang.register.forms.rights import AssessmentForm, BreachForm
from louzhang.register.queries.assessments import Assessable, all_assessable, find_assessment
from louzhang.shell import toasts

for_readers = for_roles(*READERS)
for_reporters = for_roles(*OFFICE_ROLES, Role.SECURITY_ADMIN)


@require_safe
@for_readers
def assessments(request: HttpRequest) -> HttpResponse:
    """Everything that needs an assessment, and what of it is in use."""
    context = {"rows": all_assessable(), "may_keep": may_keep_district(actor_of(request))}
    return render(request, "register/rights/assessments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def assess(request: HttpRequest, target: str, code: str) -> HttpResponse:
    """Write an assessment; the last one stands in the fields."""
    actor, at = actor_of(request), clock.now()
    thing = _thing(target, code)
    if not may_keep_district(actor):
        raise NotYours("影响评估由系统管理员写，您可以查看。")
    if request.method != "POST":
        last = thing.latest
        names = ("purpose", "necessity", "risks", "measures")
        first = {name: getattr(last, name) for name in names} if last else {}
        return _assess_page(request, AssessmentForm(initial={"entry_id": uuid4(), **first}), thing)
    form = AssessmentForm(request.POST)

    def perform() -> None:
        write_assessment(target=target, code=code, assessed=form.assessed(), actor=actor, at=at)

    try:
        carry_out(form, f"assess.{target}.{code}", perform, actor=actor, at=at)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _assess_page(request, form, thing, status=status_of(refusal))
    return _back(request, "评估已保存。现在可以启用。")


def _thing(target: str, code: str) -> Assessable:
    for thing in all_assessable():
        if (thing.target, thing.code) == (target, code):
            return thing
    raise NotThere("没有这一项，请回到列表重新选。")


def _assess_page(request: HttpRequest, form: AssessmentForm, thing: Assessable, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "thing": thing, "entry_id": form["entry_id"].value() or uuid4()}
    return render(request, "register/rights/assess.html", context, status=status)


@require_POST
@for_readers
def turn_on(request: HttpRequest, uid: UUID) -> HttpResponse:
    """启用: by this assessment."""
    actor = actor_of(request)
    switch_on(assessment_id=find_assessment(uid).pk, actor=actor, at=clock.now())
    return _back(request, "已启用。")


@require_POST
@for_readers
def turn_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """停用: nothing new of it."""
    actor = actor_of(request)
    switch_off(assessment_id=find_assessment(uid).pk, actor=actor, at=clock.now())
    return _back(request, "已停用，原有的到期删除。")


def _back(request: HttpRequest, said: str) -> HttpResponse:
    response = redirect("protection:assessments")
    toasts.say(request, response, said)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_reporters
def breach(request: HttpRequest) -> HttpResponse:
    """Draft the two notices of a leak; they are shown to be copied and printed, and not stored."""
    at = clock.now()
    if request.method != "POST":
        form = BreachForm(initial={"happened_on": clock.local_date(at), "contact": setting("hotline", at)})
        return _breach_page(request, form)
    form = BreachForm(request.POST)
    if not form.is_valid():
        return _breach_page(request, form, status=400)
    place = str(setting("place_name", at))
    return _breach_page(request, form, drafts=drafts_of(form.given(), place=place, today=clock.local_date(at)))


def _breach_page(
    request: HttpRequest, form: BreachForm, *, drafts: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "drafts": drafts or [], "here": reverse("protection:assessments")}
    return render(request, "register/rights/breach.html", context, status=status)
