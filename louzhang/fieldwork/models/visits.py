"""走访: somebody was at a door, what came of it; and asking for company before going."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models import Dwelling, Household, Need
from louzhang.register.models.shelters import unsheltered_home
from louzhang.register.scope import kept_places
from louzhang.workorders.models import WorkOrder

MINUTES_AT_MOST = 480


class Met(models.TextChoices):
    """What came of knocking. A visit counts by it, at any hour."""

    MET = "met", "见到了"
    NOBODY = "nobody", "没人在家"
    LATER = "later", "不方便，改天"
    DECLINED = "declined", "不愿意"


# Whoever was met, or would rather not, is left in peace until the rhythm comes round again.
ROUNDED = frozenset({Met.MET, Met.DECLINED})


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the register; those who come to a household know when somebody was there."""
        return self.filter(kept_places(actor) & unsheltered_home(actor, "household_id", "area"))

    def of_posts(self, *post_ids: int) -> Self:
        """Those made in these posts."""
        return self.filter(post_id__in=post_ids)


class Visit(Chained):
    """走访: who was where when, and what came of it. What was said are words of its event, erased by rule.

    `met_ids` are ids of residents, as far as it was said who was met. `need` and `order` are what came of it in the
    same entry; other changes it made are events of the rows themselves, with the same entry id.
    """

    subject_kind = "visit"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="visits", db_index=False)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="visits")
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.PROTECT, related_name="visits", db_index=False
    )
    visitor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visits", db_index=False)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField("结果", max_length=10, choices=Met.choices)
    met_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField("几分钟", null=True, blank=True)
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(outcome__in=Met.values), name="visit_outcome_known"),
            models.CheckConstraint(condition=Q(met_ids=[]) | Q(outcome=Met.MET), name="visit_met_somebody"),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=MINUTES_AT_MOST),
                name="visit_minutes_possible",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["household", "-happened_at"], name="visit_household"),
            models.Index(fields=["area", "-day"], name="visit_place"),
            models.Index(fields=["visitor", "-day"], name="visit_visitor"),
            models.Index(fields=["post", "-day"], condition=Q(post__isnull=False), name="visit_post"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class CompanyQuerySet(models.QuerySet["Company"]):
    """Wishes for company, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those below a seat that keeps the place."""
        return self.filter(kept_places(actor) | Q(asker_id=actor.user_id, asker__isnull=False))

    def open(self) -> Self:
        """Nobody has joined yet and it was not taken back."""
        return self.filter(ended_at=None, joiner=None)


class Company(Chained):
    """结伴: somebody would rather not go to a door alone; no reason is asked for, none is stored."""

    subject_kind = "company"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    joiner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结伴"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(joiner=None, joined_at=None) | Q(joiner__isnull=False, joined_at__isnull=False),
                name="company_joined_whole",
            ),
            models.CheckConstraint(condition=~Q(joiner=models.F("asker")), name="company_of_another"),
            models.UniqueConstraint(
                fields=["dwelling", "asker"], condition=Q(ended_at=None), name="company_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"company {self.pk}"
