"""What follows a month's figures: objections, corrections, and reviews in which people decide."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, area_below
from louzhang.areas.queries import line_of
from louzhang.fieldwork.models import overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.indicators import KINDS, allowed
from louzhang.roster.lifecycle.appraisal import (
    OBJECTION_LABELS,
    OBJECTION_OPEN,
    REVIEW_LABELS,
    REVIEW_OPEN,
    ObjectionState,
    ReviewState,
    Tie,
)
from louzhang.roster.models.appraisal import AppraisalMonth, Standing

_RAISED = sorted(state.value for state in OBJECTION_OPEN)
_OPEN = sorted(state.value for state in REVIEW_OPEN)


class FigureObjectionQuerySet(TiedQuerySet["FigureObjection"]):
    """Objections: of whom the figure is about, and of the office of the community that answers."""

    READ_WITH = ("standing__month__area__level", "standing__month__scheme")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to an objection."""
        return {
            Tie.DESK: area_below([seat.path for seat in overseeing_seats(actor)]),
            Tie.SELF: Q(user_id=actor.user_id) if actor.user_id is not None else None,
        }


class FigureObjection(Tied):
    """对数字有异议: somebody says that a figure of theirs is wrong; the community answers by `due_at`."""

    subject_kind = "figure_objection"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10, choices=[(s.value, OBJECTION_LABELS[s]) for s in ObjectionState],
        default=ObjectionState.RAISED.value,
    )  # fmt: skip
    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="objections", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("哪个数字", max_length=20)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = FigureObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "对数字的异议"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in ObjectionState]), name="appraisal_objection_status"
            ),
            models.CheckConstraint(condition=Q(kind__in=allowed()), name="appraisal_objection_kind"),
            models.UniqueConstraint(
                fields=["standing", "kind"], condition=Q(status__in=_RAISED), name="appraisal_objection_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"

    @property
    def label(self) -> str:
        """Which figure, in the words of the field."""
        return KINDS[self.kind].label

    def event_area_ids(self) -> list[int]:
        """The line down to the community."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post of the office, or the person's own."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class Correction(models.Model):
    """更正: what is added to what was counted of somebody in a month, by an answered objection; never changed."""

    month = models.ForeignKey(AppraisalMonth, on_delete=models.PROTECT, related_name="corrections")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    objection = models.OneToOneField(FigureObjection, on_delete=models.PROTECT, related_name="correction")
    kind = models.CharField(max_length=20)
    cases = models.SmallIntegerField()
    good = models.IntegerField()
    corrected_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=allowed()), name="appraisal_correction_kind"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Ground(models.TextChoices):
    """Why a review was opened (R3)."""

    LAST_THREE = "last_three", "连续三个月数字最低"
    FAILED = "failed", "一个月没有及格"
    RESIDENTS = "residents", "居民提请"


class ReviewQuerySet(TiedQuerySet["Review"]):
    """Reviews: of whom they are about, and of the office of the community."""

    READ_WITH = ("area__level", "user", "post__title")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to a review."""
        return {
            Tie.DESK: area_below([seat.path for seat in overseeing_seats(actor)]),
            Tie.SELF: Q(user_id=actor.user_id) if actor.user_id is not None else None,
        }


class Review(Tied):
    """考核复核: the program says whether chance explains it, the person is heard, people decide.

    `chance` holds the figures of that statement as they were when it was opened.
    """

    subject_kind = "appraisal_review"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10, choices=[(s.value, REVIEW_LABELS[s]) for s in ReviewState], default=ReviewState.OPEN.value
    )
    ground = models.CharField("因为", max_length=12, choices=Ground.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="appraisal_reviews")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appraisal_reviews")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    month = models.ForeignKey(AppraisalMonth, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    chance: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核复核"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in ReviewState]), name="appraisal_review_status_known"
            ),
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="appraisal_review_ground_known"),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(heard_at__isnull=False), name="appraisal_review_heard_first"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN, decided_at=None) | (~Q(status__in=_OPEN) & Q(decided_at__isnull=False)),
                name="appraisal_review_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["user", "area"], condition=Q(status__in=_OPEN), name="appraisal_review_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the community."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post of the office, or the person's own."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None
