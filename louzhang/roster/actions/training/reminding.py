"""Telling people of a course that falls due: once before, once when the day has passed. It tells nobody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from louzhang.areas.models import Post
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.roster.actions.training.telling import tell
from louzhang.roster.models.training import Reminder, TrainingRule
from louzhang.roster.queries.training.dues import Due, dues_of

BEFORE = timedelta(days=14)


def remind_of_training(*, at: datetime) -> int:
    """Remind of what is due within two weeks, and of what has passed; gives how many were told. Safe to repeat."""
    today = clock.local_date(at)
    roles = set(TrainingRule.objects.current().values_list("role", flat=True))
    posts = Post.objects.as_of(today).filter(role__in=roles, area__isnull=False, user__ended_at=None)
    dues = dues_of(list(posts.select_related("area", "title", "user")), at, ahead=BEFORE)
    return sum(_remind(due, today, at) for due in dues)


def _remind(due: Due, today: date, at: datetime) -> bool:
    facts = {"user": due.post.user_id, "course": due.rule.course_id, "due_on": due.due_on.isoformat()}
    if due.post.area is None:
        return False
    with transaction.atomic():
        rows = Reminder.objects.select_for_update(no_key=True)
        row, is_new = rows.get_or_create(rule=due.rule, post=due.post, due_on=due.due_on, defaults={"told_at": at})
        is_late = due.is_late(today)
        if not is_new and (not is_late or row.late_told_at is not None):
            return False
        if is_late:
            row.late_told_at = at
        tell(row, "late" if is_late else "remind", area=due.post.area, actor=SYSTEM, at=at, facts=facts,
             save=("late_told_at",))  # fmt: skip
    return True
