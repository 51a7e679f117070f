"""One voice about a matter: who said it, by which side, how they want to be answered, how they rate it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from louzhang.accounts.models import User
from louzhang.journal.sealed import Sealed
from louzhang.kit import crypto
from louzhang.workorders.models.orders import WorkOrder


class Channel(models.TextChoices):
    """By which side a report came in."""

    RESIDENT = "resident", "居民随手拍"
    FIELD = "field", "楼长网格员上报"
    GROUP = "group", "群消息转来"
    CALL = "call", "电话"
    HOTLINE = "hotline", "12345 热线"
    WALK_IN = "walk_in", "来访"
    WORKER_CALL = "worker_call", "工作人员来电"
    FILE = "file", "批量导入"
    API = "api", "接口"
    HISTORY = "history", "历史数据"


class AnswerWay(models.TextChoices):
    """How the reporter wants to be answered."""

    HERE = "here", "在这里看"
    PHONE = "phone", "电话"
    VISIT = "visit", "上门"
    SMS = "sms", "短信"


class CallResult(models.TextChoices):
    """What came of telling a reporter who has no online way (反馈结果)."""

    SATISFIED = "satisfied", "已告知，满意"
    ACCEPTABLE = "acceptable", "已告知，基本满意"
    UNSATISFIED = "unsatisfied", "已告知，不满意"
    NOT_ASKED = "not_asked", "已告知，未作评价"
    UNREACHED = "unreached", "多次联系不上"


class Report(Sealed):
    """反映: one voice about a matter, with its own contact, code, answer and rating.

    The contact and the door are sealed; the code is stored hashed. `device_hash` or
    `reporter` ties it to its author; `entered_by` is who typed it for somebody else. Its words are
    those of event `seq` of its `home`, the order it was filed on; empty while that is `order`.
    """

    subject_kind: ClassVar[str] = "report"
    SEALED: ClassVar[Mapping[str, str]] = {
        "name": "contact_name_sealed", "phone": "contact_phone_sealed", "door": "door_sealed",
    }  # fmt: skip

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="reports")
    home = models.ForeignKey(
        WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    reporter = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    entered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="entered_reports", db_index=False
    )
    tracking_hash = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - many reports have none, and none is no code
    answer_way = models.CharField(max_length=8, choices=AnswerWay.choices, default=AnswerWay.HERE)
    contact_name_sealed = models.TextField(default="", blank=True)
    contact_phone_sealed = models.TextField(default="", blank=True)
    phone_index = models.CharField(max_length=64, default="", blank=True)
    door_sealed = models.TextField(default="", blank=True)
    reported_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_result = models.CharField(max_length=12, choices=CallResult.choices, default="", blank=True)
    told_solved = models.BooleanField("回访：是否解决", null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    is_solved = models.BooleanField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "反映"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tracking_hash"],
                condition=models.Q(tracking_hash__isnull=False),
                name="report_tracking_once",
            ),
            models.CheckConstraint(
                condition=models.Q(stars=None, rated_at=None)
                | models.Q(
                    stars__gte=1,
                    stars__lte=5,
                    is_solved__isnull=False,
                    rated_at__isnull=False,
                ),
                name="report_rating_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["device_hash"],
                condition=~models.Q(device_hash=""),
                name="report_device",
            ),
            models.Index(
                fields=["phone_index"],
                condition=~models.Q(phone_index=""),
                name="report_phone",
            ),
            models.Index(fields=["rated_at"], condition=models.Q(rated_at__isnull=False), name="report_rated"),
            models.Index(fields=["home"], condition=models.Q(home__isnull=False), name="report_home"),
            models.Index(
                fields=["answer_way", "order"],
                condition=models.Q(told_at=None) & ~models.Q(answer_way=AnswerWay.HERE),
                name="report_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} of order {self.order_id}"

    def seal(self, **plain: str) -> None:
        """Seal what was given; a number is found again by its index."""
        super().seal(**plain)
        if plain.get("phone"):
            self.phone_index = crypto.blind_index(plain["phone"], purpose="phone")

    @property
    def must_be_told(self) -> bool:
        """Whether somebody still has to call, visit or text this reporter before the close."""
        return self.answer_way != AnswerWay.HERE and self.told_at is None
