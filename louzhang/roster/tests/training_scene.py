"""What the tests of training share: a course of the community, a lesson of it, and moments around it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.roster.actions.training.courses import CourseDraft, add_course
from louzhang.roster.actions.training.lessons import LessonDraft, plan_lesson
from louzhang.roster.models.training import Course, Lesson
from tests.cast import Cast

ROLES = ("chief", "stairwell_head", "grid_worker")


def make_course(
    cast: Cast, *, name: str = "急救入门", where: str = "community", key: str = "desk", **more: Any
) -> Course:
    """A course of an office for chiefs, unit heads and grid workers."""
    said: dict[str, Any] = {"name": name, "kind": "before", "subject": "rescue", "roles": ROLES} | more
    return add_course(area=cast.areas[where], draft=CourseDraft(**said), actor=cast.actor(key), at=cast.at)


def make_lesson(cast: Cast, course: Course, *, key: str = "desk", hours: float = 24, **more: Any) -> Lesson:
    """A lesson of it so many hours from the cast's morning, for two hours."""
    starts_at = cast.at + timedelta(hours=hours)
    said: dict[str, Any] = {
        "place": "社区会议室", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), "seats": 2,
    } | more  # fmt: skip
    return plan_lesson(course_uid=course.uid, draft=LessonDraft(**said), actor=cast.actor(key), at=cast.at)


def everybody(cast: Cast) -> dict[str, Actor]:
    """The cast, without the clock."""
    return {key: actor for key, actor in cast.everyone().items() if key != "system"}


def later(cast: Cast, hours: float) -> datetime:
    """So many hours after the cast's morning."""
    return cast.at + timedelta(hours=hours)
