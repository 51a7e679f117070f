"""Writing a survey at the desk: what it is about, its questions one by one, the form as it will look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.journal.actions import once
from louzhang.journal.forms import plain_body
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, NotYours, Refusal, TransitionRefused
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.shell.parts import Verb
from louzhang.surveys.actions.drafting import ONLY_DRAFTS, set_questions
from louzhang.surveys.forms import drafting, questions
from louzhang.surveys.forms.sheet import blocks_of
from louzhang.surveys.lifecycle import SurveyState, Tie
from louzhang.surveys.models import Basis, Survey, SurveyKind
from louzhang.surveys.queries.finding import WORKING, asked_of, find_survey
from louzhang.surveys.queries.grounds import kinds_of_homes, office_of, places_below
from louzhang.surveys.questions import Asked
from louzhang.surveys.views.desk import desk_page, for_offices

USUAL_DAYS, KEPT_DAYS = 2, 60


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def new(request: HttpRequest) -> HttpResponse:
    """Begin one."""
    area = office_of(actor_of(request))
    at = clock.now()
    first = {
        "entry_id": uuid4(), "kind": SurveyKind.SCREENING, "basis": Basis.CONSENT, "areas": [area.pk], "starts_at": at,
        "ends_at": at + timedelta(days=USUAL_DAYS), "purge_on": clock.local_date(at) + timedelta(days=KEPT_DAYS),
    }  # fmt: skip
    return _write(request, area, None, first)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write a draft anew."""
    row = _draft(request, uid)
    return _write(request, row.asker_area, row, {**drafting.first_values(row), "entry_id": uuid4()})


def _write(request: HttpRequest, area: Area, row: Survey | None, first: dict[str, Any]) -> HttpResponse:
    form = drafting.SurveyForm(request.POST or None, initial=first)
    form.prepare(places_below(area), kinds_of_homes())
    if request.method != "POST":
        return _write_page(request, form, row)
    try:
        uid = drafting.write_once(form, area=area, survey=row, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        if form.is_valid():
            field = {"area_ids": "areas"}.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, refusal.message)
        return _write_page(request, form, row, status=status_of(refusal))
    return redirect("surveys_desk:questions", uid)


def _write_page(request: HttpRequest, form: Any, row: Survey | None, *, status: int = 200) -> HttpResponse:
    back = reverse("surveys_desk:survey", args=[row.uid]) if row is not None else reverse("surveys_desk:list")
    context = {
        "form": form,
        "survey": row,
        "label": "改排查" if row is not None else "新的排查或问卷",
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": back,
    }
    return desk_page(request, "surveys/desk/write.html", context, status=status)


def _draft(request: HttpRequest, uid: UUID) -> Survey:
    """A draft of one's own office; raises `NotThere`, `NotYours`, `TransitionRefused`."""
    row = find_survey(actor_of(request), uid, *WORKING)
    if Tie.ASKER not in row.relations_now:
        raise NotYours("只有发起的办公室能改这次排查。")
    if row.status != SurveyState.DRAFT:
        raise TransitionRefused(ONLY_DRAFTS)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def builder(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The questions in their order, and the next one."""
    row = _draft(request, uid)
    asked = asked_of(row)
    form = questions.QuestionForm(request.POST or None, initial={"entry_id": uuid4()})
    form.prepare(asked)
    if request.method == "POST" and form.is_valid():
        new = form.asked(questions.next_key(asked))
        if _store(request, row, [*asked, new], form):
            return redirect(f"{reverse('surveys_desk:questions', args=[row.uid])}#add")
    return _builder_page(request, row, asked, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def question(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """Change one question."""
    row = _draft(request, uid)
    asked = asked_of(row)
    place = _place(asked, key)
    old = asked[place]
    form = questions.QuestionForm(request.POST or None, initial={**questions.first_values(old), "entry_id": uuid4()})
    form.prepare(asked[:place])
    if request.method == "POST" and form.is_valid():
        new = form.asked(key, old)
        if _store(request, row, [*asked[:place], new, *asked[place + 1 :]], form):
            return redirect("surveys_desk:questions", row.uid)
    context = {
        "form": form,
        "survey": row,
        "number": place + 1,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("surveys_desk:questions", args=[row.uid]),
    }
    return desk_page(request, "surveys/desk/question.html", context, status=400 if request.method == "POST" else 200)


def _up(asked: list[Asked], place: int) -> list[Asked]:
    moved = asked[place]
    rest = asked[:place] + asked[place + 1 :]
    at = max(0, place - 1)
    return [*rest[:at], moved, *rest[at:]]


def _down(asked: list[Asked], place: int) -> list[Asked]:
    return _up(asked, place + 1) if place + 1 < len(asked) else asked


def _drop(asked: list[Asked], place: int) -> list[Asked]:
    gone = asked[place].key
    rest = asked[:place] + asked[place + 1 :]
    return [replace(each, only=None) if each.only is not None and each.only.key == gone else each for each in rest]


MOVES: dict[str, Callable[[list[Asked], int], list[Asked]]] = {"up": _up, "down": _down, "drop": _drop}


@require_POST
@for_offices
def rearrange(request: HttpRequest, uid: UUID, key: str, verb: str) -> HttpResponse:
    """Move a question, or take it out."""
    row = _draft(request, uid)
    asked = asked_of(row)
    if verb not in MOVES:
        raise NotThere("没有这一步。")
    response = redirect("surveys_desk:questions", row.uid)
    try:
        changed = MOVES[verb](asked, _place(asked, key))
        set_questions(survey_id=row.pk, asked=changed, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        toasts.say(request, response, refusal.message, tone="error")
    return response


def _place(asked: Sequence[Asked], key: str) -> int:
    for place, each in enumerate(asked):
        if each.key == key:
            return place
    raise NotThere("没有找到这道题，它可能已经删掉了。")


def _store(request: HttpRequest, row: Survey, asked: Sequence[Asked], form: questions.QuestionForm) -> bool:
    """Keep the questions, once per entry id: a form sent again adds no second question."""
    actor, at, entry_id = actor_of(request), clock.now(), form.cleaned_data["entry_id"]

    def act() -> Mapping[str, Any]:
        set_questions(survey_id=row.pk, asked=asked, actor=actor, at=at, entry_id=entry_id)
        return {}

    try:
        once(actor=actor, entry_id=entry_id, body={"survey": row.pk, **plain_body(form)}, at=at, perform=act)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _builder_page(
    request: HttpRequest, row: Survey, asked: Sequence[Asked], form: questions.QuestionForm
) -> HttpResponse:
    words = {each.key: each for each in asked}
    context = {
        "survey": row,
        "rows": [(each, _condition(each, words), _verbs(row, each)) for each in asked],
        "form": form,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("surveys_desk:survey", args=[row.uid]),
    }
    return desk_page(request, "surveys/desk/builder.html", context, status=400 if request.method == "POST" else 200)


def _condition(asked: Asked, words: dict[str, Asked]) -> str:
    if asked.only is None or asked.only.key not in words:
        return ""
    parent = words[asked.only.key]
    said = [option.words for option in parent.choices if option.code in asked.only.answers]
    return f"“{parent.text}”答“{'、'.join(said)}”时问"


def _verbs(row: Survey, asked: Asked) -> list[Verb]:
    def url(verb: str) -> str:
        return reverse("surveys_desk:rearrange", args=[row.uid, asked.key, verb])

    return [
        Verb(label="上移", url=url("up"), method="post", kind="small", key="u"),
        Verb(label="下移", url=url("down"), method="post", kind="small", key="d"),
        Verb(label="删除", url=url("drop"), method="post", kind="small", key="x"),
    ]


@require_safe
@for_offices
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The form as it will be read at the door and on the resident's phone; nothing is sent."""
    row = find_survey(actor_of(request), uid, *WORKING)
    context = {
        "survey": row,
        "blocks": blocks_of(asked_of(row), {}),
        "back_url": reverse("surveys_desk:survey", args=[row.uid]),
    }
    return desk_page(request, "surveys/desk/preview.html", context)
