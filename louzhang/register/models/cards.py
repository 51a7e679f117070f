"""联系卡: what somebody who looks after a place lets residents know of how to reach them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models

from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed


class CardQuerySet(models.QuerySet["Card"]):
    """Cards, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of one's own posts; residents read a card by the address printed on it."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        return self.filter(post_id__in=[seat.post_id for seat in actor.seats_with(*FIELD_ROLES)])


class Card(Sealed, Chained):
    """A card of one post. Made by its holder, it says the name in full; a number stands on it only by choice."""

    subject_kind = "card"
    SEALED: ClassVar[Mapping[str, str]] = {"phone": "phone_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="card")
    phone_sealed = models.TextField(default="", blank=True)
    hours = models.CharField("什么时候方便", max_length=40, default="", blank=True)
    duties = models.CharField("我的职责", max_length=120, default="", blank=True)
    made_at = models.DateTimeField()

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联系卡"

    def __str__(self) -> str:
        return f"card {self.pk}"
