"""Who does what: the duty list (权责清单) and the ordered rules by which orders find their unit."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models.constraints import Deferrable

from louzhang.areas.models import Area, Unit
from louzhang.areas.models.periods import closed_range
from louzhang.areas.roles import Role
from louzhang.journal.models import Chained
from louzhang.workorders.models.categories import Category
from louzhang.workorders.models.orders import WorkOrder
from louzhang.workorders.windows import Window


class DutyClause(Chained):
    """权责清单条目: which unit answers for a matter, and on what legal ground.

    `category`, where named, is the category or group whose orders the clause is about. `ends_on` is
    the first day on which it no longer holds.
    """

    subject_kind = "duty_clause"

    code = models.CharField("条目编号", max_length=40)
    title = models.CharField("名称", max_length=120)
    matter = models.CharField("事项", max_length=1_000, default="", blank=True)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="clauses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="clauses")
    legal_basis = models.CharField("依据", max_length=500, default="", blank=True)
    starts_on = models.DateField("从")
    ends_on = models.DateField("到", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "权责清单"
        ordering: ClassVar[list[str]] = ["code", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(ended_at=None), name="duty_clause_code_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="duty_clause_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    """Rules by where they stand."""

    def in_force(self) -> RoutingRuleQuerySet:
        """Accepted and not ended, the first to be asked first."""
        return self.filter(accepted_at__isnull=False, ended_at=None).order_by("position", "pk")

    def proposed(self) -> RoutingRuleQuerySet:
        """Waiting for the settings keeper, the oldest first."""
        return self.filter(accepted_at=None, ended_at=None).order_by("pk")


class RoutingRule(Chained):
    """派单规则: orders of a category (or group, or any) in an area (or anywhere) in a window go to a unit.

    The first that matches decides, so `position` is unique among the rules in force and counts from 1.
    `seat_role` names who in the unit shall hold it. A proposed rule (`accepted_at` empty) has position 0
    and decides nothing; `origin` is the order it was learnt from, `clause` the duty it rests on.
    """

    subject_kind = "routing_rule"

    position = models.PositiveIntegerField("顺序", default=0)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="rules")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="rules")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    opens = models.TimeField("几点起", null=True, blank=True)
    closes = models.TimeField("几点止", null=True, blank=True)
    starts_on = models.DateField("从", null=True, blank=True)
    ends_on = models.DateField("到", null=True, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rules")
    seat_role = models.CharField("由谁办", max_length=20, choices=Role.choices, default="", blank=True)
    clause = models.ForeignKey(DutyClause, null=True, blank=True, on_delete=models.PROTECT, related_name="rules")
    origin = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, default="", blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "派单规则"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ExclusionConstraint(
                name="routing_rule_position_once",
                expressions=[(closed_range("position"), RangeOperators.OVERLAPS)],
                condition=models.Q(accepted_at__isnull=False, ended_at=None),
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, position=0) | models.Q(accepted_at__isnull=False, position__gte=1),
                name="routing_rule_in_force_has_position",
            ),
            models.CheckConstraint(
                condition=models.Q(opens=None, closes=None)
                | (models.Q(opens__isnull=False, closes__isnull=False) & ~models.Q(opens=models.F("closes"))),
                name="routing_rule_hours_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gt=models.F("starts_on")),
                name="routing_rule_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"routing rule {self.pk}"

    @property
    def window(self) -> Window:
        """When it holds."""
        return Window(frozenset(self.weekdays), self.opens, self.closes, self.starts_on, self.ends_on)

    @property
    def is_proposed(self) -> bool:
        """Whether the settings keeper has still to decide."""
        return self.accepted_at is None and self.ended_at is None

    @property
    def is_in_force(self) -> bool:
        """Whether it is asked when an order is dispatched."""
        return self.accepted_at is not None and self.ended_at is None
