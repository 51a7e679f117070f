"""A question of a resident to those who look after the place; its words lie in the journal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.inquiries.lifecycle import LABELS, OPEN, InquiryState, Tie
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet, own_term
from louzhang.workorders.models import WorkOrder

KEEPER_ROLES = (Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD)
COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
WORDS_AT_MOST = 500


class InquiryQuerySet(TiedQuerySet["Inquiry"]):
    """Questions, read as adjectives: seen by the asker, by who looks after the place, by the community's office."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Whose question it is, and who looks after its place."""
        if actor.is_system:
            return {Tie.SYSTEM: Q(pk__isnull=False)}
        offices = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
        return {
            Tie.ASKER: own_term(actor, "asker_id"),
            Tie.KEEPER: area_below([seat.path for seat in actor.seats_with(*KEEPER_ROLES) if seat.path]),
            Tie.DESK: area_below(offices),
        }

    def waiting(self) -> Self:
        """Not answered yet, the longest waiting first."""
        return self.filter(status=InquiryState.ASKED).order_by("waiting_since", "pk")

    def late(self, at: datetime, hours: int) -> Self:
        """Not answered for longer than that."""
        return self.waiting().filter(waiting_since__lt=at - timedelta(hours=hours))


class Inquiry(Tied, Sealed):
    """提问: a short question about a place. `order` is the work order it became.

    The contact is sealed; `device_hash` or `asker` ties it to who asked. What was asked and answered are words
    of its own events. `waiting_since` is when the last unanswered word was said.
    """

    subject_kind = "inquiry"
    TIES = Tie
    SEALED: ClassVar[Mapping[str, str]] = {"name": "contact_name_sealed", "phone": "contact_phone_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in InquiryState],
        default=InquiryState.ASKED.value,
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="inquiries")
    asker = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    contact_name_sealed = models.TextField(default="", blank=True)
    contact_phone_sealed = models.TextField(default="", blank=True)
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries")
    asked_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "微邻里提问"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in InquiryState]), name="inquiry_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=InquiryState.TURNED.value, order__isnull=False)
                | (~Q(status=InquiryState.TURNED.value) & Q(order=None)),
                name="inquiry_turned_has_order",
            ),
            models.CheckConstraint(
                condition=Q(asker__isnull=False, device_hash="") | (Q(asker=None) & ~Q(device_hash="")),
                name="inquiry_of_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["asker", "-id"], condition=Q(asker__isnull=False), name="inquiry_asker"),
            models.Index(fields=["device_hash", "-id"], condition=~Q(device_hash=""), name="inquiry_device"),
            models.Index(fields=["area"], condition=Q(status=InquiryState.ASKED.value), name="inquiry_waiting"),
            models.Index(fields=["closed_at"], condition=Q(erased_at=None), name="inquiry_to_erase"),
        ]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether something can still be said."""
        return self.status in OPEN

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest to the place; none for the asker."""
        if Tie.ASKER in self.relations_now and not self.relations_now & {Tie.KEEPER, Tie.DESK}:
            return None, None
        return actor.post_above(self.area.path), None
