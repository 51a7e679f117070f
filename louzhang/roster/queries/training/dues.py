"""Who lacks which course by when: for the person and for the desk. One computation for both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.scope import seat_places
from louzhang.roster.lifecycle.training.lessons import EnrolmentState
from louzhang.roster.models.training import Enrolment, Lesson, TrainingRule
from louzhang.roster.training_dates import due_on

AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Due:
    """A course somebody lacks in a post, and by when; `lesson` is the next one of it, if there is one."""

    rule: TrainingRule
    post: Post
    due_on: date
    lesson: Lesson | None = None

    def is_late(self, today: date) -> bool:
        """Whether the day has passed."""
        return self.due_on < today


def due_for(user: User, at: datetime | None = None) -> list[Due]:
    """What a person lacks in the posts held now, the most pressing first (four queries)."""
    moment = at or clock.now()
    posts = Post.objects.as_of(clock.local_date(moment)).filter(user=user, area__isnull=False)
    return dues_of(list(posts.select_related("area", "title", "user")), moment)


def due_list(actor: Actor, at: datetime) -> list[Due]:
    """The same of everybody below the actor's offices (four queries)."""
    below = seat_places(actor.seats_with(*OFFICE_ROLES))
    posts = Post.objects.as_of(clock.local_date(at)).filter(below, user__ended_at=None)
    return dues_of(list(posts.select_related("area", "title", "user")), at)


def dues_of(posts: Sequence[Post], at: datetime, *, ahead: timedelta = AHEAD) -> list[Due]:
    """What is lacking in these posts and due by `ahead` from now, the most pressing first."""
    if not posts:
        return []
    last_day = clock.local_date(at) + ahead
    rules = list(
        TrainingRule.objects.current().filter(course__ended_at=None, role__in={post.role for post in posts})
        .select_related("course", "area")
    )  # fmt: skip
    attended = _last_attended({post.user_id for post in posts}, {rule.course_id for rule in rules})
    lessons = _next_lessons({rule.course_id for rule in rules}, at)
    found = [
        Due(rule, post, day, lessons.get(rule.course_id))
        for post in posts
        for rule in rules
        if rule.holds_for(post)
        for day in _days(rule, post, attended.get((post.user_id, rule.course_id)))
        if day <= last_day
    ]
    return sorted(found, key=lambda due: (due.due_on, due.post.area.path if due.post.area else "", due.post.pk))


def _days(rule: TrainingRule, post: Post, last: date | None) -> Iterable[date]:
    day = due_on(
        within_days=rule.within_days, every_months=rule.every_months, since=rule.since,
        in_post_since=post.starts_on, last=last,
    )  # fmt: skip
    return [] if day is None else [day]


def _last_attended(users: set[int], courses: set[int]) -> dict[tuple[int, int], date]:
    """The last day on which each was in each course."""
    rows = (
        Enrolment.objects.filter(status=EnrolmentState.ATTENDED.value, user_id__in=users, lesson__course_id__in=courses)
        .values("user_id", "lesson__course_id")
        .annotate(last=Max("lesson__starts_at"))
    )
    return {(row["user_id"], row["lesson__course_id"]): clock.local_date(row["last"]) for row in rows}


def _next_lessons(courses: set[int], at: datetime) -> dict[int, Lesson]:
    """The next lesson of each course that has not begun."""
    rows = Lesson.objects.all().to_come(at).filter(course_id__in=courses).order_by("-starts_at", "-pk")
    return {lesson.course_id: lesson for lesson in rows}
