"""案例库: searching and reading, writing one, the check before it goes out, another pair of eyes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.refusals import NotThere, TransitionRefused
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.writings import (
    comment_case,
    fetch_back_case,
    offer_case,
    publish_case,
    return_case,
    rewrite_case,
    take_back_case,
    write_case,
)
from louzhang.roster.forms.training.writings import CaseForm, ConfirmForm, ReasonForm, SayForm
from louzhang.roster.lifecycle.training.writings import CASES, CaseTie
from louzhang.roster.models.training import CaseStory, CourseSubject
from louzhang.roster.queries.training.writings import (
    abuses_of,
    case_verbs,
    cases_seen,
    cases_to_review,
    find_case,
    hints_for,
    lines_of,
    own_cases,
    signed,
    text_of,
)
from louzhang.roster.views.training.keeping_order import OrderKept
from louzhang.roster.views.training.parts import training_tabs
from louzhang.shell.parts import Item, Verb


@require_safe
@for_keepers
def listed(request: HttpRequest) -> HttpResponse:
    """Published cases, found by their words and what they are about; one's own, and those that wait for one's eyes."""
    actor = actor_of(request)
    words, subject = request.GET.get("q", "")[:60], request.GET.get("subject", "")
    subject = subject if subject in CourseSubject.values else ""
    url = reverse("training:cases")
    filters = [
        Item(label=label, url=url if value == subject else f"{url}?subject={value}", current=value == subject)
        for value, label in CourseSubject.choices
    ]
    context = {
        "rows": cases_seen(actor, words=words, subject=subject),
        "own": own_cases(actor),
        "to_review": cases_to_review(actor) if actor.has_role(*OFFICE_ROLES) else [],
        "words": words,
        "subject": subject,
        "filters": filters,
        "tabs": training_tabs("training:cases"),
        "back_url": reverse("training:asks"),
    }
    return page(request, "roster/training/cases.html", context)


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One case; before it is out, what in it could tell who somebody is."""
    actor = actor_of(request)
    case = find_case(actor, uid)
    told = text_of(case)
    is_out = case.status == "published"
    context = {
        "case": case,
        "told": told,
        "who": signed(case, actor),
        "hints": [] if is_out else hints_for(actor, told),
        "lines": lines_of(case, actor) if is_out else [],
        "abuses": abuses_of(case),
        "may_hide": CaseTie.REVIEWER in case.relations_now,
        "verbs": [_verb(step, case) for step in case_verbs(case)],
        "say": SayForm(initial={"entry_id": uuid4()}) if is_out else None,
        "say_url": reverse("training:case_say", args=[uid]),
        "abuse_name": "training:case_abuse",
        "hide_name": "training:case_hide",
        "back_url": reverse("training:cases"),
    }
    return page(request, "roster/training/case.html", context)


def _verb(step: Transition, case: CaseStory) -> Verb:
    url = reverse("training:case_move", args=[case.uid, step.verb])
    return Verb(label=step.label, url=url, kind="main" if step.is_main else "danger" if step.is_grave else "plain")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def write(request: HttpRequest) -> HttpResponse:
    """A new one: a draft that only its writer sees."""
    actor, back = actor_of(request), reverse("training:cases")
    form = CaseForm(bound(request), initial={"entry_id": uuid4()})

    def do(_said: dict[str, Any], at: datetime) -> str:
        case = write_case(draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return reverse("training:case", args=[case.uid])

    about = "先存成草稿，只有您看得到；看过一遍、再请别人看过，才会发布。"
    return act(request, form, do, label="写一个案例", about=about, back=back, said="草稿存好了。")


FORMS: dict[str, type[Any]] = {
    "rewrite": CaseForm,
    "offer": ConfirmForm,
    "return": ReasonForm,
    "fetch_back": ConfirmForm,
    "publish": ConfirmForm,
    "take_back": ConfirmForm,
}
PLAIN = {"fetch_back": fetch_back_case, "publish": publish_case, "take_back": take_back_case}


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """One verb of a case: its form, or doing it."""
    actor = actor_of(request)
    case = find_case(actor, uid)
    back = reverse("training:case", args=[uid])
    if verb not in FORMS:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    try:
        refuse_unless_open(CASES, CASES[verb], case)
    except TransitionRefused as refusal:
        if request.method != "POST":
            shown = {"case": case, "told": text_of(case), "who": signed(case, actor), "refused": refusal.message}
            return page(request, "roster/training/case.html", {**shown, "back_url": back}, status=409)
        raise
    if verb in PLAIN:
        return _plain(request, case, verb)
    form = _form(request, case, verb)

    def do(said: dict[str, Any], at: datetime) -> str:
        given = {"uid": uid, "actor": actor, "at": at, "entry_id": form.cleaned_data["entry_id"]}
        if verb == "rewrite":
            rewrite_case(draft=form.draft(), **given)
        elif verb == "offer":
            offer_case(is_confirmed=said["is_confirmed"], **given)
        else:
            return_case(reason=said["reason"], **given)
        return back

    told = text_of(case)
    more = {"hints": hints_for(actor, told), "told": told} if verb == "offer" else {}
    template = "roster/training/case_offer.html" if verb == "offer" else "register/act.html"
    step = CASES[verb]
    return act(request, form, do, label=step.label, about=told.title, back=back, said=f"{step.said}，已记下。",
               template=template, **more)  # fmt: skip


def _form(request: HttpRequest, case: CaseStory, verb: str) -> Any:
    told = text_of(case)
    standing = {"title": told.title, "words": told.words, "subject": case.subject, "byline": case.byline}
    first = {"entry_id": uuid4()} | (standing if verb == "rewrite" else {})
    return FORMS[verb](bound(request), initial=first)


def _plain(request: HttpRequest, case: CaseStory, verb: str) -> HttpResponse:
    """A verb that asks for nothing: asked once more on a page of its own, done by a tap."""
    actor, back = actor_of(request), reverse("training:case", args=[case.uid])
    step = CASES[verb]
    if request.method != "POST":
        context = {"verb": step, "told": text_of(case), "back_url": back, "entry_id": uuid4()}
        return page(request, "roster/training/sure.html", context)
    action: Any = PLAIN[verb]
    address = reverse("training:cases") if verb == "take_back" else back
    return tapped(request, address, lambda: action(uid=case.uid, actor=actor, at=clock.now()), f"{step.said}，已记下。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def say(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Something said on a published case."""
    actor = actor_of(request)
    find_case(actor, uid)
    back = reverse("training:case", args=[uid])
    form = SayForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], at: datetime) -> str:
        comment_case(uid=uid, words=said["words"], byline=said["byline"], actor=actor, at=at,
                     entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    return act(request, form, do, label="说一句", about="", back=back, said="说好了。")


_ORDER = OrderKept(what=CaseStory, find=find_case, page="training:case", listed="training:cases")
abuse, hide = _ORDER.abuse(), _ORDER.hide()
