"""The working calendar: what kind of day each day is, and when units work on it.

Nothing is deleted: a day changes its kind and says who changed it and why, hours end on a day. A year
is in the table whole or not at all (`actions.calendar`); days of other years follow `working_days`.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from louzhang.accounts.models import User
from louzhang.areas.models.district import Unit
from louzhang.areas.models.periods import PeriodQuerySet, no_overlap
from louzhang.kit.working_time import DAY_MINUTES, Spans

SPANS_AT_MOST = 3
WEEKDAYS = (1, 2, 3, 4, 5, 6, 7)


class DayKind(models.TextChoices):
    """What a day is in the calendar of the district."""

    WORKDAY = "workday", "工作日"
    REST = "rest", "周末休息"
    HOLIDAY = "holiday", "放假"
    SWAPPED = "swapped", "调休上班"


# Monday to Friday is a workday or a holiday; Saturday and Sunday rest, are swapped, or belong to a holiday.
WEEK_KINDS = (DayKind.WORKDAY, DayKind.HOLIDAY)
WEEKEND_KINDS = (DayKind.REST, DayKind.SWAPPED, DayKind.HOLIDAY)


def kinds_of(day: date) -> tuple[DayKind, ...]:
    """The kinds a day can be, the ordinary one first."""
    return WEEK_KINDS if day.isoweekday() <= 5 else WEEKEND_KINDS


class WorkingDay(models.Model):
    """One day; `is_provisional` while nobody has published it and it follows its weekday.

    A day changed by hand carries its author and the reason.
    """

    date = models.DateField("日期", unique=True)
    kind = models.CharField("类型", max_length=8, choices=DayKind.choices)
    name = models.CharField("名称", max_length=30, default="", blank=True)
    is_provisional = models.BooleanField("暂定", default=False)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField("原因", max_length=200, default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind=DayKind.HOLIDAY)
                | models.Q(kind=DayKind.WORKDAY, date__iso_week_day__lte=5)
                | models.Q(kind__in=[DayKind.REST, DayKind.SWAPPED], date__iso_week_day__gte=6),
                name="working_day_kind_fits_weekday",
            ),
            models.CheckConstraint(
                condition=models.Q(author=None) | ~models.Q(reason=""),
                name="working_day_by_hand_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


def _rising(field: str) -> models.Q:
    """The minutes of an array rise from 0 up to the end of a day; what it does not hold is not asked."""
    places = range(2 * SPANS_AT_MOST)
    condition = models.Q(**{f"{field}__0__gte": 0})
    for before, after in pairwise(places):
        condition &= models.Q(**{f"{field}__{before}__lt": models.F(f"{field}__{after}")})
    for place in places:
        condition &= models.Q(**{f"{field}__{place}__lte": DAY_MINUTES})
    return condition


class WorkingHours(models.Model):
    """When a unit works, or with no unit the whole district, from a day up to a day.

    `weekdays` are ISO numbers (1 is Monday); `minutes` are the spans one after the other in minutes from
    midnight: 540, 720, 810, 1050 is 09:00–12:00 and 13:30–17:30. A swapped day is worked by everybody.
    """

    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="working_hours")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    minutes = ArrayField(models.PositiveSmallIntegerField())
    works_on_holidays = models.BooleanField("放假也上班", default=False)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField("原因", max_length=200, default="", blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上班时间"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            no_overlap("working_hours_once_per_unit", ["unit"], models.Q(unit__isnull=False)),
            no_overlap("working_hours_once_for_all", [], models.Q(unit__isnull=True)),
            models.CheckConstraint(
                condition=models.Q(weekdays__len__gte=1, weekdays__contained_by=list(WEEKDAYS)),
                name="working_hours_weekdays",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__len__in=[2 * count for count in range(1, SPANS_AT_MOST + 1)]),
                name="working_hours_spans_whole",
            ),
            models.CheckConstraint(condition=_rising("minutes"), name="working_hours_spans_rise"),
        ]

    def __str__(self) -> str:
        return f"hours {self.pk} of unit {self.unit_id}"

    @property
    def spans(self) -> Spans:
        """The minutes two by two."""
        return tuple(zip(self.minutes[::2], self.minutes[1::2], strict=True))
