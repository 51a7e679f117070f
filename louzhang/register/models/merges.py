"""Two rows that are one person: merged and taken apart again, or found to be two people."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from louzhang.journal.actor import Actor
from louzhang.register.models.households import Household
from louzhang.register.models.residents import Resident
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import kept_places


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of people whose place the actor keeps, the row that went and the row that stayed."""
        places = (kept_places(actor, "into__area"), kept_places(actor, "resident__area"))
        shown = (unsheltered(actor, "into_id", "into__area"), unsheltered(actor, "resident_id", "resident__area"))
        return self.filter(*places, *shown)

    def standing(self) -> Self:
        """Not undone."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """合并: `resident` went into `into`, with all that is needed to bring exactly both rows back.

    `moved` names the rows that were handed over, by table, with the days they had and were left with. `laid_away`
    are stays that overlapped one of the row that stays: they were cut to nothing and get their end back. `filled` are
    the fields the row that stayed did not have. What was merged is an event of both.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="gathered")
    moved: models.JSONField[Any, Any] = models.JSONField(default=dict)
    laid_away: models.JSONField[Any, Any] = models.JSONField(default=dict)
    filled = ArrayField(models.CharField(max_length=20), default=list)
    area_before_id = models.BigIntegerField()
    ended_household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合并"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["resident"], condition=Q(undone_at=None), name="merge_once_at_a_time"),
            models.CheckConstraint(condition=~Q(resident=F("into")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"merge of resident {self.resident_id} into {self.into_id}"


class Apart(models.Model):
    """不是同一个人: somebody looked at two rows that are alike and said so; they are not proposed again."""

    first = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "不是同一个人"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["first", "second"], name="apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"residents {self.first_id} and {self.second_id} are two"
