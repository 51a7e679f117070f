"""分给别人: the parts of a survey one answers for, and whom each is passed on to."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import RANKS, LevelKind
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.surveys.forms.passing import PassForm, pass_once
from louzhang.surveys.lifecycle import Tie
from louzhang.surveys.queries.finding import find_survey
from louzhang.surveys.queries.parts import find_part, parts_of
from louzhang.surveys.queries.passing import helpers_for


@require_safe
@for_keepers
def parts(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Each place of one's own with how far it is and who helps."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, Tie.HOLDER, Tie.OFFICE)
    found = parts_of(survey, actor)
    names = spoken_places((part.area for part in found), from_rank=RANKS[LevelKind.BUILDING])
    context = {
        "survey": survey,
        "parts": [(part, names[part.area.pk]) for part in found],
        "back_url": reverse("surveys_field:one", args=[survey.uid]),
    }
    return page(request, "surveys/field/parts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def pass_on(request: HttpRequest, uid: UUID, area_id: int) -> HttpResponse:
    """Choose who helps with one place, or nobody any more."""
    actor, at = actor_of(request), clock.now()
    survey = find_survey(actor, uid, Tie.HOLDER, Tie.OFFICE)
    share = find_part(survey, actor, area_id)
    people = helpers_for(share.area, actor, at)
    form = PassForm(request.POST or None, initial={"entry_id": uuid4(), "person": share.passed_to_id or ""})
    form.prepare(people)
    status = 200
    if request.method == "POST":
        try:
            pass_once(form, survey, share, actor=actor, at=at)
        except Refusal as refusal:
            if form.is_valid():
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = status_of(refusal)
        else:
            response = redirect("surveys_field:parts", survey.uid)
            toasts.say(request, response, "已分好。" if form.cleaned_data["person"] else "已收回。")
            return response
    context = {
        "form": form,
        "label": "分给别人",
        "about": f"{survey.title}：{spoken_places([share.area])[share.area_id]}",
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("surveys_field:parts", args=[survey.uid]),
    }
    return page(request, "register/act.html", context, status=status)
