"""What is left of a survey after its answers have gone: counts by question, answer and place, and what it cost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.surveys.models.questions import Question
from louzhang.surveys.models.surveys import Survey


class Tally(models.Model):
    """汇总: how many households of a grid gave this answer; no question for what came of asking itself.

    `value` is the code of a choice, a number, a month, or a mark of `questions`.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tallies")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.PROTECT, related_name="tallies")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "汇总"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "question", "area", "value"], nulls_distinct=False, name="tally_once"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="tally_counts"),
        ]

    def __str__(self) -> str:
        return f"tally of survey {self.survey_id}"


class EntryTally(models.Model):
    """填报量: how many answers somebody wrote down in a community on a day, by when they came and when they were given.

    For the burden report: by campaign and place for offices, by person for that person alone.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="entry_tallies")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    happened_on = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "填报量"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "area", "user", "received_on", "happened_on"],
                nulls_distinct=False,
                name="entry_tally_once",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="entry_tally_counts"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "happened_on"], condition=Q(user__isnull=False), name="entry_tally_user"),
        ]

    def __str__(self) -> str:
        return f"entries of survey {self.survey_id} on {self.received_on}"
