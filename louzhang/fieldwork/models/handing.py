"""请假 and 交接: who stands in while somebody is away, and what moved when a post ended."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.models.periods import no_overlap
from louzhang.fieldwork.models.days import overseeing_seats, own_post_ids
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.scope import seat_places

LEAVE_DAYS_AT_MOST = 366


class LeaveQuerySet(models.QuerySet["Leave"]):
    """Leaves, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, those one stands in for, and those below the office of the community."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        mine = Q(pk__in=[])
        if actor.user_id is not None:
            mine = Q(post__user_id=actor.user_id) | Q(stand_in_id=actor.user_id)
        return self.filter(mine | seat_places(overseeing_seats(actor), "post__area"))

    def standing(self) -> Self:
        """Neither taken back nor over."""
        return self.filter(ended_at=None)


class Leave(Chained):
    """请假: from a day up to, not including, another, somebody stands in. `before` stood in until then.

    Why somebody is away is nobody's business here: no reason is asked for, none is stored.
    """

    subject_kind = "leave"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="leaves")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("从哪天")
    ends_on = models.DateField("到哪天")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "请假"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="leave_ends_after_start"),
            no_overlap("leave_once", ["post"], Q(ended_at=None)),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["starts_on"], condition=Q(ended_at=None), name="leave_standing"),
        ]

    def __str__(self) -> str:
        return f"leave {self.pk}"


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Handovers, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those to one's posts, and those below the office of the community."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        return self.filter(Q(to_post_id__in=own_post_ids(actor)) | seat_places(overseeing_seats(actor)))


class Handover(Chained):
    """交接: what was due in a post that ended, and to whom it went. `moved` names kinds, counts and addresses."""

    subject_kind = "post_handover"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="handover")
    to_post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="taken_over")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    moved: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    moved_at = models.DateTimeField()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "交接"

    def __str__(self) -> str:
        return f"handover {self.pk}"
