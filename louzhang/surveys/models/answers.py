"""What households said: versions, of which the newest given holds; and what came when nothing was asked any more."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.surveys.models.targets import Target


class Voice(models.TextChoices):
    """How an answer was given; none has precedence."""

    DOOR = "door", "上门"
    HOUSEHOLD = "self", "自己填写"
    PAPER = "paper", "纸质表"


# Answers that staff and volunteers wrote down; what residents answer themselves costs nobody.
BY_HAND = (Voice.DOOR.value, Voice.PAPER.value)


class Outcome(models.TextChoices):
    """What came of asking once."""

    ANSWERED = "answered", "已回答"
    DECLINED = "declined", "不愿回答"
    ABSENT = "absent", "没遇到人"


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the households one may see."""
        return self.filter(target__in=Target.objects.visible_to(actor).order_by().values("pk"))

    def current(self) -> Self:
        """Those that hold."""
        return self.filter(number=models.F("target__current"))


class Answer(Sealed):
    """回答: one version. `chosen` holds choices, numbers and dates by the key of their question, in the clear.

    No person is named there: words, members and photos lie sealed in `said`, a JSON of the same keys, and `chosen`
    only marks that something was given. `chosen` marks 不愿回答 as well (`questions.DECLINED`). What was typed from
    paper into the wrong row is taken back, and what it said is forgotten.
    """

    subject_kind = "survey_answer"
    SEALED: ClassVar[Mapping[str, str]] = {"said": "said_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    voice = models.CharField(max_length=6, choices=Voice.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    chosen: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    said_sealed = models.TextField(default="", blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回答"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["target", "number"], name="answer_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="answer_numbers_from_one"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ANSWERED) | Q(chosen={}, said_sealed=""), name="answer_only_when_given"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "happened_at"], condition=Q(user__isnull=False), name="answer_by_user"),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} of target {self.target_id}"


class LateOutcome(models.TextChoices):
    """What became of an answer that was kept outside."""

    WAITING = "waiting", "等社区核对"
    TAKEN = "taken", "已计入"
    DROPPED = "dropped", "没有计入"


class LateAnswer(Sealed):
    """迟到的回答: sent after the survey or the writer's post had ended; kept, sealed, until the desk decides."""

    subject_kind = "survey_late_answer"
    SEALED: ClassVar[Mapping[str, str]] = {"said": "said_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="late_answers")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    said_sealed = models.TextField(default="", blank=True)
    outcome = models.CharField(max_length=8, choices=LateOutcome.choices, default=LateOutcome.WAITING)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "迟到的回答"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(outcome=LateOutcome.WAITING, settled_at=None)
                | (~Q(outcome=LateOutcome.WAITING) & Q(settled_at__isnull=False, said_sealed="")),
                name="late_answer_said_while_waiting",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["target"], condition=Q(outcome=LateOutcome.WAITING), name="late_answer_waiting"),
        ]

    def __str__(self) -> str:
        return f"late answer about target {self.target_id}"
