"""What neighbours may read of a matter before they report it again (我也遇到)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from louzhang.accounts.models import User
from louzhang.workorders.models.orders import WorkOrder

LINE_LENGTH = 60


class PublicLine(models.Model):
    """公开说明: one line about a matter of public space, written by the desk, with a photo it released.

    Nothing of any reporter's words or contact; `photo` is the uid of a file of the order (a blurred copy
    where a face or a plate was to be seen). One at a time for an order.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="public_lines", db_index=False)
    words = models.CharField("说明", max_length=LINE_LENGTH)
    photo = models.UUIDField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开说明"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(ended_at=None), name="public_line_once_per_order"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["order"], name="public_line_order"),
        ]

    def __str__(self) -> str:
        return f"public line of order {self.order_id}"
