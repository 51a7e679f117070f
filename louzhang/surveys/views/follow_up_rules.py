"""跟进规则: which answers of a survey need somebody, set by the office that asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actions import once
from louzhang.journal.forms import plain_body
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal
from louzhang.kit import clock
from louzhang.register.views.frame import page
from louzhang.shell import toasts
from louzhang.surveys.actions.following_up import add_follow_up_rule, end_follow_up_rule
from louzhang.surveys.forms.follow_ups import RuleForm, followed_questions
from louzhang.surveys.lifecycle import AFTER, Tie
from louzhang.surveys.models import FollowUpRule, Question, Survey
from louzhang.surveys.queries.finding import find_survey
from louzhang.surveys.queries.follow_ups import rules_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*OFFICE_ROLES)
def rules(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rules of a survey, and one more (`?question=`)."""
    actor, at = actor_of(request), clock.now()
    survey = find_survey(actor, uid, Tie.ASKER)
    questions = followed_questions(list(Question.objects.filter(survey=survey)))
    asked = request.GET.get("question", "")
    question = next((each for each in questions if each.key == asked), None)
    if request.method != "POST" or question is None:
        form = RuleForm(question=question, initial={"entry_id": uuid4()}) if question is not None else None
        return _page(request, survey, questions, form)
    form = RuleForm(request.POST, question=question)
    if not form.is_valid():
        return _page(request, survey, questions, form, status=400)
    entry_id, draft = form.cleaned_data["entry_id"], form.draft()

    def act() -> Mapping[str, Any]:
        add_follow_up_rule(survey_id=survey.pk, draft=draft, actor=actor, at=at, entry_id=entry_id)
        return {}

    body = {"survey": survey.pk, "question": question.key, **plain_body(form)}
    try:
        once(actor=actor, entry_id=entry_id, body=body, at=at, perform=act)
    except (NotThere, NotYours):
        raise
    except Refusal as refusal:
        field = "least" if refusal.field == "condition" and "least" in form.fields else refusal.field
        form.add_error(field if field in form.fields else None, refusal.message)
        return _page(request, survey, questions, form, status=status_of(refusal))
    response = redirect("follow_ups:rules", survey.uid)
    toasts.say(request, response, "规则已加上，从下一份回答起用。")
    return response


def _page(
    request: HttpRequest, survey: Survey, questions: list[Question], form: RuleForm | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "survey": survey,
        "rules": rules_of(survey),
        "questions": [(question.key, question.text) for question in questions],
        "form": form,
        "question": form.question if form is not None else None,
        "entry_id": (form["entry_id"].value() if form is not None else None) or uuid4(),
        "is_over": survey.status in AFTER,
        "back_url": reverse("surveys_desk:survey", args=[survey.uid]),
    }
    return page(request, "surveys/follow_ups/rules.html", context, status=status)


@require_POST
@for_roles(*OFFICE_ROLES)
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A rule is used no more."""
    rule: FollowUpRule = end_follow_up_rule(rule_uid=uid, actor=actor_of(request), at=clock.now())
    response = redirect("follow_ups:rules", rule.question.survey.uid)
    toasts.say(request, response, "规则已停用，已经转出去的照办。")
    return response
