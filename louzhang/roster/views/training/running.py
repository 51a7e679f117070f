"""Running a lesson: the code shown in the room, the sheet to sign, typing it in, putting a mistake right."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers, page
from louzhang.roster.actions.training.lessons import call_off_lesson, correct_attendance, hold_lesson
from louzhang.roster.forms.training.lessons import CallOffForm, SheetForm
from louzhang.roster.lifecycle.training.lessons import LessonTie
from louzhang.roster.models.training import Lesson
from louzhang.roster.queries.training.lessons import (
    code_at,
    find_lesson,
    is_open_for_code,
    offer_of,
    people_in,
    people_reached,
)
from louzhang.roster.queries.training.people import places_of_people
from louzhang.shell.polling import answers_with_etag

BLANK_LINES = 8


def _run(request: HttpRequest, uid: UUID) -> Lesson:
    """A lesson one runs: its trainer, or its office; others who see it read a sentence."""
    actor = actor_of(request)
    lesson = find_lesson(actor, uid)
    if not lesson.relations_now & {LessonTie.TRAINER, LessonTie.OFFICE}:
        raise NotYours("签到由讲课的人和办培训的办公室来登记。")
    return lesson


@require_safe
@for_keepers
def run(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who is in it, by seat, and what can be done with it now."""
    actor, at = actor_of(request), clock.now()
    lesson = _run(request, uid)
    people = people_in(lesson)
    context = {
        "lesson": lesson,
        "offer": offer_of(lesson, actor),
        "people": people,
        "places": places_of_people([row.user_id for row in people], at),
        "has_begun": lesson.starts_at <= at,
        "has_code": is_open_for_code(lesson, at),
        "is_office": LessonTie.OFFICE in lesson.relations_now,
        "back_url": reverse("training:lesson", args=[uid]),
    }
    return page(request, "roster/training/run.html", context)


@require_safe
@for_keepers
def code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The digits of now, as large as the screen of the room."""
    lesson = _run(request, uid)
    context = {"lesson": lesson, "back_url": reverse("training:run", args=[uid]), **_digits(lesson)}
    return page(request, "roster/training/code.html", context)


@require_safe
@for_keepers
@answers_with_etag
def digits(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same alone, asked for again while the page is open."""
    response = render(request, "roster/training/digits.html", _digits(_run(request, uid)))
    response["Cache-Control"] = "no-store"
    return response


def _digits(lesson: Lesson) -> dict[str, Any]:
    at = clock.now()
    is_open = is_open_for_code(lesson, at)
    typed = code_at(lesson, at) if is_open else ""
    return {"is_open": is_open, "digits": f"{typed[:3]} {typed[3:]}"}


@require_safe
@for_keepers
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """签到表 on A4: seats in their order, room to sign, lines for those who come unasked."""
    at = clock.now()
    lesson = _run(request, uid)
    people = people_in(lesson)
    places = places_of_people([row.user_id for row in people], at)
    context = {
        "lesson": lesson,
        "rows": [(row, places.get(row.user_id, "")) for row in people],
        "blanks": range(BLANK_LINES),
        "back_url": reverse("training:run", args=[uid]),
    }
    response = render(request, "roster/training/sheet.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def enter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Type in the signed sheet; that closes the lesson."""
    actor, at = actor_of(request), clock.now()
    lesson = _run(request, uid)
    people = people_in(lesson)
    came = [str(row.user_id) for row in people if row.status == "attended"]
    form = SheetForm(bound(request), initial={"entry_id": uuid4(), "came": came})
    form.for_people(people, people_reached(lesson, at))
    back = reverse("training:run", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        hold_lesson(uid=uid, came=said["came"], others=said["others"], actor=actor, at=moment,
                    entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    about = f"{lesson.course.name}。照签到表勾选；登记以后这场就结束了，错了还能更正。"
    return act(request, form, do, label="登记谁到了", about=about, back=back, said="登记好了。")


@require_POST
@for_keepers
def correct(request: HttpRequest, uid: UUID, entry: int) -> HttpResponse:
    """The sheet was read wrongly."""
    actor = actor_of(request)
    lesson = _run(request, uid)
    was_there = request.POST.get("was_there") == "1"
    row = next((each for each in people_in(lesson) if each.pk == entry), None)
    pk = row.pk if row is not None else 0

    def do() -> None:
        correct_attendance(enrolment_id=pk, was_there=was_there, actor=actor, at=clock.now())

    return tapped(request, reverse("training:run", args=[uid]), do, "更正好了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def call_off(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It does not take place."""
    actor = actor_of(request)
    lesson = _run(request, uid)
    back = reverse("training:run", args=[uid])
    form = CallOffForm(bound(request), initial={"entry_id": uuid4()})

    def do(said: dict[str, Any], moment: datetime) -> str:
        call_off_lesson(uid=uid, reason=said["reason"], actor=actor, at=moment,
                        entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    about, said = lesson.course.name, "取消了，报了名的人会收到消息。"
    return act(request, form, do, label="取消这一场", about=about, back=back, said=said, is_grave=True)
