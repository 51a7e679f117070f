"""挂职学习: somebody works in another community for some weeks, and somebody stands in meanwhile (R3: 4 chiefs)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, no_overlap
from louzhang.areas.queries import line_of
from louzhang.fieldwork.models import Leave
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.lifecycle.training.postings import POSTING_LABELS, PostingState, PostingTie
from louzhang.roster.models.training.reach import run_by

HOST_LENGTH = 60
_OFF = PostingState.CALLED_OFF.value


class HostLevel(models.TextChoices):
    """How far away the community is."""

    PROVINCE = "province", "省内先进社区"
    CITY = "city", "市内社区"
    DISTRICT = "district", "本区社区"


class StudyPostingQuerySet(TiedQuerySet["StudyPosting"]):
    """Postings: seen by whose they are and by the offices above."""

    READ_WITH = ("area__level", "post", "leave")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Whose it is, whose office arranged it or stands above; the clock has no tie."""
        return {
            PostingTie.OWN: Q(user_id=actor.user_id) if actor.user_id is not None else None,
            PostingTie.OFFICE: run_by(actor),
        }


class StudyPosting(Tied):
    """挂职学习: who, from which post, where to, from a day up to, not including, another; `leave` says who stands in.

    What was learnt is words of its events.
    """

    subject_kind = "study_posting"
    TIES = PostingTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, POSTING_LABELS[state]) for state in PostingState],
        default=PostingState.ARRANGED.value,
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="study_postings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="study_postings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="study_postings")
    host = models.CharField("到哪里", max_length=HOST_LENGTH)
    level = models.CharField("哪一级", max_length=10, choices=HostLevel.choices)
    starts_on = models.DateField("从哪天")
    ends_on = models.DateField("到哪天")
    leave = models.OneToOneField(Leave, null=True, blank=True, on_delete=models.PROTECT, related_name="study_posting")
    arranged_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)

    objects = StudyPostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "挂职学习"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in PostingState]), name="study_posting_status_known"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="study_posting_ends_after"),
            models.CheckConstraint(condition=~Q(host=""), name="study_posting_somewhere"),
            no_overlap("study_posting_one_place", ["user"], ~Q(status=_OFF)),
        ]

    def __str__(self) -> str:
        return f"study posting {self.pk}"

    def is_over(self, day: date) -> bool:
        """Whether the person is back."""
        return self.ends_on <= day

    def event_area_ids(self) -> list[int]:
        """The line down to the place of the post."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The own post, or that of the office above."""
        if self.post_id in [seat.post_id for seat in actor.seats]:
            return self.post_id, None
        return actor.post_above(self.area.path), None
