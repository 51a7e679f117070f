"""The clocks of an order as columns: what is due when, what stands still, what is asked of the desk.

Each of them follows from `clocks`, and that from the order's events (`queries.clocks`); only
`actions.keeping_time` writes them.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Least

from louzhang.areas.models import Area
from louzhang.workorders.clocks import ClockKind
from louzhang.workorders.timekeeping import Clocks, unpacked


class Asked(models.TextChoices):
    """What the unit asks the desk about its time."""

    NOTHING = "", "没有申请"
    PAUSE = "pause", "申请暂停"
    WAIT = "wait", "申请暂停，等反映人"
    EXTENSION = "extension", "申请延期"


class Timed(models.Model):
    """The part of an order that tells its time.

    `take_due_at`, `contact_due_at` and `settle_due_at` are when its running clocks are due, `due_at` is the
    first of them and `soon_at` when the first becomes due soon; all are empty while nothing runs or a pause
    keeps it from getting there. `alarm_at` is when people are told next. `overdue_area` is the office above
    that an overdue clock went up to.
    """

    clocks: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False, db_default={})
    take_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    contact_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    settle_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    soon_at = models.DateTimeField(null=True, blank=True, editable=False)
    alarm_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_waiting = models.BooleanField("等反映人", default=False, editable=False, db_default=False)
    contacted_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked = models.CharField(
        max_length=10, choices=Asked.choices, default=Asked.NOTHING, blank=True, editable=False, db_default=""
    )
    asked_amount = models.PositiveIntegerField(null=True, blank=True, editable=False)
    overdue_area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )

    class Meta:
        abstract = True

    @property
    def kept(self) -> Clocks:
        """The clocks, unpacked."""
        return unpacked(self.clocks)


DUE_COLUMNS = {ClockKind.TAKE: "take_due_at", ClockKind.CONTACT: "contact_due_at", ClockKind.SETTLE: "settle_due_at"}
TIME_COLUMNS = ("clocks", *DUE_COLUMNS.values(), "due_at", "soon_at", "alarm_at", "paused_at", "is_waiting")

_EARLIEST = Least(*DUE_COLUMNS.values())
TIMED_CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=models.Q(due_at__isnull=False, due_at=_EARLIEST)
        | models.Q(due_at=None, take_due_at=None, contact_due_at=None, settle_due_at=None),
        name="order_due_is_earliest",
    ),
    models.CheckConstraint(
        condition=models.Q(is_waiting=False) | models.Q(paused_at__isnull=False), name="order_waits_only_paused"
    ),
    models.CheckConstraint(
        condition=models.Q(asked=Asked.EXTENSION.value, asked_amount__gte=1)
        | models.Q(asked__in=[each.value for each in Asked if each is not Asked.EXTENSION], asked_amount=None),
        name="order_asked_whole",
    ),
]
TIMED_INDEXES: list[models.Index] = [
    models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="order_due"),
    models.Index(fields=["soon_at"], condition=models.Q(soon_at__isnull=False), name="order_due_soon"),
    models.Index(fields=["alarm_at"], condition=models.Q(alarm_at__isnull=False), name="order_alarm"),
    models.Index(
        fields=["overdue_area", "due_at"],
        condition=models.Q(overdue_area__isnull=False, due_at__isnull=False),
        name="order_gone_up",
    ),
    models.Index(fields=["desk_area", "asked"], condition=~models.Q(asked=""), name="order_asks_for_time"),
]
