"""What came from phones that had no signal: every entry once, and those that met another change kept beside it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.register.scope import keeping_seats, seat_places


class Outcome(models.TextChoices):
    """What became of an entry."""

    DONE = "done", "已登记"
    HELD = "held", "等您定"
    MINE = "mine", "按我写的"
    THEIRS = "theirs", "按现在的"


class DoorEntryQuerySet(models.QuerySet["DoorEntry"]):
    """Entries, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own; of people whose post has ended, the office of the community.

        What was written at a door is settled by who wrote it, as long as they keep the place.
        """
        seats = [seat for seat in keeping_seats(actor) if seat.role in OFFICE_ROLES]
        if actor.user_id is None:
            return self.none()
        return self.filter(Q(user_id=actor.user_id, review_area=None) | seat_places(seats, "review_area"))

    def of(self, actor: Actor) -> Self:
        """Written by this person, whatever became of it."""
        return self.none() if actor.user_id is None else self.filter(user_id=actor.user_id)

    def held(self) -> Self:
        """Met another change and not settled yet."""
        return self.filter(outcome=Outcome.HELD)


class DoorEntry(Sealed):
    """离线条目: one entry of a phone under the id made there.

    `columns` names what it says of its row, never the values. What it says is kept, sealed, only while it waits to
    be settled (`HELD`): the row shows the other version. With a `review_area` it was written while its writer kept
    that place and came when the post had ended: the office of the community settles it.
    """

    subject_kind = "door_entry"
    SEALED: ClassVar[Mapping[str, str]] = {"said": "said_sealed"}

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    row_kind = models.CharField(max_length=20)
    row_id = models.BigIntegerField()
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=200, default="", blank=True)
    said_sealed = models.TextField(default="", blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    review_area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DoorEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "离线条目"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "uid"], name="door_entry_once"),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.HELD) & ~Q(said_sealed=""))
                | (~Q(outcome=Outcome.HELD) & Q(said_sealed="")),
                name="door_entry_said_while_held",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.DONE, Outcome.HELD], settled_at=None)
                | Q(outcome__in=[Outcome.MINE, Outcome.THEIRS], settled_at__isnull=False),
                name="door_entry_settled_at",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["row_kind", "row_id"], name="door_entry_row"),
            models.Index(fields=["user"], condition=Q(outcome=Outcome.HELD), name="door_entry_held"),
            models.Index(
                fields=["review_area"],
                condition=Q(outcome=Outcome.HELD, review_area__isnull=False),
                name="door_entry_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
