"""Reading lessons: what can be signed up for, who is in one, what somebody has attended."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock, crypto
from louzhang.roster.lifecycle.training.lessons import EnrolmentState, LessonState, LessonTie
from louzhang.roster.models.training import Course, Enrolment, Lesson, LessonQuerySet
from louzhang.roster.queries.training.audience import reached_by
from louzhang.roster.queries.training.people import each_once

UNKNOWN = "没有找到这场培训，或它不在您的范围内。"
CODE_SECONDS = 600
DIGITS = 6
OPEN_BEFORE, OPEN_AFTER = timedelta(minutes=30), timedelta(minutes=30)
LOOKED_BACK = timedelta(days=92)
HOLDS_SEAT = (EnrolmentState.SEATED.value, EnrolmentState.ATTENDED.value)


@dataclass(frozen=True, slots=True)
class Done:
    """A course somebody was in, and on which day. How long it took is nobody's business here."""

    course: Course
    day: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A lesson with its free seats and the reader's own place in it."""

    lesson: Lesson
    taken: int
    waiting: int
    own: Enrolment | None

    @property
    def free(self) -> int:
        """Seats nobody has."""
        return max(0, self.lesson.seats - self.taken)


def done_by(user: User) -> list[Done]:
    """What a person has attended, the newest first (one query)."""
    rows = Enrolment.objects.filter(user=user, status=EnrolmentState.ATTENDED.value)
    return [
        Done(row.lesson.course, clock.local_date(row.lesson.starts_at))
        for row in rows.select_related("lesson__course").order_by("-lesson__starts_at", "-pk")
    ]


def offers_for(actor: Actor, at: datetime) -> list[Offer]:
    """The lessons to come that reach the actor, the next first (two queries)."""
    return _offers(Lesson.objects.visible_to(actor).to_come(at).order_by("starts_at", "pk"), actor)


def own_offers(actor: Actor, at: datetime) -> list[Offer]:
    """Those of them the actor is in."""
    return [offer for offer in offers_for(actor, at) if offer.own is not None]


def taught_by(actor: Actor) -> list[Offer]:
    """The lessons the actor gives that are not entered yet (two queries)."""
    return _offers(Lesson.objects.tied(actor, LessonTie.TRAINER).planned().order_by("starts_at", "pk"), actor)


def _offers(rows: LessonQuerySet, actor: Actor) -> list[Offer]:
    held = Q(enrolments__status__in=HOLDS_SEAT, enrolments__seat__isnull=False)
    waits = Q(enrolments__status=EnrolmentState.WAITING.value)
    lessons: list[Any] = list(
        rows.select_related("course", "area").annotate(
            taken=Count("enrolments", filter=held), queue=Count("enrolments", filter=waits)
        )
    )
    by_lesson: dict[int, Enrolment] = {}
    if lessons and actor.user_id is not None:
        own = Enrolment.objects.filter(lesson__in=[row.pk for row in lessons], user_id=actor.user_id).standing()
        by_lesson = {row.lesson_id: row for row in own}
    return [Offer(row, row.taken, row.queue, by_lesson.get(row.pk)) for row in lessons]


def planned_by(actor: Actor, at: datetime) -> list[Offer]:
    """The lessons one's offices run or see from above: those to come, and those of the last three months."""
    rows = Lesson.objects.tied(actor, LessonTie.OFFICE).filter(ends_at__gt=at - LOOKED_BACK)
    return _offers(rows.order_by("-starts_at", "-pk"), actor)


def find_lesson(actor: Actor, uid: uuid.UUID, *ties: LessonTie) -> Lesson:
    """One with the reader's ties; raises `NotThere`."""
    rows = Lesson.objects.tied(actor, *(ties or LessonTie)).with_ties(actor).filter(uid=uid)
    lesson = rows.select_related("course", "area__level", "trainer_account").first()
    if lesson is None:
        raise NotThere(UNKNOWN)
    return lesson


def offer_of(lesson: Lesson, actor: Actor) -> Offer:
    """One lesson with its seats and the reader's place in it (two queries)."""
    return _offers(Lesson.objects.filter(pk=lesson.pk), actor)[0]


def runs(lesson: Lesson) -> bool:
    """Whether the reader enters its attendance."""
    return bool(lesson.relations_now & {LessonTie.TRAINER, LessonTie.OFFICE})


def people_in(lesson: Lesson) -> list[Enrolment]:
    """Everybody in a lesson by seat, then those who wait in their order (one query)."""
    rows = lesson.enrolments.filter(~Q(status=EnrolmentState.WITHDRAWN.value)).select_related("user")
    return list(rows.order_by(F("seat").asc(nulls_last=True), "enrolled_at", "pk"))


def people_reached(lesson: Lesson, at: datetime) -> list[tuple[User, str]]:
    """Everybody the course is for below the office that runs it, each once (two queries)."""
    return each_once(reached_by(lesson, at))


def rounds_with_experts(actor: Actor) -> tuple[int, int]:
    """How many rounds with experts are planned and how many were held, below the actor's offices (R3: six)."""
    rows = Lesson.objects.tied(actor, LessonTie.OFFICE).filter(round_number__isnull=False)
    numbers = rows.exclude(status=LessonState.CALLED_OFF.value).values_list("status", "round_number").distinct()
    held = {number for status, number in numbers if status == LessonState.HELD}
    return len({number for _, number in numbers}), len(held)


def code_at(lesson: Lesson, at: datetime) -> str:
    """The six digits shown in the room now; they change every ten minutes and are stored nowhere."""
    return _code(lesson, int(at.timestamp()) // CODE_SECONDS)


def is_code(lesson: Lesson, typed: str, at: datetime) -> bool:
    """Whether these are the digits of now, or those that have just changed."""
    digits = "".join(typed.split())
    window = int(at.timestamp()) // CODE_SECONDS
    if not (digits.isascii() and digits.isdecimal()):
        return False
    return any(hmac.compare_digest(_code(lesson, each), digits) for each in (window, window - 1))


def _code(lesson: Lesson, window: int) -> str:
    number = int(crypto.blind_index(f"{lesson.uid}:{window}", purpose="training_code"), 16)
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def is_open_for_code(lesson: Lesson, at: datetime) -> bool:
    """Whether a code is taken now: from half an hour before to half an hour after."""
    return lesson.is_planned and lesson.starts_at - OPEN_BEFORE <= at <= lesson.ends_at + OPEN_AFTER
