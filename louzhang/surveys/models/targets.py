"""Whom a survey asks: a household each, and for every place on the way down how many are done."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models import Dwelling, Household
from louzhang.register.models.bindings import own_households
from louzhang.register.models.shelters import unsheltered_home
from louzhang.register.scope import kept_places
from louzhang.surveys.models.passed import passed_on_to
from louzhang.surveys.models.surveys import Survey


class TargetState(models.TextChoices):
    """How far one household is. 不愿回答 is done, and no reminder follows it."""

    WAITING = "waiting", "还没问"
    ABSENT = "absent", "没遇到人"
    ANSWERED = "answered", "已回答"
    DECLINED = "declined", "不愿回答"


DONE = (TargetState.ANSWERED.value, TargetState.DECLINED.value)


class ShareQuerySet(models.QuerySet["Share"]):
    """Shares, read as adjectives."""

    def leaves(self) -> Self:
        """Those with households of their own: their counts are the only ones that are stored."""
        return self.filter(total__gt=0)


class Share(models.Model):
    """一份: the part of a survey in one place, at every level from the district down.

    Counts stand on the places where dwellings lie and are summed above. `passed_to` is somebody to whom this part
    and what is below it has been passed on, beside those who look after the place.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="shares")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    passed_to = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    passed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "份额"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "area"], name="share_once"),
            models.CheckConstraint(
                condition=Q(total__gte=models.F("answered") + models.F("declined") + models.F("absent")),
                name="share_counts_fit",
            ),
            models.CheckConstraint(
                condition=Q(passed_to=None, passed_at=None) | Q(passed_to__isnull=False, passed_at__isnull=False),
                name="share_passed_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "survey"], name="share_area"),
            models.Index(fields=["passed_to"], condition=Q(passed_to__isnull=False), name="share_passed"),
        ]

    def __str__(self) -> str:
        return f"share of survey {self.survey_id} at area {self.area_id}"


def passed_places(actor: Actor) -> models.QuerySet[Share]:
    """The parts that somebody passed on to the actor, or to whom the actor stands in for."""
    return Share.objects.filter(passed_on_to(actor))


class TargetQuerySet(models.QuerySet["Target"]):
    """Households asked, read as adjectives. Streets and the district see counts, never these rows."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor looks after the homes, what was passed on to them, and the own household."""
        return self.filter(self._handled(actor) | Q(household__in=own_households(actor).order_by().values("pk")))

    def handled_by(self, actor: Actor) -> Self:
        """Those where the actor asks at the door: of the own places and of parts passed on."""
        return self.filter(self._handled(actor))

    def _handled(self, actor: Actor) -> Q:
        term = kept_places(actor)
        for survey_id, path in passed_places(actor).values_list("survey_id", "area__path"):
            below = Area.objects.get_queryset().under_paths([path]).order_by().values("pk")
            term |= Q(survey_id=survey_id, area_id__in=below)
        return term & unsheltered_home(actor, "household_id", "area")

    def behind(self) -> Self:
        """Still to be asked."""
        return self.exclude(state__in=DONE)


class Target(Chained):
    """一户: a household that a survey asks, or a door behind which none is registered.

    `current` is the number of the answer that holds, 0 before there is one; `current_at` when it was given.
    """

    subject_kind = "survey_target"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="targets")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.WAITING)
    versions = models.PositiveSmallIntegerField(default=0)
    current = models.PositiveSmallIntegerField(default=0)
    current_at = models.DateTimeField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "户"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "household"], condition=Q(household__isnull=False), name="target_household_once"
            ),
            models.UniqueConstraint(
                fields=["survey", "dwelling"], condition=Q(household=None), name="target_door_once"
            ),
            models.CheckConstraint(condition=Q(state__in=TargetState.values), name="target_state_known"),
            models.CheckConstraint(
                condition=Q(current=0, current_at=None) | Q(current__gt=0, current_at__isnull=False),
                name="target_current_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["survey", "area", "state"], name="target_place"),
            models.Index(fields=["dwelling"], name="target_dwelling"),
        ]

    def __str__(self) -> str:
        return f"target {self.pk} of survey {self.survey_id}"
