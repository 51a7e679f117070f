"""A dwelling: one door of a stairwell, a building or a neighbours' group of a village."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models.bindings import own_households
from louzhang.register.models.kinds import DwellingKind
from louzhang.register.scope import kept_places

LOWEST_FLOOR, HIGHEST_FLOOR = -5, 200


class DwellingQuerySet(models.QuerySet["Dwelling"]):
    """Dwellings, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register, and the own home."""
        return self.filter(kept_places(actor) | models.Q(pk__in=own_households(actor).values("dwelling_id")))

    def kept_by(self, actor: Actor) -> Self:
        """Those whose entries the actor may change."""
        return self.filter(kept_places(actor))

    def current(self) -> Self:
        """Doors that have not been bricked up or pulled down."""
        return self.filter(ended_at=None)

    def within(self, *area_ids: int) -> Self:
        """Dwellings in these areas or below them."""
        return self.filter(area__in=Area.objects.within(*area_ids).order_by().values("pk"))


class Dwelling(Chained):
    """房屋: a door with its floor and place in the row; who lives behind it are its households.

    `area` is a leaf of the tree (stairwell, building without any, group). `floor` is None where there are no
    storeys. `vacant_since` is a fact somebody saw, not the absence of entries; a home with a household has none.
    """

    subject_kind = "dwelling"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="dwellings")
    floor = models.SmallIntegerField("楼层", null=True, blank=True)
    door = models.CharField("门牌", max_length=20)
    position = models.PositiveSmallIntegerField("在本层第几户", default=1)
    kind = models.ForeignKey(
        DwellingKind, null=True, blank=True, on_delete=models.PROTECT, related_name="dwellings", verbose_name="类型"
    )
    vacant_since = models.DateField("空置自", null=True, blank=True)
    checked_on = models.DateField("最近核对", null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "房屋"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "door"], condition=models.Q(ended_at=None), name="dwelling_door_once"
            ),
            models.CheckConstraint(condition=~models.Q(door=""), name="dwelling_has_door"),
            models.CheckConstraint(
                condition=models.Q(floor=None) | models.Q(floor__gte=LOWEST_FLOOR, floor__lte=HIGHEST_FLOOR),
                name="dwelling_floor_possible",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "floor", "position"], name="dwelling_elevation"),
        ]

    def __str__(self) -> str:
        return f"dwelling {self.pk}"
