"""The own months, what lies behind a figure, an objection, being heard; and the names that everybody may read."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.queries import district
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.appraisal import hear, object_to_figure, take_back_objection
from louzhang.roster.actions.appraisal.reviewing import WAYS
from louzhang.roster.forms.appraisal import HearForm, ObjectionForm
from louzhang.roster.indicators import KINDS
from louzhang.roster.lifecycle.appraisal import OBJECTION, REVIEW, Tie
from louzhang.roster.queries.appraisal.behind import WORDS_FROM, behind, comments_for
from louzhang.roster.queries.appraisal.chances import in_hundred
from louzhang.roster.queries.appraisal.desk import history_of
from louzhang.roster.queries.appraisal.figures import commended_lately, find_standing, months_of, spoken
from louzhang.roster.queries.appraisal.rulings import find_objection, find_review, objections_about, own_reviews
from louzhang.roster.reckoning import FORMULA

for_field = for_roles(*FIELD_ROLES)
for_people = for_roles(*FIELD_ROLES, *OFFICE_ROLES)


@require_safe
@for_field
def mine(request: HttpRequest) -> HttpResponse:
    """The own months, what waits for one's word."""
    actor, user = actor_of(request), visit_of(request).user
    context = {
        "months": months_of(user) if isinstance(user, User) else [],
        "reviews": own_reviews(actor),
        "back_url": reverse("field:today"),
    }
    return page(request, "roster/appraisal/mine.html", context)


@require_safe
@for_people
def month(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One month of a person: figures with their intervals, the own place, words of residents, how it is computed."""
    actor = actor_of(request)
    standing = find_standing(actor, uid)
    is_own = standing.user_id == actor.user_id
    context = {
        "standing": standing,
        "figures": spoken(standing, standing.month.scheme.indicators.all()),
        "is_own": is_own,
        "comments": comments_for(standing),
        "comments_from": WORDS_FROM,
        "objections": objections_about(standing),
        "formula": FORMULA,
        "back_url": reverse("appraisal:mine") if is_own else reverse("appraisal:month", args=[standing.month.uid]),
    }
    return page(request, "roster/appraisal/own_month.html", context)


@require_safe
@for_people
def rows(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """The rows behind a figure, as far as the reader may see them."""
    actor = actor_of(request)
    standing = find_standing(actor, uid)
    if kind not in standing.figures:
        raise NotThere("没有这个数字，请回到上一页重新选。")
    figures = spoken(standing, standing.month.scheme.indicators.all())
    context = {
        "standing": standing,
        "figure": next(each for each in figures.figures if each.kind == kind),
        "behind": behind(standing, kind, actor),
        "is_own": standing.user_id == actor.user_id,
        "back_url": reverse("appraisal:own", args=[uid]),
    }
    return page(request, "roster/appraisal/rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def objecting(request: HttpRequest, uid: UUID) -> HttpResponse:
    """对数字有异议: which one, and why."""
    actor = actor_of(request)
    standing = find_standing(actor, uid)
    if standing.user_id != actor.user_id:
        raise NotThere("没有找到这个数字，或它不是您的。")
    kinds = [(each.kind, each.label) for each in standing.month.scheme.indicators.all()]
    first = {"entry_id": uuid4(), "kind": request.GET.get("kind", "")}
    form = ObjectionForm(bound(request), kinds=kinds, initial=first)

    def do(said: dict[str, Any], at: Any) -> str:
        entry_id = form.cleaned_data["entry_id"]
        raised = object_to_figure(standing_uid=uid, actor=actor, at=at, entry_id=entry_id, **said)
        return reverse("appraisal:objection", args=[raised.uid])

    return act(
        request, form, do, label="对数字有异议", about="社区 5 个工作日内答复：更正，或说明理由。",
        back=reverse("appraisal:own", args=[uid]), said="交给社区了。",
    )  # fmt: skip


@require_safe
@for_people
def objection(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One objection with what was said, for whom it is about and for who answers."""
    actor = actor_of(request)
    found = find_objection(actor, uid)
    is_own = Tie.SELF in found.relations_now
    context = {
        "objection": found,
        "kind": KINDS[found.kind],
        "said": [each for each in history_of(found) if each.words or each.verb != "object"],
        "verbs": [step.verb for step in OBJECTION.allowed(found.status, found.relations_now)],
        "is_own": is_own,
        "back_url": reverse("appraisal:own", args=[found.standing.uid]) if is_own else reverse("appraisal:objections"),
    }
    return page(request, "roster/appraisal/objection.html", context)


@require_POST
@for_field
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The person no longer objects."""
    actor, at = actor_of(request), clock.now()
    found = find_objection(actor, uid)
    here = reverse("appraisal:objection", args=[uid])
    return tapped(request, here, lambda: take_back_objection(objection_id=found.pk, actor=actor, at=at), "收回了。")


@require_safe
@for_people
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One review: why, whether chance explains it, what the person said, what was decided."""
    actor = actor_of(request)
    found = find_review(actor, uid)
    is_own = Tie.SELF in found.relations_now
    context = {
        "review": found,
        "chance": {key: in_hundred(value) for key, value in found.chance.items() if key in SHARES},
        "said": history_of(found),
        "ways": WAYS,
        "verbs": [step.verb for step in REVIEW.allowed(found.status, found.relations_now)],
        "is_own": is_own,
        "back_url": reverse("appraisal:mine") if is_own else reverse("appraisal:reviews"),
    }
    return page(request, "roster/appraisal/review.html", context)


SHARES = ("one", "anybody", "year", "own", "somebody")


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def hearing(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The person says it, or the office writes down what was said."""
    actor = actor_of(request)
    found = find_review(actor, uid)
    is_own = found.user_id == actor.user_id
    ways = {way: words for way, words in WAYS.items() if (way == "own") is is_own}
    form = HearForm(bound(request), ways=ways, initial={"entry_id": uuid4()})
    here = reverse("appraisal:review", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        hear(review_id=found.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    about = "您怎么看、遇到了什么难处，写在这里；社区决定以前一定会看。" if is_own else "先听本人说，才能决定。"
    return act(request, form, do, label="听本人说", about=about, back=here, said="记下了。")


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Names that were commended in the last months: all that anybody reads of an appraisal."""
    root = district()
    rows = commended_lately(root) if root is not None else []
    months = sorted({row.month for row in rows}, reverse=True)
    context = {"rows": rows, "months": months, "now": clock.now(), "back_url": reverse("phone:home")}
    return render(request, "roster/appraisal/commended.html", context)
