"""Whom a lesson is news to: those who are due, and where nobody is asked to come, those it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from louzhang.areas.models import Post
from louzhang.kit import clock
from louzhang.roster.models.training import CourseKind, Enrolment, Lesson, TrainingRule
from louzhang.roster.queries.training.dues import dues_of


@dataclass(frozen=True, slots=True)
class Audience:
    """People by account: those who lack the course soon, and those who may come if they like."""

    due: frozenset[int]
    free: frozenset[int]


def reached_by(lesson: Lesson, at: datetime) -> QuerySet[Post]:
    """The posts a course is for, below the office that runs the lesson."""
    return Post.objects.as_of(clock.local_date(at)).filter(
        role__in=lesson.course.roles, area__path__startswith=lesson.area.path, user__ended_at=None
    )


def audience_of(lesson: Lesson, at: datetime) -> Audience:
    """Whom a new lesson is told (six queries).

    Who is under a rule of the course is told when it falls due within two months, and left alone otherwise. Where no
    rule asks for it, everybody it is for is told; a course that is not given in turn is no news to who has been there.
    """
    posts = list(reached_by(lesson, at).select_related("area", "title", "user"))
    rules = list(TrainingRule.objects.current().filter(course_id=lesson.course_id).select_related("area"))
    due = {each.post.user_id for each in dues_of(posts, at) if each.rule.course_id == lesson.course_id}
    asked = {post.user_id for post in posts if any(rule.holds_for(post) for rule in rules)}
    been = set() if lesson.course.kind == CourseKind.IN_TURN else _been(lesson)
    own = {lesson.trainer_account_id}
    free = {post.user_id for post in posts} - asked - been
    return Audience(due=frozenset(due - own), free=frozenset(free - own))


def _been(lesson: Lesson) -> set[int]:
    rows = Enrolment.objects.filter(lesson__course_id=lesson.course_id)
    return set(rows.attended().values_list("user_id", flat=True))
