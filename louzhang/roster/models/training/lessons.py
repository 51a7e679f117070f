"""A lesson of a course at a place and time, with its seats; and who is enrolled in it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.lifecycle.training.lessons import (
    ENROLMENT_LABELS,
    LESSON_LABELS,
    TAKES_PART,
    EnrolmentState,
    EnrolmentTie,
    LessonState,
    LessonTie,
    Way,
)
from louzhang.roster.models.training.courses import Course
from louzhang.roster.models.training.reach import reached, run_by

PLACE_LENGTH = 60
SEATS_AT_MOST = 500
_NOT_IN_IT = EnrolmentState.WITHDRAWN.value


class LessonQuerySet(TiedQuerySet["Lesson"]):
    """Lessons: seen by whom they reach, run by their trainer and their office."""

    READ_WITH = ("area__level", "course")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who gives it, whose office runs it, whom it reaches; the clock has no tie."""
        works = actor.user_id is not None and bool(actor.seats)
        return {
            LessonTie.TRAINER: Q(trainer_account_id=actor.user_id) if works else None,
            LessonTie.OFFICE: run_by(actor),
            LessonTie.AUDIENCE: reached(actor),
        }

    def planned(self) -> Self:
        """Still to come, or not yet entered."""
        return self.filter(status=LessonState.PLANNED.value)

    def to_come(self, at: datetime) -> Self:
        """Planned and not over."""
        return self.planned().filter(ends_at__gt=at)


class Lesson(Tied):
    """一场培训: of a course, at a place, from a moment to a moment. `area` is that of its course.

    `trainer` is who teaches, in words; `trainer_account` may type the attendance. `round_number` is the number of a
    round with experts (R3: six rounds). `sheet` counts the seats given so far, for the signed sheet.
    """

    subject_kind = "training_lesson"
    TIES = LessonTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LESSON_LABELS[state]) for state in LessonState],
        default=LessonState.PLANNED.value,
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="lessons")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="training_lessons")
    place = models.CharField("在哪里", max_length=PLACE_LENGTH)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    seats = models.PositiveSmallIntegerField("座位")
    trainer = models.CharField("谁来讲", max_length=PLACE_LENGTH, default="", blank=True)
    trainer_account = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="training_lessons"
    )
    round_number = models.PositiveSmallIntegerField("专家巡讲第几轮", null=True, blank=True)
    planned_at = models.DateTimeField()

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "一场培训"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in LessonState]), name="lesson_status_known"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="lesson_ends_after_start"),
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=SEATS_AT_MOST), name="lesson_has_seats"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "starts_at"], name="lesson_place"),
            models.Index(fields=["ends_at"], condition=Q(status="planned"), name="lesson_planned"),
        ]

    def __str__(self) -> str:
        return f"lesson {self.pk}"

    @property
    def is_planned(self) -> bool:
        """Whether people may still enrol and take it back."""
        return self.status == LessonState.PLANNED

    def event_area_ids(self) -> list[int]:
        """The line down to the office that runs it."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The actor's seat nearest above, else the first."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class EnrolmentQuerySet(TiedQuerySet["Enrolment"]):
    """Enrolments: seen by whose they are, and by who runs the lesson."""

    READ_WITH = ("lesson__area__level", "lesson__course")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Whose it is, who gives the lesson, whose office runs it; the clock moves the waiting list up."""
        if actor.is_system:
            return {EnrolmentTie.CLOCK: Q(pk__isnull=False)}
        works = actor.user_id is not None and bool(actor.seats)
        return {
            EnrolmentTie.OWN: Q(user_id=actor.user_id) if actor.user_id is not None else None,
            EnrolmentTie.TRAINER: Q(lesson__trainer_account_id=actor.user_id) if works else None,
            EnrolmentTie.OFFICE: run_by(actor, "lesson__area"),
        }

    def standing(self) -> Self:
        """Everybody who has not taken it back."""
        return self.exclude(status=_NOT_IN_IT)

    def seated(self) -> Self:
        """With a seat."""
        return self.filter(status=EnrolmentState.SEATED.value)

    def waiting(self) -> Self:
        """Without one, the first to wait first."""
        return self.filter(status=EnrolmentState.WAITING.value).order_by("enrolled_at", "pk")

    def attended(self) -> Self:
        """They were there."""
        return self.filter(status=EnrolmentState.ATTENDED.value)


class Enrolment(Tied):
    """报名: somebody in a lesson. `seat` is a number from 1 to the lesson's seats, held by one person at a time."""

    subject_kind = "training_enrolment"
    TIES = EnrolmentTie

    status = models.CharField(
        max_length=10,
        choices=[(state.value, ENROLMENT_LABELS[state]) for state in EnrolmentState],
        default=EnrolmentState.WAITING.value,
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="training_enrolments")
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    enrolled_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=[(way.value, way.value) for way in Way], default="", blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训报名"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in EnrolmentState]), name="enrolment_status_known"
            ),
            models.UniqueConstraint(fields=["lesson", "user"], condition=~Q(status=_NOT_IN_IT), name="enrolment_once"),
            models.UniqueConstraint(
                fields=["lesson", "seat"], condition=Q(seat__isnull=False), name="enrolment_seat_once"
            ),
            models.CheckConstraint(
                condition=(Q(status=EnrolmentState.SEATED.value, seat__gte=1))
                | (Q(status__in=[EnrolmentState.WAITING.value, _NOT_IN_IT], seat=None))
                | ~Q(status__in=[EnrolmentState.SEATED.value, EnrolmentState.WAITING.value, _NOT_IN_IT]),
                name="enrolment_seat_with_state",
            ),
            models.CheckConstraint(
                condition=Q(status=EnrolmentState.ATTENDED.value, way__in=[way.value for way in Way])
                | (~Q(status=EnrolmentState.ATTENDED.value) & Q(way="")),
                name="enrolment_attended_some_way",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "lesson"], name="enrolment_person"),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"

    @property
    def takes_part(self) -> bool:
        """Whether it can still be taken back."""
        return self.status in TAKES_PART

    def event_area_ids(self) -> list[int]:
        """The line down to the office that runs the lesson."""
        return [area.pk for area in line_of(self.lesson.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The actor's seat nearest above, else the first."""
        return actor.post_above(self.lesson.area.path) or actor.post_at(None, None), None
