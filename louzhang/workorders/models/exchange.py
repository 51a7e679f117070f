"""What goes back to the hotline (12345): each answer once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from louzhang.accounts.models import User
from louzhang.workorders.models.orders import WorkOrder

# The name of the hotline as the source of an order; with it stands the hotline's own number.
HOTLINE = "12345"


class HotlineReply(models.Model):
    """回传: an answer on an order of the hotline, to be told to it; its words lie beside the event `seq`.

    `given_by` is the order whose event it is, where that is not the order itself: the one it was merged into.
    Written by a reader of the journal when the answer is given (`report_back`, `decline`), so that
    nobody types it twice. `sent_at` is when a file or a program took it; taken back it waits again.
    """

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="hotline_replies")
    given_by = models.ForeignKey(
        WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    ready_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = "回传"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order", "given_by", "seq"], nulls_distinct=False, name="hotline_reply_once"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_by=None) | models.Q(sent_at__isnull=False), name="hotline_reply_sent_whole"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="hotline_reply_waiting"),
            models.Index(fields=["-sent_at"], condition=models.Q(sent_at__isnull=False), name="hotline_reply_sent"),
        ]

    def __str__(self) -> str:
        return f"reply {self.seq} of order {self.order_id}"

    @property
    def answer(self) -> tuple[int, int]:
        """The order and the place in its chain of the event that holds the words."""
        return self.given_by_id or self.order_id, self.seq
