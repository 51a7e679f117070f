"""Enrolling: a seat or a place in the waiting list, giving it back, and being there. The lesson is locked first, so
that two taps never get one seat.
"""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.db import transaction

from louzhang.areas.models import Post
from louzhang.areas.queries import line_of
from louzhang.journal.actions import record
from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.journal.walker import Step, walk
from louzhang.kit import clock
from louzhang.roster.lifecycle.training.lessons import ENROLMENTS, EnrolmentState, Way
from louzhang.roster.models.training import Enrolment, EnrolmentQuerySet, Lesson
from louzhang.roster.queries.training.lessons import UNKNOWN, is_code, is_open_for_code

OVER = "这场已经开始或结束，不能再报名了。请看别的场次。"


def enrol(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Enrolment:
    """Take a seat, or wait for one where all are taken.

    Raises `NotThere` for a lesson that does not reach the actor, `NotYours` for a course that is not for their
    posts, `Conflict` once it has begun and for who is in it already.
    """
    user_id = _person(actor)
    with transaction.atomic():
        lesson = locked_lesson(uid, actor)
        if not lesson.is_planned or lesson.starts_at <= at:
            raise Conflict(OVER)
        if not actor.has_role(*lesson.course.roles):
            raise NotYours("这门课不是给您的职务讲的，请看别的场次。")
        if lesson.enrolments.filter(user_id=user_id).exclude(status=EnrolmentState.WITHDRAWN.value).exists():
            raise Conflict("您已经报过这一场了。")
        free = free_seats(lesson)
        row = Enrolment.objects.create(
            lesson=lesson, user_id=user_id, enrolled_at=at, seat=free[0] if free else None,
            status=EnrolmentState.SEATED.value if free else EnrolmentState.WAITING.value,
        )  # fmt: skip
        _tell(row, lesson, {"seat": row.seat}, actor, at, entry_id)
    return row


def withdraw(*, uid: uuid.UUID, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None) -> Enrolment:
    """Give the seat back: the first who waits has it at once. Raises `NotThere`, `Conflict` once it has begun."""
    user_id = _person(actor)
    with transaction.atomic():
        lesson = locked_lesson(uid, actor)
        if not lesson.is_planned or lesson.starts_at <= at:
            raise Conflict("这场已经开始，不能取消了。没有到的，登记时会照实写。")
        row = lesson.enrolments.filter(user_id=user_id).exclude(status=EnrolmentState.WITHDRAWN.value).first()
        if row is None:
            raise NotThere("您没有报这一场。")
        with walk_enrolment(row.pk, "withdraw", actor, at, entry_id=entry_id) as step:
            step.set(seat=None)
        move_up(lesson, at)
    return step.subject


def attend_by_code(
    *, uid: uuid.UUID, code: str, actor: Actor, at: datetime, entry_id: uuid.UUID | None = None
) -> Enrolment:
    """Type the digits shown in the room. Where the phone is, is never asked.

    Raises `InputRefused` for wrong digits, `Conflict` outside the time of the lesson and for who has done it.
    """
    user_id = _person(actor)
    with transaction.atomic():
        lesson = locked_lesson(uid, actor)
        if not is_open_for_code(lesson, at):
            raise Conflict("签到在开始前半小时到结束后半小时之间。错过了请让老师在签到表上补。")
        if not is_code(lesson, code, at):
            raise InputRefused("数字不对。请照屏幕上现在的六位数再填一次。", field="code")
        row = _row_of(lesson, user_id, actor, at)
        with walk_enrolment(row.pk, "attend", actor, at, {"way": Way.CODE}, entry_id) as step:
            step.set(way=Way.CODE.value)
            step.note(way=Way.CODE.value)
    return step.subject


def attended_by_sheet(lesson: Lesson, came: set[int], others: set[int], actor: Actor, at: datetime) -> int:
    """Enter a signed sheet of a locked lesson: people by their account; gives how many were there."""
    standing = {row.user_id: row for row in lesson.enrolments.exclude(status=EnrolmentState.WITHDRAWN.value)}
    _refuse_outsiders(lesson, (came | others) - set(standing), at)
    for user_id in sorted(came | others):
        row = standing.get(user_id) or _row_of(lesson, user_id, actor, at)
        if row.status == EnrolmentState.ATTENDED:
            continue
        with walk_enrolment(row.pk, "attend", actor, at, {"way": Way.SHEET}) as step:
            step.set(way=Way.SHEET.value)
            step.note(way=Way.SHEET.value)
    return lesson.enrolments.filter(status=EnrolmentState.ATTENDED.value).count()


def _refuse_outsiders(lesson: Lesson, people: set[int], at: datetime) -> None:
    """Who came unasked must work where the lesson is for."""
    posts = Post.objects.as_of(clock.local_date(at)).filter(user_id__in=people, area__path__startswith=lesson.area.path)
    if people - set(posts.values_list("user_id", flat=True)):
        raise InputRefused("名单里有人不在这场培训的范围内，请核对后再登记。", field="others")


def _row_of(lesson: Lesson, user_id: int, actor: Actor, at: datetime) -> Enrolment:
    """Somebody's row in a locked lesson; who came without enrolling gets one now, without a seat."""
    row = lesson.enrolments.filter(user_id=user_id).exclude(status=EnrolmentState.WITHDRAWN.value).first()
    if row is None:
        row = Enrolment.objects.create(lesson=lesson, user_id=user_id, enrolled_at=at)
        _tell(row, lesson, {"came_unasked": True}, actor, at, None)
    return row


def locked_lesson(uid: uuid.UUID, actor: Actor) -> Lesson:
    """A lesson in scope, locked; whatever is done to its seats waits here."""
    rows = Lesson.objects.visible_to(actor).with_ties(actor).filter(uid=uid).select_related("area__level", "course")
    lesson = rows.select_for_update(no_key=True, of=("self",)).first()
    if lesson is None:
        raise NotThere(UNKNOWN)
    return lesson


def free_seats(lesson: Lesson) -> list[int]:
    """The numbers of seats that nobody has, the lowest first; the lesson is locked."""
    taken = set(lesson.enrolments.filter(seat__isnull=False).values_list("seat", flat=True))
    return [number for number in range(1, lesson.seats + 1) if number not in taken]


def move_up(lesson: Lesson, at: datetime) -> int:
    """Give every free seat to whoever waits longest; the lesson is locked. Gives how many moved up."""
    free = free_seats(lesson)
    waiting: EnrolmentQuerySet = Enrolment.objects.filter(lesson=lesson)
    rows = list(waiting.waiting()[: len(free)])
    for seat, row in zip(free, rows, strict=False):
        with walk_enrolment(row.pk, "give_seat", SYSTEM, at) as step:
            step.set(seat=seat)
            step.note(seat=seat)
    return len(rows)


def walk_enrolment(
    enrolment_id: int,
    verb: str,
    actor: Actor,
    at: datetime,
    given: dict[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> AbstractContextManager[Step[Enrolment]]:
    """One step of an enrolment."""
    rows: EnrolmentQuerySet = Enrolment.objects.all()
    return walk(ENROLMENTS, rows, enrolment_id, verb, actor=actor, at=at, given=given, entry_id=entry_id)


def _person(actor: Actor) -> int:
    if actor.user_id is None or actor.is_read_only or not actor.seats:
        raise NotYours("报名和签到要用自己的账号，并且现在有任职。")
    return actor.user_id


def _tell(
    row: Enrolment, lesson: Lesson, facts: dict[str, Any], actor: Actor, at: datetime, entry_id: uuid.UUID | None
) -> None:
    area_ids = [node.pk for node in line_of(lesson.area)]
    record(row, "enrol", actor=actor, at=at, payload=facts, area_ids=area_ids, entry_id=entry_id)
