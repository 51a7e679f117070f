"""How long things may take: limits of the clocks by category and urgency, data of the district."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from louzhang.journal.models import Chained
from louzhang.workorders.clocks import (
    CLOCK_LABELS,
    MEASURE_LABELS,
    WARN_SHARE,
    Clock,
    ClockKind,
    Limit,
    Measure,
    Pause,
)
from louzhang.workorders.models.categories import Category

SOURCE_LENGTH = 120


class ClockPolicy(Chained):
    """时限: the limit of one clock for a category, its group or any, urgent or not or either.

    `cap` is the most that all extensions together may add, in the same measure. `warn_share` is the
    percentage of the time that is left when it becomes due soon. `source` names the rule it comes from;
    an example (示例) was loaded with a preset and has not been touched since.
    """

    subject_kind = "clock_policy"

    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")
    is_urgent = models.BooleanField("紧急", null=True, blank=True)
    kind = models.CharField("时钟", max_length=8, choices=[(kind.value, CLOCK_LABELS[kind]) for kind in ClockKind])
    amount = models.PositiveIntegerField("时限")
    measure = models.CharField(
        "单位", max_length=16, choices=[(measure.value, label) for measure, label in MEASURE_LABELS.items()]
    )
    cap = models.PositiveIntegerField("最多延长", default=0)
    warn_share = models.PositiveSmallIntegerField("剩多少提醒（%）", default=WARN_SHARE)
    source = models.CharField("依据", max_length=SOURCE_LENGTH, default="", blank=True)
    is_example = models.BooleanField("示例", default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["category", "is_urgent", "kind"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="clock_policy_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in ClockKind])
                & models.Q(measure__in=[measure.value for measure in MEASURE_LABELS]),
                name="clock_policy_known",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=1, warn_share__gte=1, warn_share__lte=99),
                name="clock_policy_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.measure}"

    @property
    def limit(self) -> Limit:
        """The limit without any extension."""
        return Limit(self.amount, Measure(self.measure))

    @property
    def spoken_cap(self) -> str:
        """The most it may be extended by, in words."""
        return Limit(self.cap, Measure(self.measure)).spoken if self.cap else "不能延长"

    def clock(
        self,
        started_at: datetime,
        *,
        pauses: tuple[Pause, ...] = (),
        extensions: tuple[int, ...] = (),
        stopped_at: datetime | None = None,
    ) -> Clock:
        """A clock under this policy, with what the events of an order say of it."""
        return Clock(started_at, self.limit, pauses, extensions, self.cap, stopped_at, self.warn_share)
