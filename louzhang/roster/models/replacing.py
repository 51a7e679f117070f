"""居民提出调换 (handbook R3): what residents say of a chief who does nothing, counted per household.

It is never shown to the chief it names, like a complaint. Enough households open a review; people decide.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import own_term
from louzhang.register.models import Household
from louzhang.roster.models.choosing_scope import office_paths


class ReplacementRequestQuerySet(models.QuerySet["ReplacementRequest"]):
    """Requests: the offices above the post, and never whom it names."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of places below an office of the actor, unless the actor holds or stands in for the post."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        paths = [*office_paths(actor), *office_paths(actor, above=True)]
        if not paths:
            return self.all() if actor.is_system else self.none()
        below = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
        named = Q(post__user_id=actor.user_id) | Q(post__stand_in_id=actor.user_id, post__stand_in__isnull=False)
        return self.filter(post__area_id__in=below).exclude(named)

    def open(self) -> Self:
        """Not decided yet."""
        return self.filter(closed_at=None)


class ReplacementRequest(Chained):
    """调换申请: enough households have asked; the appraisal's review reads it and closes it."""

    subject_kind = "replacement_request"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="replacement_requests")
    households = models.PositiveIntegerField()
    of_households = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReplacementRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调换申请"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["post"], condition=Q(closed_at=None), name="roster_replacement_once_open"),
        ]

    def __str__(self) -> str:
        return f"replacement request {self.pk}"


class ReplacementVoiceQuerySet(models.QuerySet["ReplacementVoice"]):
    """Voices: one's own, and without any name the words for the office of the community."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own alone; the office reads words through the request, never who wrote them."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        own = own_term(actor, "user_id")
        return self.none() if own is None else self.filter(own)

    def standing(self) -> Self:
        """Neither taken back nor part of a request."""
        return self.filter(withdrawn_at=None, request=None)


class ReplacementVoice(Chained):
    """One household's sentence about the holder of a post; the words are those of its event."""

    subject_kind = "replacement_voice"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="replacement_voices")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    request = models.ForeignKey(
        ReplacementRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="voices"
    )
    said_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ReplacementVoiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调换意见"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["post", "household"],
                condition=Q(withdrawn_at=None, request=None),
                name="roster_replacement_voice_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["said_at"], condition=Q(erased_at=None), name="roster_voice_to_erase"),
        ]

    def __str__(self) -> str:
        return f"replacement voice {self.pk}"
