"""A question of a survey: fixed from the day the survey opens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from louzhang.surveys.models.surveys import Survey
from louzhang.surveys.questions import Asked, Only, Option
from louzhang.surveys.questions import Kind as AskedKind


class Kind(models.TextChoices):
    """What sort of answer is asked for."""

    YES_NO = AskedKind.YES_NO.value, AskedKind.YES_NO.label
    ONE = AskedKind.ONE.value, AskedKind.ONE.label
    MANY = AskedKind.MANY.value, AskedKind.MANY.label
    NUMBER = AskedKind.NUMBER.value, AskedKind.NUMBER.label
    DATE = AskedKind.DATE.value, AskedKind.DATE.label
    TEXT = AskedKind.TEXT.value, AskedKind.TEXT.label
    MEMBERS = AskedKind.MEMBERS.value, AskedKind.MEMBERS.label
    PHOTO = AskedKind.PHOTO.value, AskedKind.PHOTO.label


class Question(models.Model):
    """题目: `options` are [code, words] pairs, `condition` names another question and the answers that show this one.

    `checks` bounds the answer: `least` and `most` of numbers, lengths, choices or rows; dates as ISO days.
    `columns` are those of a row of `members`. `register_key` names the entry of the register that knows it already,
    `left_out` the streets that let the survey in without it.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=20)
    position = models.PositiveSmallIntegerField()
    text = models.CharField("题目", max_length=120)
    note = models.CharField("说明", max_length=200, default="", blank=True)
    kind = models.CharField("答法", max_length=8, choices=Kind.choices)
    options: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    condition: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    checks: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    is_needed = models.BooleanField("要回答", default=True)
    register_key = models.CharField(max_length=30, default="", blank=True)
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "题目"
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "key"], name="question_key_once"),
            models.UniqueConstraint(
                fields=["survey", "position"], name="question_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="question_has_text"),
        ]

    def __str__(self) -> str:
        return f"question {self.key} of survey {self.survey_id}"

    def asked(self) -> Asked:
        """The question without the database."""
        only = Only(self.condition["question"], frozenset(self.condition["answers"])) if self.condition else None
        return Asked(
            key=self.key,
            text=self.text,
            kind=AskedKind(self.kind),
            note=self.note,
            options=tuple(Option(code, words) for code, words in self.options),
            columns=tuple(Option(code, words) for code, words in self.columns),
            only=only,
            least=self.checks.get("least"),
            most=self.checks.get("most"),
            is_needed=self.is_needed,
            left_out=frozenset(self.left_out),
        )

    def take(self, asked: Asked, position: int) -> None:
        """Become this question, unsaved."""
        self.position, self.text, self.note, self.kind = position, asked.text, asked.note, asked.kind.value
        self.options = [[option.code, option.words] for option in asked.options]
        self.columns = [[column.code, column.words] for column in asked.columns]
        only = asked.only
        self.condition = {"question": only.key, "answers": sorted(only.answers)} if only else {}
        bounds = {"least": asked.least, "most": asked.most}
        self.checks = {name: bound for name, bound in bounds.items() if bound is not None}
        self.is_needed = asked.is_needed
