"""督办: what an office above demands of whoever has an order in hand, until it is lifted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from louzhang.areas.models import Area, Unit
from louzhang.workorders.lifecycle import STANDING, SUPERVISION_LABELS, SupervisionState
from louzhang.workorders.models.joint import BesideOrder
from louzhang.workorders.models.orders import WorkOrder
from louzhang.workorders.scope_beside import BesideOrderQuerySet


class Supervision(BesideOrder):
    """督办: asked by the office of `asked_area`, signed for and answered by whoever has the order, lifted from above.

    What is demanded, answered and said when it is lifted are words of events `asked_seq`, `replied_seq` and
    `lifted_seq` of the order. `unit` is the one that had it when it was asked; empty while it was at its desk.
    """

    subject_kind = "supervision"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="supervisions")
    status = models.CharField(
        max_length=8,
        choices=[(state.value, SUPERVISION_LABELS[state]) for state in SupervisionState],
        default=SupervisionState.ASKED,
    )
    asked_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField("要求回复日期")
    asked_at = models.DateTimeField()
    asked_seq = models.PositiveIntegerField()
    signed_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_seq = models.PositiveIntegerField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_seq = models.PositiveIntegerField(null=True, blank=True)

    objects = BesideOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=[state.value for state in SupervisionState]),
                name="supervision_status_known",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(status__in=sorted(state.value for state in STANDING)),
                name="supervision_stands_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status=SupervisionState.LIFTED.value, lifted_at__isnull=False)
                | (~models.Q(status=SupervisionState.LIFTED.value) & models.Q(lifted_at=None)),
                name="supervision_lifted_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_date"],
                condition=models.Q(status__in=sorted(state.value for state in STANDING)),
                name="supervision_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"supervision {self.pk} of order {self.order_id}"
