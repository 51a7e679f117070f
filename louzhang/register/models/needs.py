"""Needs (需求清单, R8): what a household or a building asked for."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models.bindings import own_households
from louzhang.register.models.households import Household
from louzhang.register.models.shelters import unsheltered_home
from louzhang.register.scope import kept_places


class Asking(models.TextChoices):
    """The three ways of asking (入户问、线上问、协商问)."""

    DOOR = "door", "入户问"
    ONLINE = "online", "线上问"
    DELIBERATION = "deliberation", "协商问"


class Course(models.TextChoices):
    """What becomes of a need."""

    ORDER = "order", "转为工单"
    SERVICE = "service", "转为服务"
    TOPIC = "topic", "转为议题"


def _kept(actor: Actor) -> Q:
    return kept_places(actor) & unsheltered_home(actor, "household_id", "area")


class NeedQuerySet(models.QuerySet["Need"]):
    """Needs, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register, and those of the own household."""
        return self.filter(_kept(actor) | Q(household_id__in=own_households(actor).values("pk")))

    def kept_by(self, actor: Actor) -> Self:
        """Those the actor may change."""
        return self.filter(_kept(actor))

    def open(self) -> Self:
        """Not ticked off yet."""
        return self.filter(ticked_at=None)


class Need(Chained):
    """需求: raised for a household or for a whole area, handed on as something, ticked off (销号).

    `course` and `reference` name what it became: the number of an order, for one.
    """

    subject_kind = "need"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="needs")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="needs")
    asking = models.CharField("怎么问到的", max_length=12, choices=Asking.choices)
    summary = models.CharField("需要什么", max_length=100)
    course = models.CharField("去向", max_length=8, choices=Course.choices, default="", blank=True)
    reference = models.CharField("编号", max_length=40, default="", blank=True)
    raised_at = models.DateTimeField()
    ticked_at = models.DateTimeField(null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], condition=Q(ticked_at=None), name="need_open"),
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"
