"""录入纸质表: which stairwell, its doors as lines to type, each line saved by itself, the last one taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.kit import clock
from louzhang.kit.writable import writable
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts
from louzhang.surveys.actions.answering import Taken, answer_target
from louzhang.surveys.actions.paper import take_back_last
from louzhang.surveys.lifecycle import Tie
from louzhang.surveys.models import Outcome, Survey, Target, Voice
from louzhang.surveys.paper_cells import condition_of, hint_of, read_line
from louzhang.surveys.queries.doors import Door, find_target
from louzhang.surveys.queries.finding import asked_of, find_survey
from louzhang.surveys.queries.follow_ups import follow_ups_left, left_behind
from louzhang.surveys.queries.paper import houses_of, stairs_at
from louzhang.surveys.queries.progress import Count
from louzhang.surveys.questions import Asked, without_photos

TIES = (Tie.OFFICE, Tie.HOLDER, Tie.ASKER)
CLOSED = "这次排查现在不能录入。"
NO_ID = "这一页打开得太久了，请刷新后再录。您刚写的还在这一页上。"


@dataclass(frozen=True, slots=True)
class Line:
    """One door with what its row sends along."""

    door: Door
    entry_id: UUID


@require_safe
@for_keepers
def places(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The buildings with their stairwells: print forms, type in, see how far each is."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, *TIES)
    houses = houses_of(survey, actor)
    context = {"survey": survey, "houses": houses, "back_url": home_of(survey)}
    return page(request, "surveys/paper/places.html", context)


def home_of(survey: Survey) -> str:
    """The page of the survey on the actor's own side."""
    at_desk = survey.relations_now & {Tie.OFFICE, Tie.ASKER}
    return reverse("surveys_desk:survey" if at_desk else "surveys_field:one", args=[survey.uid])


@never_cache
@require_safe
@for_keepers
def typing(request: HttpRequest, uid: UUID, area_id: int) -> HttpResponse:
    """The doors of one stairwell as lines."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, *TIES)
    if not survey.is_open:
        raise NotThere(CLOSED)
    stairs = stairs_at(survey, actor, area_id)
    doors = [door for each in stairs for door in each.doors]
    asked = asked_of(survey, *(door.target.area.path for door in doors[:1]))
    context = {
        "survey": survey,
        "left": left_behind(follow_ups_left(survey, request.GET.getlist("left"), actor), actor),
        "name": stairs[0].name if len(stairs) == 1 else survey.title,
        "questions": [
            (question, asked.index(question) + 1, hint_of(question), condition_of(question, asked))
            for question in without_photos(asked)
        ],
        "lines": [Line(door, uuid4()) for door in doors],
        "count": _count(doors),
        "area_id": area_id,
        "back_url": reverse("survey_paper:places", args=[survey.uid]),
    }
    return page(request, "surveys/paper/typing.html", context)


def _count(doors: Sequence[Door]) -> Count:
    return Count(len(doors), sum(door.is_done for door in doors))


@sensitive_post_parameters()
@never_cache
@require_POST
@for_keepers
def row(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Save one line; programs of the page get the outcome, browsers without them go back to it."""
    actor = actor_of(request)
    target = find_target(actor, uid)
    questions = without_photos(asked_of(target.survey, target.area.path))
    cells = {question.key: writable(request.POST.get(f"c_{question.key}", "")) for question in questions}
    taken = _take(target, questions, cells, request.POST.get("entry_id", ""), actor)
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse(_told(taken, actor), status=200 if taken.is_taken else 400)
    response = redirect(_typing_of(target))
    toasts.say(request, response, "已保存。" if taken.is_taken else taken.message, tone=_tone(taken))
    return response


def _tone(taken: Taken) -> str:
    return "success" if taken.is_taken else "error"


def _typing_of(target: Target) -> str:
    return f"{reverse('survey_paper:typing', args=[target.survey.uid, target.area_id])}#row-{target.uid}"


def _take(target: Target, questions: Sequence[Asked], cells: dict[str, str], entry: str, actor: Actor) -> Taken:
    try:
        uid = UUID(entry)
    except ValueError:
        return Taken(target.uid, NO_ID, target=target)
    typed = read_line(questions, cells)
    if typed.problems:
        return Taken(uid, next(iter(typed.problems.values())), typed.problems, target)
    outcome = Outcome.DECLINED if typed.is_declined else Outcome.ANSWERED
    return answer_target(
        target_uid=target.uid, uid=uid, fields=typed.fields, outcome=outcome.value, voice=Voice.PAPER, actor=actor,
        at=clock.now(),
    )  # fmt: skip


def _told(taken: Taken, actor: Actor) -> dict[str, Any]:
    """What the page shows: how the line stands, and how far the stairwell is."""
    told: dict[str, Any] = {"taken": taken.is_taken, "message": taken.message, "problems": dict(taken.problems)}
    if taken.target is not None:
        target = find_target(actor, taken.target.uid)
        rows = Target.objects.handled_by(actor).filter(survey=target.survey, area=target.area)
        total = rows.count()
        told |= {"mark": Door(target, "").mark, "total": total, "done": total - rows.behind().count()}
    return told | {"entry": str(uuid4())}


@never_cache
@require_POST
@for_keepers
def take_back(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Take the last line back."""
    actor = actor_of(request)
    survey = find_survey(actor, uid, *TIES)
    by_program = request.headers.get("X-Requested-With") == "fetch"
    try:
        back = take_back_last(survey=survey, actor=actor, at=clock.now())
    except Refusal as refusal:
        if not by_program:
            raise
        return JsonResponse({"taken": False, "message": refusal.message}, status=status_of(refusal))
    target, left = back.target, left_behind(back.left, actor)
    if by_program:
        told = _told(Taken(target.uid, target=target), actor)
        return JsonResponse(told | {"row": str(target.uid), "message": "上一行已撤回。", "left": left})
    words = "".join(f"{each['words']}。" for each in left)
    asked = urlencode({"left": [str(row.uid) for row in back.left]}, doseq=True)
    address = f"{reverse('survey_paper:typing', args=[survey.uid, target.area_id])}?{asked}#row-{target.uid}"
    response = redirect(address)
    toasts.say(request, response, f"上一行已撤回。{words}")
    return response
