"""公示异议: what somebody says against the notice of a round, for the community alone, with its answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet, own_term
from louzhang.roster.lifecycle.choosing import OBJECTION_LABELS, ObjectionState, Tie
from louzhang.roster.models.choosing import Round, Vacancy
from louzhang.roster.models.choosing_scope import concerns, office_paths


class NoticeObjectionQuerySet(TiedQuerySet["NoticeObjection"]):
    """Objections: the office of the community, and who wrote it; never who it is about."""

    READ_WITH = ("round__area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """The office where it does not stand in the round; whoever wrote it."""
        desk, own = office_paths(actor), own_term(actor, "user_id")
        free = ~concerns(actor, "round")
        return {
            Tie.DESK: Q(round__area__path__in=desk) & free if desk else None,
            Tie.OBJECTOR: own,
        }

    def open(self) -> Self:
        """Not answered yet."""
        return self.filter(status=ObjectionState.OPEN.value)


class NoticeObjection(Tied, Sealed):
    """异议: what somebody says against a notice. Name and number are sealed, for the community alone."""

    subject_kind = "choosing_objection"
    TIES = Tie
    SEALED: ClassVar[Mapping[str, str]] = {"name": "name_sealed", "phone": "phone_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=8,
        choices=[(state.value, OBJECTION_LABELS[state]) for state in ObjectionState],
        default=ObjectionState.OPEN.value,
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="objections")
    vacancy = models.ForeignKey(Vacancy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    name_sealed = models.TextField(default="", blank=True)
    phone_sealed = models.TextField(default="", blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    objected_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    is_upheld = models.BooleanField(null=True, blank=True)

    objects = NoticeObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示异议"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status=ObjectionState.OPEN.value, answered_at=None)
                | Q(status=ObjectionState.ANSWERED.value, answered_at__isnull=False, is_upheld__isnull=False),
                name="roster_choosing_objection_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["round", "status"], name="roster_choosing_objection"),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the community."""
        return self.round.event_area_ids()

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest above the community; none for who objects."""
        return actor.post_above(self.round.area.path), None
