"""个人信息保护影响评估 (PIPL 55, 56): stands before a group of fields, a kind of tag or an import is switched on."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.journal.models import Chained

KEPT_YEARS = 3


class Target(models.TextChoices):
    """What an assessment is about."""

    CARE_KIND = "care_kind", "关爱标记"
    FIELD_GROUP = "field_group", "敏感字段"
    IMPORT_TYPE = "import_type", "批量导入"
    SURVEY = "survey", "排查问卷"


class ImpactAssessmentQuerySet(models.QuerySet["ImpactAssessment"]):
    """Assessments, read as adjectives."""

    def switched_on(self) -> Self:
        """Those by which something is in use now."""
        return self.filter(switched_on_at__isnull=False, switched_off_at=None)

    def about(self, target: str, code: str) -> Self:
        """Those of one thing, the latest first."""
        return self.filter(target=target, code=code).order_by("-assessed_on", "-pk")


class ImpactAssessment(Chained):
    """评估: what for, why needed, what may go wrong, what is done about it. The switch lies on the row itself,

    so that nothing is switched on without one. Kept for three years.
    """

    subject_kind = "impact_assessment"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    target = models.CharField("评估什么", max_length=12, choices=Target.choices)
    code = models.SlugField("代号", max_length=30)
    purpose = models.CharField("目的和方式", max_length=500)
    necessity = models.CharField("为什么必要", max_length=500)
    risks = models.CharField("对个人的影响和风险", max_length=500)
    measures = models.CharField("保护措施", max_length=500)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField("评估日期")
    keep_until = models.DateField("保存到")
    switched_on_at = models.DateTimeField(null=True, blank=True)
    switched_off_at = models.DateTimeField(null=True, blank=True)

    objects = ImpactAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "影响评估"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(necessity="") & ~Q(risks="") & ~Q(measures=""),
                name="assessment_is_whole",
            ),
            models.CheckConstraint(condition=Q(keep_until__gt=F("assessed_on")), name="assessment_is_kept"),
            models.CheckConstraint(
                condition=Q(switched_off_at=None) | Q(switched_on_at__isnull=False), name="assessment_off_after_on"
            ),
            models.UniqueConstraint(
                fields=["target", "code"],
                condition=Q(switched_on_at__isnull=False, switched_off_at=None),
                name="assessment_one_switch",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk} of {self.target} {self.code}"


def kept_until(assessed_on: date) -> date:
    """Three years on, the day before a leap day where there is none."""
    years = assessed_on.year + KEPT_YEARS
    return assessed_on.replace(year=years) if (assessed_on.month, assessed_on.day) != (2, 29) else date(years, 2, 28)
