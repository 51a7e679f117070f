"""What is left of a survey after its answers have gone: counts by question, answer and place."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

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
