"""流动红旗: where a flag hangs and hung."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from louzhang.areas.models import Area, PeriodQuerySet, no_overlap
from louzhang.roster.models.honours.honours import Honour
from louzhang.roster.models.honours.kinds import HonourKind


class Flag(models.Model):
    """流动红旗: where one hangs, from the day it was brought to the day it was carried on.

    `last_month` is the latest month the building won; `honour` the award that brought it.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="flags", db_index=False)
    building = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="flags_hung", db_index=False)
    kind = models.ForeignKey(HonourKind, on_delete=models.PROTECT, related_name="flags", db_index=False)
    honour = models.ForeignKey(Honour, on_delete=models.PROTECT, related_name="flags")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    first_month = models.DateField()
    last_month = models.DateField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "流动红旗"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            no_overlap("roster_flag_once", ["building", "kind"]),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="roster_flag_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(last_month__gte=F("first_month")), name="roster_flag_months"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-starts_on"], name="roster_flag_area"),
            models.Index(fields=["building", "-starts_on"], name="roster_flag_building"),
        ]

    def __str__(self) -> str:
        return f"flag {self.pk}"

    @property
    def months(self) -> int:
        """How many months in a row."""
        first, last = self.first_month, self.last_month
        return (last.year - first.year) * 12 + last.month - first.month + 1
