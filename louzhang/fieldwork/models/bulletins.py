"""上级报表: a blank Excel from above, kept as it came, and what each of its cells means."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Unit
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained


class Span(models.TextChoices):
    """Over which time a bulletin asks."""

    WEEK = "week", "每周"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Bulletins, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the own unit or office, and those a campaign that was let in asks the own community for."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        term = Q(owner_id__in=sorted(actor.unit_ids)) if actor.unit_ids else Q(pk__in=[])
        if actor.has_role(*OFFICE_ROLES):
            admissions = apps.get_model("fieldwork", "Admission").objects.visible_to(actor)
            asked = admissions.filter(kind="sheet", status="admitted").order_by()
            sheets = apps.get_model("fieldwork", "Campaign").objects.filter(uid__in=asked.values("source_uid"))
            sheets = sheets.order_by()
            term |= Q(pk__in=sheets.values("bulletin_id"))
        return self.filter(term)

    def current(self) -> Self:
        """Not put away."""
        return self.filter(ended_at=None)


class Bulletin(Chained):
    """报表: kept by a unit; its blank is the newest version."""

    subject_kind = "bulletin"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=60)
    above = models.CharField("哪里要的", max_length=60, default="", blank=True)
    span = models.CharField("多久一次", max_length=8, choices=Span.choices, default=Span.MONTH)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上级报表"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="bulletin_has_name"),
            models.UniqueConstraint(fields=["owner", "name"], condition=Q(ended_at=None), name="bulletin_name_once"),
        ]

    def __str__(self) -> str:
        return f"bulletin {self.pk}"


class BulletinBlank(models.Model):
    """空表: one version. `layout` is what was read of it, `mapping` which value stands in which cell.

    `content` is the file as it came, so that the filled one looks the same.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="blanks")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    layout: models.JSONField[Any, Any] = models.JSONField(default=dict)
    mapping: models.JSONField[Any, Any] = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    mapped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "空表"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "number"], name="blank_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="blank_numbered"),
        ]

    def __str__(self) -> str:
        return f"blank {self.number} of bulletin {self.bulletin_id}"


class BulletinFill(models.Model):
    """填出: a filled one was taken away, by whom, of which place and days, and how many cells stayed empty.

    What for lies in the event `seq` of the bulletin.
    """

    blank = models.ForeignKey(BulletinBlank, on_delete=models.PROTECT, related_name="fills")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seq = models.PositiveIntegerField()
    cells = models.PositiveIntegerField()
    gaps = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "填出"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="fill_days_in_order"),
            models.CheckConstraint(condition=Q(gaps__lte=F("cells")), name="fill_gaps_within"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["blank", "-id"], name="fill_blank")]

    def __str__(self) -> str:
        return f"fill {self.pk}"
