"""What people ask about their own data (PIPL 44 to 50): each a row with a clock of fifteen working days."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.lifecycle import LABELS, RequestState, RightsTie
from louzhang.register.models.bindings import own_residents
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import COMMUNITY_RANK, EVERY_ROW, seat_places

WORKING_DAYS = 15
# So many working days before its end, and on its day, the office is reminded of a request.
REMINDED_BEFORE = 3


class Right(models.TextChoices):
    """What is asked."""

    CORRECT = "correct", "更正"
    COPY = "copy", "复制一份"
    WITHDRAW = "withdraw", "撤回同意"
    DELETE = "delete", "删除"


class About(models.TextChoices):
    """What is to be corrected; what is no column of the person is corrected by hand."""

    NAME = "name", "姓名"
    PHONE = "phone", "电话"
    ID_NUMBER = "id_number", "证件号码"
    BIRTH_DATE = "birth_date", "出生日期"
    OTHER = "other", "其他"


class RightsRequestQuerySet(TiedQuerySet["RightsRequest"]):
    """Requests, read as adjectives: seen by who asked and by the community's office."""

    READ_WITH = ("resident__area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Whose data it is, and whose office answers."""
        if actor.is_system:
            return {RightsTie.SYSTEM: EVERY_ROW}
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
        office = seat_places(offices, "resident__area") & unsheltered(actor, "resident_id", "resident__area")
        return {
            RightsTie.ASKER: Q(resident_id__in=own_residents(actor).values("resident_id")),
            RightsTie.OFFICE: office if offices else None,
        }

    def open(self) -> Self:
        """Without an answer."""
        return self.filter(status=RequestState.ASKED)

    def overdue(self, at: datetime) -> Self:
        """Past their fifteen working days."""
        return self.open().filter(due_at__lt=at)


class RightsRequest(Tied, Sealed):
    """本人请求: to correct, copy, withdraw or delete. What somebody wishes to stand there is sealed.

    `reminders` counts those the office has had: one some days before the end, one on the day.
    """

    subject_kind = "rights_request"
    TIES = RightsTie
    SEALED: ClassVar[Mapping[str, str]] = {"wish": "wish_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in RequestState],
        default=RequestState.ASKED.value,
    )
    resident = models.ForeignKey("register.Resident", on_delete=models.PROTECT, related_name="rights_requests")
    right = models.CharField("请求", max_length=10, choices=Right.choices)
    about = models.CharField("更正什么", max_length=12, choices=About.choices, default="", blank=True)
    wish_sealed = models.TextField(default="", blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本人请求"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in RequestState]), name="rights_request_status_known"
            ),
            models.CheckConstraint(
                condition=Q(right=Right.CORRECT) & ~Q(about="") | ~Q(right=Right.CORRECT) & Q(about=""),
                name="rights_request_says_what",
            ),
            models.CheckConstraint(
                condition=Q(status=RequestState.ASKED.value, answered_at=None)
                | (~Q(status=RequestState.ASKED.value) & Q(answered_at__isnull=False)),
                name="rights_request_answered_has_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(status=RequestState.ASKED.value), name="rights_request_open"),
        ]

    def __str__(self) -> str:
        return f"rights request {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to where the person lives."""
        return [area.pk for area in line_of(self.resident.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat of the office; none for who asked."""
        return actor.post_above(self.resident.area.path), None
