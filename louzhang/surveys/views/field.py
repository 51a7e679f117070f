"""我的排查: the open surveys with a part of one's own, the homes in it, one home, the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import InputRefused, Refusal
from louzhang.kit import clock
from louzhang.kit.qr import picture_of
from louzhang.register.doorstep import REFUSED, Entry
from louzhang.register.forms.syncing import take_entries
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.surveys.answers import Given, Wrong, read_answers
from louzhang.surveys.forms.doorstep import KIND
from louzhang.surveys.forms.sheet import blocks_of, fields_of, spoken_answers
from louzhang.surveys.home_codes import code_of, spoken_code
from louzhang.surveys.lifecycle import Tie
from louzhang.surveys.models import Answer, Outcome, Survey, Target
from louzhang.surveys.queries.doors import (
    BUILDING_RANK,
    doors_of,
    doors_to_choose,
    find_target,
    next_door,
    reach_of,
    versions_of,
)
from louzhang.surveys.queries.finding import asked_of, find_survey, surveys_in_field
from louzhang.surveys.queries.known import known_fields
from louzhang.surveys.queries.photographs import own_photos, photo_questions, wrote
from louzhang.surveys.queries.progress import Count, own_roots, whole_of
from louzhang.surveys.questions import Asked, count_of
from louzhang.surveys.views.photographs import posted_fields, shown_photos, upload_place, with_pickers

Fields = dict[str, str]


@require_safe
@for_keepers
def surveys(request: HttpRequest) -> HttpResponse:
    """Open surveys with a part of one's own, and how many homes are left."""
    actor = actor_of(request)
    rows = [(survey, whole_of(survey, own_roots(survey, actor))) for survey in surveys_in_field(actor)]
    return page(request, "surveys/field/list.html", {"rows": rows, "back_url": reverse("field:today")})


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One survey: what for, how far, and the homes door by door."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, Tie.HOLDER)
    stairs = doors_of(survey, actor)
    total, left = sum(len(each.doors) for each in stairs), sum(each.left for each in stairs)
    context = {
        "survey": survey,
        "stairs": stairs,
        "count": Count(total, total - left),
        "first": next(((each.name, each.first) for each in stairs if each.first), None) if survey.is_open else None,
        "back_url": reverse("surveys_field:list"),
    }
    return page(request, "surveys/field/one.html", context)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def target(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One home: how they are best reached, what was said, and the questions."""
    actor = actor_of(request)
    home = find_target(actor, uid)
    if request.method != "POST":
        return _target_page(request, home, actor, {})
    posted, unkept = posted_fields(request, asked_of(home.survey, home.area.path), actor, clock.now())
    refused = unkept or _take(posted, actor)
    if refused is not None:
        return _target_page(request, home, actor, posted | {"refused": refused.message}, status=400)
    response = redirect("surveys_field:next", home.uid)
    toasts.say(request, response, "已登记。")
    return response


def _take(posted: Fields, actor: Actor) -> Refusal | None:
    """Take what a browser without JavaScript sends; the refusal where it is one."""
    at = clock.now()
    try:
        uid, row = UUID(posted.get("entry_id", "")), UUID(posted.get("row", ""))
    except ValueError:
        return InputRefused("请选哪一户，再提交。", field="row")
    (result,) = take_entries([Entry(uid, KIND, row, posted, at)], actor=actor, at=at)
    return InputRefused(result.message, field=result.field) if result.result == REFUSED else None


def _target_page(
    request: HttpRequest, home: Target, actor: Actor, posted: Fields, *, status: int = 200
) -> HttpResponse:
    asked, versions = asked_of(home.survey, home.area.path), versions_of(home)
    current = next((each for each in versions if each.number == home.current), None)
    known = {} if posted or current is not None else known_fields(home, actor)
    fields = posted or known or fields_of(current.chosen if current is not None else {})
    context = {
        **_sheet(home.survey, fields, posted, actor, [home.area.path]),
        **_photos(home, current, asked, actor),
        "known": known,
        "target": home,
        "place": f"{spoken_places([home.area], from_rank=BUILDING_RANK)[home.area_id]} {home.dwelling.door}",
        "reach": reach_of(home),
        "own_picture": picture_of(own_address(request, home), title="住户自己填的地址"),
        "own_code": spoken_code(home.uid),
        "versions": versions,
        "current": current,
        "said": spoken_answers(asked, Given(current.chosen)) if current is not None else [],
        "back_url": reverse("surveys_field:one", args=[home.survey.uid]),
    }
    return page(request, "surveys/field/target.html", context, status=status)


def _photos(home: Target, current: Answer | None, asked: Sequence[Asked], actor: Actor) -> dict[str, Any]:
    """The photos of the answer that holds: shown to who took them, to others after saying what for."""
    if current is None or not current.said_sealed:
        return {}
    shown = shown_photos(own_photos(current, asked, actor), asked, home.pk, actor, clock.now())
    place = f"?area={home.area_id}&home={home.uid}"
    given = [each for each in photo_questions(asked) if count_of(current.chosen.get(each.key))]
    return {
        "shown_photos": shown,
        "photo_links": []
        if wrote(current, actor)
        else [(each, reverse("survey_results:words", args=[home.survey.uid, each.key]) + place) for each in given],
    }


def own_address(request: HttpRequest, home: Target) -> str:
    """Where the household answers itself."""
    return request.build_absolute_uri(reverse("surveys_own:link", args=[home.uid, code_of(home.uid)]))


def _sheet(survey: Survey, fields: Fields, posted: Fields, actor: Actor, paths: Sequence[str]) -> dict[str, Any]:
    """What the form of a survey needs, blank or with what was typed."""
    asked, problems = asked_of(survey, *paths), {}
    outcome = fields.get("outcome", Outcome.ANSWERED.value)
    if posted and outcome == Outcome.ANSWERED:
        try:
            read_answers(asked, posted)
        except Wrong as wrong:
            problems = dict(wrong.problems)
    return {
        "survey": survey,
        "blocks": with_pickers(blocks_of(asked, fields, problems), actor, clock.now()),
        **upload_place(),
        "outcomes": [(each.value, words, each.value == outcome) for each, words in OUTCOMES.items()],
        "kind": KIND,
        "row": posted.get("row", ""),
        "refused": "" if problems else posted.get("refused", ""),
        "entry_id": posted.get("entry_id") or uuid4(),
        "batch_url": reverse("register:sync"),
    }


OUTCOMES = {Outcome.ANSWERED: "回答", Outcome.ABSENT: "没遇到人", Outcome.DECLINED: "不愿回答"}


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def write(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The form with the doors of one's part; the copy a phone keeps (`?blank=1`) names none: they are in the pocket."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, Tie.HOLDER)
    posted, refused = _written(request, survey, actor)
    if posted and refused is None:
        response = redirect("surveys_field:write", survey.uid)
        toasts.say(request, response, "已登记。")
        return response
    posted = posted | {"refused": refused.message} if refused is not None else posted
    is_blank = request.GET.get("blank") == "1"
    context = {
        **_sheet(survey, posted, posted, actor, own_roots(survey, actor)),
        "doors": [] if is_blank else doors_to_choose(survey, actor),
        "is_blank": is_blank,
        "back_url": reverse("surveys_field:one", args=[survey.uid]),
    }
    return page(request, "surveys/field/write.html", context, status=400 if refused is not None else 200)


def _written(request: HttpRequest, survey: Survey, actor: Actor) -> tuple[Fields, Refusal | None]:
    """What was written, taken as far as nothing is wrong with it."""
    if request.method != "POST":
        return {}, None
    posted, unkept = posted_fields(request, asked_of(survey, *own_roots(survey, actor)), actor, clock.now())
    return posted, unkept or _take(posted, actor)


@require_safe
@for_keepers
def following(request: HttpRequest, uid: UUID) -> HttpResponse:
    """From a home that is done to the next that is not, else back to the survey."""
    actor = actor_of(request)
    home = find_target(actor, uid)
    after = next_door(home, actor) if home.survey.is_open else None
    if after is not None:
        return redirect("surveys_field:target", after.uid)
    return redirect("surveys_field:one", home.survey.uid)
