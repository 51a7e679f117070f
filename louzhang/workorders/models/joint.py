"""Work done together: parts of other units, meetings on the spot, motions for what no office can settle."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from louzhang.areas.models import Unit
from louzhang.journal.actor import Actor
from louzhang.journal.walker import Walked
from louzhang.workorders.lifecycle import (
    MEETING_LABELS,
    MOTION_LABELS,
    OPEN_PARTS,
    PART_LABELS,
    MeetingState,
    MotionState,
    PartState,
    Relation,
)
from louzhang.workorders.models.orders import WorkOrder
from louzhang.workorders.scope_beside import BesideOrderQuerySet, MeetingQuerySet, PartQuerySet
from louzhang.workorders.timekeeping import Clocks, unpacked


class BesideOrder(Walked):
    """A row beside an order, seen and moved by those tied to the order; `held` are their ties, told by its queryset."""

    order: models.ForeignKey[WorkOrder, WorkOrder]

    held: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    @property
    def relations_now(self) -> frozenset[str]:
        """The actor's ties to the order, and to this row."""
        return self.held

    def event_area_ids(self) -> list[int]:
        """Those of the order."""
        return self.order.event_area_ids()

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """That of the order."""
        return self.order.event_tie(actor)


class Meeting(BesideOrder):
    """现场办公: units called to the place of an order. Its minutes are words of event `recorded_seq` of the order."""

    subject_kind = "meeting"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="meetings")
    status = models.CharField(
        max_length=10, choices=[(s.value, MEETING_LABELS[s]) for s in MeetingState], default=MeetingState.CALLED
    )
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    place = models.CharField("地点", max_length=120)
    held_at = models.DateTimeField("时间")
    called_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_seq = models.PositiveIntegerField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "现场办公"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in MeetingState]), name="meeting_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=MeetingState.HELD.value, recorded_at__isnull=False, recorded_seq__isnull=False
                )
                | (~models.Q(status=MeetingState.HELD.value) & models.Q(recorded_at=None, recorded_seq=None)),
                name="meeting_held_has_minutes",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-held_at"], name="meeting_held_at"),
            GinIndex(fields=["unit_ids"], name="meeting_units"),
        ]

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class Part(BesideOrder):
    """协办: what one unit is asked to do on an order, or has promised at a meeting.

    What it is asked and what it replied are words of events `asked_seq` and `replied_seq` of the order
    (`asked_place` where one event asks several things); `released_seq` says why it needs it no more.

    Its clocks (签收, 回复) run by the hours of its unit and stand still with those of the order. `due_at` is by when
    it is to be replied to, as last known; `is_agreed` where somebody named that moment, else the limit of the
    category holds. `late_at` is when the first running clock is due, `alarm_at` when people are told next; both
    are empty while nothing runs, or the order's time does not count. Only `actions.part_time` writes them.
    """

    subject_kind = "part"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="parts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="parts")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    status = models.CharField(
        max_length=10, choices=[(s.value, PART_LABELS[s]) for s in PartState], default=PartState.ASKED
    )
    due_at = models.DateTimeField("时限")
    is_agreed = models.BooleanField("商定的时限", default=False, db_default=False)
    clocks: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False, db_default={})
    late_at = models.DateTimeField(null=True, blank=True, editable=False)
    alarm_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_at = models.DateTimeField()
    asked_seq = models.PositiveIntegerField()
    asked_place = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_seq = models.PositiveIntegerField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_seq = models.PositiveIntegerField(null=True, blank=True)
    contact_asked_at = models.DateTimeField(null=True, blank=True)
    contact_granted_at = models.DateTimeField(null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协办"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in PartState]), name="part_status_known"
            ),
            models.UniqueConstraint(
                fields=["order", "unit"],
                condition=models.Q(status__in=sorted(s.value for s in OPEN_PARTS), meeting=None),
                name="part_once_open_per_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(status=PartState.REPLIED.value, replied_at__isnull=False, replied_seq__isnull=False)
                | (~models.Q(status=PartState.REPLIED.value) & models.Q(replied_at=None, replied_seq=None)),
                name="part_replied_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(status=PartState.RELEASED.value, released_at__isnull=False)
                | (~models.Q(status=PartState.RELEASED.value) & models.Q(released_at=None)),
                name="part_released_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=sorted(s.value for s in OPEN_PARTS))
                | models.Q(late_at=None, alarm_at=None, paused_at=None),
                name="part_time_runs_only_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["unit", "due_at"],
                condition=models.Q(status__in=sorted(s.value for s in OPEN_PARTS)),
                name="part_open_of_unit",
            ),
            models.Index(fields=["alarm_at"], condition=models.Q(alarm_at__isnull=False), name="part_alarm"),
        ]

    def __str__(self) -> str:
        return f"part {self.pk} of order {self.order_id}"

    @property
    def is_open(self) -> bool:
        """Whether the unit still has to do something."""
        return self.status in OPEN_PARTS

    @property
    def kept(self) -> Clocks:
        """Its clocks, unpacked."""
        return unpacked(self.clocks)

    def is_late(self, at: datetime) -> bool:
        """Whether a clock of it has run out and the unit still has to do something."""
        return self.late_at is not None and self.late_at < at

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The unit whose part it is, where the actor works in it; else that of the order."""
        if Relation.ASSIST in self.held:
            return actor.post_at(None, self.unit_id), self.unit_id
        return super().event_tie(actor)


class Motion(BesideOrder):
    """议案、建议: what no office can settle, and what became of it. Its words lie in its own chain."""

    subject_kind = "motion"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="motions")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="motions")
    status = models.CharField(
        max_length=10, choices=[(s.value, MOTION_LABELS[s]) for s in MotionState], default=MotionState.RAISED
    )
    title = models.CharField("标题", max_length=120)
    body = models.CharField("提交给", max_length=120, default="", blank=True)
    raised_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = BesideOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议案建议"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in MotionState]), name="motion_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status=MotionState.RAISED.value)
                | models.Q(status=MotionState.CLOSED.value)
                | (models.Q(submitted_at__isnull=False) & ~models.Q(body="")),
                name="motion_submitted_to_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-raised_at"], name="motion_raised_at")]

    def __str__(self) -> str:
        return f"motion {self.pk}"
