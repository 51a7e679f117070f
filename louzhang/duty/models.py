"""Shifts of a duty list, calls about red cases, and what one shift leaves to the next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Unit
from louzhang.areas.models.periods import closed_range
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.duty.lifecycle import LABELS, HandoverState, Tie
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.workorders.models import WorkOrder


def is_of_centre(actor: Actor) -> bool:
    """Whether the actor works in the district's office: the command centre sees and plans every list."""
    return any(seat.rank == 1 for seat in actor.seats_with(*OFFICE_ROLES))


def may_plan(actor: Actor, unit: Unit) -> bool:
    """Whether the actor writes the duty list of a unit: the centre any, an office its own, a unit's lead its own."""
    if actor.is_read_only:
        return False
    own_office = unit.office_area_id is not None and any(
        seat.area_id == unit.office_area_id for seat in actor.seats_with(*OFFICE_ROLES)
    )
    leads = any(seat.unit_id == unit.pk for seat in actor.seats_with(Role.UNIT_LEAD))
    return is_of_centre(actor) or own_office or leads


def _span() -> models.Func:
    """`tstzrange(starts_at, ends_at)`."""
    return models.Func(
        models.F("starts_at"), models.F("ends_at"), function="tstzrange", output_field=models.TextField()
    )


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """The lists of one's own units; the centre reads every one."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if is_of_centre(actor):
            return self.all()
        return self.filter(unit_id__in=sorted(actor.unit_ids)) if actor.unit_ids else self.none()

    def planned(self) -> Self:
        """Not taken back."""
        return self.filter(ended_at=None)

    def at_work(self, at: datetime) -> Self:
        """On duty at a moment, the first to be called first."""
        return self.planned().filter(starts_at__lte=at, ends_at__gt=at).order_by("position", "starts_at", "pk")

    def between(self, since: datetime, until: datetime) -> Self:
        """Those that touch a stretch of time."""
        return self.planned().filter(starts_at__lt=until, ends_at__gt=since).order_by("starts_at", "position", "pk")


class Shift(Chained):
    """班次: a person on duty for a unit from a moment to a moment; `position` 1 is called first."""

    subject_kind = "shift"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField("从")
    ends_at = models.DateTimeField("到")
    position = models.PositiveSmallIntegerField("第几位", default=1)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "班次"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=9), name="shift_position_known"),
            ExclusionConstraint(
                name="shift_person_once",
                expressions=[
                    (closed_range("unit_id"), RangeOperators.OVERLAPS),
                    (closed_range("person_id"), RangeOperators.OVERLAPS),
                    (_span(), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "ends_at"], condition=Q(ended_at=None), name="shift_unit"),
        ]

    def __str__(self) -> str:
        return f"shift {self.pk}"


class DutyCall(models.Model):
    """叫值班: somebody on duty was called about a red case; once per person and order."""

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="duty_calls")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duty_calls")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "叫值班"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "person"], name="duty_call_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"call about order {self.order_id}"


class HandoverQuerySet(TiedQuerySet["Handover"]):
    """Sign-overs of one's own units; the centre reads every one."""

    READ_WITH = ("unit",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who hands over, who takes over, who else works in the unit, and the centre."""
        works = actor.user_id is not None and bool(actor.unit_ids)
        return {
            Tie.GIVER: Q(giver_id=actor.user_id) if works else None,
            Tie.TAKER: Q(taker_id=actor.user_id) if works else None,
            Tie.MEMBER: Q(unit_id__in=sorted(actor.unit_ids)) if actor.unit_ids else None,
            Tie.ABOVE: Q(pk__isnull=False) if is_of_centre(actor) else None,
        }


class Handover(Tied):
    """交接班: what a shift leaves to the next. The lists are ids of orders as they stood; words lie in its events."""

    subject_kind = "handover"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=8,
        choices=[(state.value, LABELS[state]) for state in HandoverState],
        default=HandoverState.WRITTEN.value,
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    red_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    promised_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    written_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "交接班"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status=HandoverState.WRITTEN.value, signed_at=None)
                | Q(status=HandoverState.SIGNED.value, signed_at__isnull=False),
                name="handover_signed_whole",
            ),
            models.CheckConstraint(condition=~Q(giver=models.F("taker")), name="handover_to_another"),
            models.UniqueConstraint(
                fields=["unit", "giver"], condition=Q(status=HandoverState.WRITTEN.value), name="handover_once_waiting"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "-id"], name="handover_unit")]

    def __str__(self) -> str:
        return f"handover {self.pk}"

    def event_area_ids(self) -> list[int]:
        """None: a unit is no area."""
        return []

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The unit, and the post in it."""
        return actor.post_at(self.unit.office_area_id, self.unit_id), self.unit_id
