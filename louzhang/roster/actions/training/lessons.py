"""Planning a lesson, moving it, calling it off, and entering who was there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.roster.actions.training.enrolling import (
    attended_by_sheet,
    free_seats,
    locked_lesson,
    move_up,
    walk_enrolment,
)
from louzhang.roster.actions.training.telling import refuse_running
from louzhang.roster.lifecycle.training.lessons import LESSONS, EnrolmentState
from louzhang.roster.models.training import Course, Lesson, LessonQuerySet
from louzhang.roster.models.training.lessons import PLACE_LENGTH, SEATS_AT_MOST
from louzhang.roster.queries.training.courses import UNKNOWN

LONGEST = timedelta(days=14)
ROUNDS_AT_MOST = 99


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """When and where, how many seats, who teaches; `trainer_account` may enter who was there."""

    place: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    trainer: str = ""
    trainer_account: User | None = None
    round_number: int | None = None


def plan_lesson(
    *, course_uid: uuid.UUID, draft: LessonDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Lesson:
    """An office plans a lesson of one of its courses; those it is for hear of it (see `queries.training.audience`).

    Raises `NotThere`, `NotYours`, `InputRefused` for what cannot be.
    """
    _refuse_draft(draft, at)
    with transaction.atomic():
        course = Course.objects.visible_to(actor).current().filter(uid=course_uid).select_related("area__level").first()
        if course is None:
            raise NotThere(UNKNOWN)
        refuse_running(actor, course.area)
        _refuse_trainer(draft, at)
        lesson = Lesson.objects.create(
            course=course, area=course.area, planned_at=at, place=draft.place.strip(), starts_at=draft.starts_at,
            ends_at=draft.ends_at, seats=draft.seats, trainer=draft.trainer.strip(),
            trainer_account=draft.trainer_account, round_number=draft.round_number,
        )  # fmt: skip
        facts = {"course": course.pk, "starts_at": draft.starts_at.isoformat(), "seats": draft.seats}
        record(lesson, "plan", actor=actor, at=at, payload=facts, entry_id=entry_id,
               area_ids=[node.pk for node in line_of(course.area)])  # fmt: skip
    return lesson


def change_lesson(
    *, uid: uuid.UUID, draft: LessonDraft, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Lesson:
    """Another time, place or number of seats: whoever is in it is told of a move, who waits moves up into new seats.

    Raises `InputRefused` for fewer seats than people who have one.
    """
    _refuse_draft(draft, at)
    given = {"place": draft.place, "starts_at": draft.starts_at, "ends_at": draft.ends_at, "seats": draft.seats}
    with transaction.atomic():
        lesson = locked_lesson(uid, actor)
        taken = lesson.enrolments.filter(status=EnrolmentState.SEATED.value).count()
        if draft.seats < taken:
            raise InputRefused(f"已经有 {taken} 个人报上名，座位不能少于这个数。", field="seats")
        _refuse_trainer(draft, at)
        with _walk(lesson.pk, "change", actor, at, given, entry_id) as step:
            standing = (step.subject.place, step.subject.starts_at, step.subject.ends_at)
            is_new = draft.trainer_account is not None and draft.trainer_account.pk != step.subject.trainer_account_id
            step.set(**given | {"place": draft.place.strip(), "trainer": draft.trainer.strip()},
                     trainer_account=draft.trainer_account, round_number=draft.round_number)  # fmt: skip
            moved = standing != (draft.place.strip(), draft.starts_at, draft.ends_at)
            step.note(starts_at=draft.starts_at.isoformat(), seats=draft.seats, moved=moved, has_new_trainer=is_new)
        _renumber(step.subject)
        move_up(step.subject, at)
    return step.subject


def _renumber(lesson: Lesson) -> None:
    """Seats above the new number are exchanged for free ones below it; who sat first keeps sitting."""
    free = free_seats(lesson)
    for row in lesson.enrolments.filter(seat__gt=lesson.seats).order_by("seat"):
        row.seat = free.pop(0)
        row.save(update_fields=["seat"])


def call_off_lesson(
    *, uid: uuid.UUID, reason: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Lesson:
    """It does not take place; everybody enrolled reads why."""
    with transaction.atomic():
        lesson = locked_lesson(uid, actor)
        with _walk(lesson.pk, "call_off", actor, at, {"reason": reason}, entry_id) as step:
            step.say(reason=reason.strip()[:200])
    return step.subject


def hold_lesson(
    *,
    uid: uuid.UUID,
    came: Iterable[int],
    actor: Actor,
    at: datetime,
    others: Iterable[int] = (),
    entry_id: uuid.UUID | None = None,
) -> Lesson:
    """Enter the signed sheet and close the lesson: `came` are people with a seat or waiting, `others` came unasked.

    Who had a seat and is not on the sheet was not there; who only waited is taken off the list. Raises `InputRefused`
    before it has begun and for people it is not for.
    """
    with transaction.atomic():
        lesson = locked_lesson(uid, actor)
        if at < lesson.starts_at:
            raise InputRefused("还没有开始，不能登记谁到了。", field="came")
        with _walk(lesson.pk, "hold", actor, at, {}, entry_id) as step:
            counted = attended_by_sheet(lesson, set(came), set(others), actor, at)
            step.note(attended=counted)
        _close(lesson, at)
    return step.subject


def _close(lesson: Lesson, at: datetime) -> None:
    for row in lesson.enrolments.filter(status=EnrolmentState.SEATED.value).order_by("pk"):
        with walk_enrolment(row.pk, "miss", SYSTEM, at):
            pass
    for row in lesson.enrolments.filter(status=EnrolmentState.WAITING.value).order_by("pk"):
        with walk_enrolment(row.pk, "withdraw", SYSTEM, at):
            pass


def correct_attendance(
    *, enrolment_id: int, was_there: bool, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> None:
    """The sheet was read wrongly: somebody was there after all, or was not."""
    verb = "attend" if was_there else "correct"
    with walk_enrolment(enrolment_id, verb, actor, at, {"way": "sheet"}, entry_id) as step:
        if was_there and step.subject.lesson.is_planned:
            raise InputRefused("这场还没有登记，请在登记页上勾选。")
        step.set(way="sheet" if was_there else "")


def _walk(
    lesson_id: int, verb: str, actor: Actor, at: datetime, given: dict[str, Any], entry_id: uuid.UUID | None
) -> AbstractContextManager[Step[Lesson]]:
    rows: LessonQuerySet = Lesson.objects.all()
    return walk(LESSONS, rows, lesson_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def _refuse_draft(draft: LessonDraft, at: datetime) -> None:
    if not draft.place.strip() or len(draft.place.strip()) > PLACE_LENGTH:
        raise InputRefused(f"请写在哪里上课，最多 {PLACE_LENGTH} 个字。", field="place")
    if draft.starts_at <= at:
        raise InputRefused("开始的时间要在现在以后。", field="starts_at")
    if not draft.starts_at < draft.ends_at <= draft.starts_at + LONGEST:
        raise InputRefused("结束要在开始以后，一场最长 14 天。", field="ends_at")
    if not 1 <= draft.seats <= SEATS_AT_MOST:
        raise InputRefused(f"座位请填 1 到 {SEATS_AT_MOST}。", field="seats")
    if len(draft.trainer.strip()) > PLACE_LENGTH:
        raise InputRefused(f"谁来讲最多 {PLACE_LENGTH} 个字。", field="trainer")
    if draft.round_number is not None and not 1 <= draft.round_number <= ROUNDS_AT_MOST:
        raise InputRefused(f"第几轮请填 1 到 {ROUNDS_AT_MOST}。", field="round_number")


def _refuse_trainer(draft: LessonDraft, at: datetime) -> None:
    person = draft.trainer_account
    if person is None:
        return
    if not Post.objects.as_of(clock.local_date(at)).filter(user=person).exists():
        raise InputRefused("登记人要有现在的任职，请从名单里选。", field="trainer_account")
