"""A household: people who live together behind a door, from a day to a day, and how they are best reached."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models.bindings import own_households
from louzhang.register.models.dwellings import Dwelling
from louzhang.register.models.shelters import sheltered_homes, unsheltered_home
from louzhang.register.scope import kept_places


def _kept(actor: Actor) -> Q:
    """Those behind the kept doors; one in which only shielded people live is the secretary's alone."""
    return kept_places(actor, "dwelling__area") & unsheltered_home(actor, "pk", "dwelling__area")


class HouseholdQuerySet(models.QuerySet["Household"]):
    """Households, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register, and the own household."""
        return self.filter(_kept(actor) | Q(pk__in=own_households(actor).values("pk")))

    def kept_by(self, actor: Actor) -> Self:
        """Those whose entries the actor may change."""
        return self.filter(_kept(actor))

    def unshielded(self) -> Self:
        """But for those in which only people live whom a protection order shields."""
        return self.exclude(pk__in=sheltered_homes())

    def as_of(self, day: date) -> Self:
        """Households that live here on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def within(self, *area_ids: int) -> Self:
        """Households in these areas or below them."""
        return self.filter(dwelling__area__in=Area.objects.within(*area_ids).order_by().values("pk"))


class Household(Chained):
    """户: lives in one dwelling from a day to a day; a dwelling may hold several."""

    subject_kind = "household"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="households")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    checked_on = models.DateField("最近核对", null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "户"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="household_ends_after_start"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["dwelling"], condition=Q(ends_on=None), name="household_living"),
        ]

    def __str__(self) -> str:
        return f"household {self.pk}"


class ReachWay(models.TextChoices):
    """The good way to reach a household."""

    DOOR = "door", "上门"
    PHONE = "phone", "打电话"
    MESSAGE = "message", "发消息"
    THROUGH = "through", "找家里人转告"


class ReachHour(models.TextChoices):
    """The good hour."""

    ANY = "any", "都可以"
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"
    SUPPER = "supper", "晚饭后"
    WEEKEND = "weekend", "周末"


class Speech(models.TextChoices):
    """How to speak with them: a wish about talking, not a finding about health."""

    PLAIN = "plain", "照常说话"
    LOUD = "loud", "请大声、慢慢说"
    WRITTEN = "written", "请写字或发文字"


class Reach(models.Model):
    """联系方式偏好: how a household wishes to be reached; its changes are events of the household."""

    household = models.OneToOneField(Household, on_delete=models.PROTECT, related_name="reach", primary_key=True)
    way = models.CharField("怎么联系", max_length=8, choices=ReachWay.choices, default=ReachWay.DOOR)
    hour = models.CharField("什么时候", max_length=10, choices=ReachHour.choices, default=ReachHour.ANY)
    through = models.CharField("通过谁", max_length=20, default="", blank=True)
    language = models.CharField("说什么话", max_length=20, default="", blank=True)
    speech = models.CharField("怎么说话", max_length=8, choices=Speech.choices, default=Speech.PLAIN)

    class Meta:
        verbose_name = verbose_name_plural = "怎么联系"

    def __str__(self) -> str:
        return f"reach of household {self.household_id}"
