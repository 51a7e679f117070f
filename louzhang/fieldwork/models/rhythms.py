"""走访节奏: how often who calls on whom, as data of the district; and for each household when it is due."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models import Household
from louzhang.register.scope import kept_places

OFTEN_AT_MOST = 50
EVERY_AT_MOST = 36


class Whom(models.TextChoices):
    """What a rhythm is about."""

    EACH = "each", "每一户"
    CARED = "cared", "有关爱标记的户"
    SOME = "some", "每天若干户，久未走访的先去"
    PRESENCE = "presence", "到片区去"


class Span(models.TextChoices):
    """What a rhythm counts in."""

    DAY = "day", "天"
    WEEK = "week", "周"
    MONTH = "month", "个月"


class RhythmQuerySet(models.QuerySet["Rhythm"]):
    """Rhythms, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that hold where the actor has a seat, and those below an office."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        step, terms = Area.steplen, Q(pk__in=[])
        for seat in actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES, Role.SYSTEM_ADMIN):
            line = [seat.path[:end] for end in range(step, len(seat.path) + 1, step)]
            terms |= Q(area__path__in=line)
            if seat.role not in FIELD_ROLES and seat.path:
                terms |= Q(area__path__gte=seat.path, area__path__lt=seat.path + "~")
        return self.filter(terms)

    def current(self) -> Self:
        """Not ended."""
        return self.filter(ended_at=None)


class Rhythm(Chained):
    """节奏: `often` times in `every` spans the post of `role` calls on whom, below `area`.

    Of `SOME` it is `often` homes a day, of the others `often` is for `PRESENCE` alone. `care_code` narrows `CARED`
    to one kind of tag; its name never stands on a list. It plans days and is never anybody's overdue.
    """

    subject_kind = "rhythm"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=40)
    whom = models.CharField("走访谁", max_length=10, choices=Whom.choices)
    care_code = models.SlugField("关爱种类", max_length=30, default="", blank=True)
    role = models.CharField("谁来走访", max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="rhythms")
    often = models.PositiveSmallIntegerField("几次（几户）", default=1)
    every = models.PositiveSmallIntegerField("每几", default=1)
    span = models.CharField("按什么算", max_length=6, choices=Span.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RhythmQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访节奏"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="rhythm_has_name"),
            models.CheckConstraint(
                condition=Q(often__gte=1, often__lte=OFTEN_AT_MOST, every__gte=1, every__lte=EVERY_AT_MOST),
                name="rhythm_possible",
            ),
            models.CheckConstraint(condition=Q(whom=Whom.CARED) | Q(care_code=""), name="rhythm_care_of_cared"),
            models.CheckConstraint(condition=~Q(whom=Whom.SOME) | Q(every=1, span=Span.DAY), name="rhythm_some_a_day"),
            models.CheckConstraint(
                condition=Q(whom__in=[Whom.SOME, Whom.PRESENCE]) | Q(often=1), name="rhythm_often_of_some"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="rhythm_ends_after_start"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], condition=Q(ended_at=None), name="rhythm_current"),
        ]

    def __str__(self) -> str:
        return self.name


class VisitDueQuerySet(models.QuerySet["VisitDue"]):
    """Households with the day they are due, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register."""
        return self.filter(kept_places(actor))

    def standing(self) -> Self:
        """Those of a rhythm in force; the worker takes the others away."""
        return self.filter(rhythm__ended_at=None)


class VisitDue(models.Model):
    """待访: one household under one rhythm. A visit of anybody moves `last_on` and, by the rule, `due_on`.

    Computed from rhythm and visits, so no event tells of it. `tried_on` is when nobody was met since. Of a rhythm that
    wants some homes a day `due_on` is empty: whoever was not called on the longest comes first.
    """

    rhythm = models.ForeignKey(Rhythm, on_delete=models.CASCADE, related_name="dues")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="visit_dues")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_on = models.DateField(null=True, blank=True)
    tried_on = models.DateField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)

    objects = VisitDueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待访"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["household", "rhythm"], name="visit_due_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "rhythm", "due_on"], name="visit_due_place"),
        ]

    def __str__(self) -> str:
        return f"due of household {self.household_id}"
