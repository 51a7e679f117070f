"""Own notes of whoever looks after a place: read by holder and stand-in of the post, gone when the post ends."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the posts the actor holds or stands in for now; nobody above reads them."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        return self.filter(post_id__in=[seat.post_id for seat in actor.seats_with(*FIELD_ROLES)])

    def open(self) -> Self:
        """Not thrown away."""
        return self.filter(ended_at=None)


class Note(Sealed):
    """笔记: words for oneself, sealed. No event tells of it: it is nobody's record of a household.

    `due_on` is a day to be reminded on. `version` counts the changes, `said_at` is when the words were written down,
    so that an older line that arrives late never takes the place of a newer one.
    """

    subject_kind = "note"
    SEALED: ClassVar[Mapping[str, str]] = {"words": "words_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words_sealed = models.TextField(default="", blank=True)
    due_on = models.DateField("哪天提醒", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "笔记"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ended_at=None) | Q(words_sealed=""), name="note_thrown_away_is_empty"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["post"], condition=Q(ended_at=None), name="note_open"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def words(self) -> str:
        """What was noted."""
        return self.open_field("words")
