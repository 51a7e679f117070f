"""工作纪实: the log of somebody's day, written from what happened, with a sentence of their own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, area_below
from louzhang.areas.queries import line_of
from louzhang.fieldwork.lifecycle.work_logs import LABELS, LogState, Tie
from louzhang.fieldwork.models.days import overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet

SENTENCE_AT_MOST = 500


class WorkLogQuerySet(TiedQuerySet["WorkLog"]):
    """Logs: one's own, and what was sent to the office of the community; offices above see counts."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Whose log it is, and to whom it was sent."""
        desk = area_below([seat.path for seat in overseeing_seats(actor)])
        return {
            Tie.HOLDER: Q(holder_id=actor.user_id) if actor.user_id is not None else None,
            Tie.DESK: desk & ~Q(status=LogState.DRAFT.value) if desk is not None else None,
        }


class WorkLog(Tied):
    """一天的纪实: `lines` are what the program wrote from the day's events when it was sent, without names.

    The holder's sentence and the comments of the office are words of its events.
    """

    subject_kind = "work_log"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10, choices=[(s.value, LABELS[s]) for s in LogState], default=LogState.DRAFT.value
    )
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="work_logs", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    lines: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = WorkLogQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作纪实"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holder", "day"], name="work_log_once_a_day"),
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in LogState]), name="work_log_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=LogState.DRAFT.value) | Q(sent_at__isnull=False), name="work_log_sent_whole"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-day"], name="work_log_place"),
            models.Index(fields=["day"], condition=Q(erased_at=None), name="work_log_to_erase"),
        ]

    def __str__(self) -> str:
        return f"work log {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the holder's place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post it is written in; that of the office, where the office acts."""
        return (self.post_id if Tie.HOLDER in self.relations_now else actor.post_above(self.area.path)), None
