"""地: shops, facilities, hydrants, lifts, parking and patrol points, each with a keeper; firms with a contact."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area, Unit
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed
from louzhang.register.scope import EVERY_ROW, NO_ROW, kept_places

LONGEST_ROUND = 3660


class FirmQuerySet(models.QuerySet["Firm"]):
    """Firms, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register."""
        return self.filter(kept_places(actor))

    kept_by = visible_to

    def current(self) -> Self:
        """Still here."""
        return self.filter(ended_at=None)


class Firm(Sealed, Chained):
    """单位商户: a firm at a place and whom to ask for there; the contact is sealed."""

    subject_kind = "firm"
    SEALED: ClassVar[Mapping[str, str]] = {"name": "contact_sealed", "phone": "phone_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="firms")
    name = models.CharField("名称", max_length=60)
    trade = models.CharField("做什么", max_length=40, default="", blank=True)
    contact_sealed = models.TextField(default="", blank=True)
    phone_sealed = models.TextField(default="", blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = FirmQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位商户"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "name"], condition=Q(ended_at=None), name="firm_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="firm_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    """What stands at a place."""

    SHOP = "shop", "商铺"
    FACILITY = "facility", "公共设施"
    HYDRANT = "hydrant", "消火栓"
    LIFT = "lift", "电梯"
    PARKING = "parking", "停车"
    PATROL = "patrol", "巡查点"


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Below every seat of field and offices: nothing of a person stands in them."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        paths = [seat.path for seat in actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES) if seat.path]
        areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
        return self.filter(EVERY_ROW if actor.is_system else Q(area_id__in=areas) if paths else NO_ROW)

    def kept_by(self, actor: Actor) -> Self:
        """Those whose entries the actor may change."""
        return self.filter(kept_places(actor))

    def current(self) -> Self:
        """Still there."""
        return self.filter(ended_at=None)

    def due_by(self, day: object) -> Self:
        """To be checked by a day."""
        return self.filter(check_due_on__lte=day)


class Site(Chained):
    """设施点位: a thing at a place, who keeps it, when it was checked and when it is due again.

    `check_days` is the round in days; a check sets `check_due_on` from it.
    """

    subject_kind = "site"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="sites")
    kind = models.CharField("类型", max_length=10, choices=SiteKind.choices)
    name = models.CharField("名称", max_length=60)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    keeper_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    keeper_firm = models.ForeignKey(Firm, null=True, blank=True, on_delete=models.PROTECT, related_name="sites")
    checked_on = models.DateField("最近检查", null=True, blank=True)
    check_days = models.PositiveSmallIntegerField("多少天检查一次", null=True, blank=True)
    check_due_on = models.DateField("下次检查", null=True, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "设施点位"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="site_has_name"),
            models.CheckConstraint(condition=Q(keeper_unit=None) | Q(keeper_firm=None), name="site_one_keeper"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="site_position_whole",
            ),
            models.CheckConstraint(
                condition=Q(check_days=None) | Q(check_days__gte=1, check_days__lte=LONGEST_ROUND),
                name="site_round_possible",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "kind"], condition=Q(ended_at=None), name="site_place"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def keeper(self) -> str:
        """Who keeps it, in words."""
        return str(self.keeper_unit or self.keeper_firm or "")
