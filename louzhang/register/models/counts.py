"""Counts of whole communities, kept so that an office above them need not count a million people for a table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from louzhang.areas.models import Area


class Counted(models.TextChoices):
    """What a number counts."""

    DOORS = "doors", "房屋"
    HOMES = "homes", "住户"
    PEOPLE = "people", "居民"


class CommunityCount(models.Model):
    """How many of one sort there are in a community: doors by kind, people by year of birth (`key`), homes."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    counted = models.CharField(max_length=6, choices=Counted.choices)
    key = models.BigIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "人房计数"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "counted", "key"], nulls_distinct=False, name="community_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.counted} in area {self.area_id}"


class CountedCommunity(models.Model):
    """Until when the counts of a community are known to hold: what is recorded later makes them stale."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "人房计数时点"

    def __str__(self) -> str:
        return f"area {self.area_id} as of {self.as_of:%Y-%m-%d %H:%M}"
