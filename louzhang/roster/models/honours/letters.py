"""表扬信和推荐: a text about somebody; it is printed only after they have seen it and agreed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.lifecycle.honours import LETTER_LABELS, LetterState, LetterTie
from louzhang.roster.models.honours.honours import Honour

TEXT_AT_MOST = 1500
ADDRESSEE_LENGTH = 60


class LetterKind(models.TextChoices):
    """What a text is for: praise where somebody works, or a recommendation (fast lanes of R3)."""

    PRAISE = "praise", "表扬信"
    JOINING = "joining", "优先推荐入党"
    STUDY = "study", "优先推荐学习培训"
    RESERVE = "reserve", "优先推荐后备人选"


class LetterQuerySet(TiedQuerySet["Letter"]):
    """Letters: read by whom they are about and by the office that writes them, nobody else."""

    READ_WITH = ("area__level", "subject")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to a letter."""
        here = [seat.area_id for seat in actor.seats_with(*OFFICE_ROLES) if seat.area_id is not None]
        return {
            LetterTie.SUBJECT: Q(subject_id=actor.user_id) if actor.user_id is not None else None,
            LetterTie.DESK: Q(area_id__in=here) if here else None,
        }


class Letter(Tied):
    """One text about one person. To whom it goes and what it says are words of the event `text_seq`."""

    subject_kind = "honour_letter"
    TIES = LetterTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LETTER_LABELS[state]) for state in LetterState],
        default=LetterState.SHOWN.value,
    )
    kind = models.CharField("用途", max_length=10, choices=LetterKind.choices)
    subject = models.ForeignKey(User, on_delete=models.PROTECT, related_name="letters")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="letters")
    honour = models.ForeignKey(Honour, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text_seq = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "表扬信和推荐"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in LetterState]), name="roster_letter_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=LetterState.AGREED.value, agreed_at__isnull=False)
                | (~Q(status=LetterState.AGREED.value) & Q(agreed_at=None)),
                name="roster_letter_agreed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the office that writes."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat in the office; the person's first one otherwise."""
        return actor.post_at(self.area_id, None), None
