"""关爱标记: that somebody is to be looked after, what for, on whose word and until when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed
from louzhang.register.models.bindings import own_residents
from louzhang.register.models.consents import Consent, care_kept_term, care_term
from louzhang.register.models.residents import Stay
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import kept_places


class CareKind(Chained):
    """A kind of care tag, data of the district: what for and by which rule, how soon it is looked at again.

    In use while an impact assessment is switched on for its code. `is_health` asks for a separate consent;
    `is_for_children` keeps it to those who look after children.
    """

    subject_kind = "care_kind"

    code = models.SlugField("代号", max_length=30)
    name = models.CharField("名称", max_length=12)
    purpose = models.CharField("用来做什么", max_length=100)
    legal_basis = models.CharField("依据", max_length=100)
    is_health = models.BooleanField("涉及健康", default=False)
    is_for_children = models.BooleanField("关于儿童", default=False)
    review_months = models.PositiveSmallIntegerField("几个月看一次", default=6)
    longest_months = models.PositiveSmallIntegerField("最长几个月", default=12)
    position = models.PositiveSmallIntegerField("排序", default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "关爱标记种类"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=Q(ended_at=None), name="care_kind_code_once"),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(legal_basis="") & ~Q(name=""), name="care_kind_has_purpose"
            ),
            models.CheckConstraint(
                condition=Q(review_months__gte=1, longest_months__gte=F("review_months"), longest_months__lte=36),
                name="care_kind_months_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CareTagQuerySet(models.QuerySet["CareTag"]):
    """Care tags, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the kept places, the own, those of one's ward; children under 14 only for who looks after them."""
        return self.filter(care_term(actor, "consent__guardian_id"))

    def kept_by(self, actor: Actor) -> Self:
        """Those the actor may change."""
        return self.filter(care_kept_term(actor))

    def current(self, day: date) -> Self:
        """Those that stand on the pages on a day."""
        return self.filter(purged_at=None, ended_at=None, ends_on__gt=day)

    def due(self, day: date, by: date) -> Self:
        """Those current on a day that are to be looked at again by a later one."""
        return self.current(day).filter(review_on__lte=by)

    def past(self, day: date) -> Self:
        """Those the worker has to purge: ended, past their day, or of somebody who lives here no more."""
        lives_here = Exists(Stay.objects.filter(resident=OuterRef("resident_id"), ends_on=None))
        return self.filter(purged_at=None).filter(Q(ended_at__isnull=False) | Q(ends_on__lte=day) | ~lives_here)


class CareTag(Sealed, Chained):
    """关爱标记: a kind, for a resident, with purpose, legal basis, author, a day to look again and a day to end.

    Once it is past, kind and purpose go and the row stays as a tombstone. Its events name neither: both are
    words beside the first event, erased with them. What is known of somebody's health stands here, sealed, and
    nowhere else: only on a tag with a consent of its own, and it goes with either.
    """

    subject_kind = "care_tag"
    SEALED: ClassVar[Mapping[str, str]] = {"health": "health_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("register.Resident", on_delete=models.PROTECT, related_name="care_tags")
    kind = models.ForeignKey(CareKind, null=True, blank=True, on_delete=models.PROTECT, related_name="tags")
    purpose = models.CharField("用来做什么", max_length=100, default="", blank=True)
    legal_basis = models.CharField("依据", max_length=100, default="", blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_child = models.BooleanField(default=False)
    needs_consent = models.BooleanField(default=False)
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="tags")
    health_sealed = models.TextField(default="", blank=True)
    noted_on = models.DateField("记下日期")
    review_on = models.DateField("下次看")
    ends_on = models.DateField("到期")
    ended_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = CareTagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "关爱标记"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(purged_at__isnull=False, kind=None, purpose="", legal_basis="", consent=None)
                | (Q(purged_at=None, kind__isnull=False) & ~Q(purpose="") & ~Q(legal_basis="")),
                name="care_tag_has_purpose_or_is_purged",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=False) | Q(needs_consent=False) | Q(consent__isnull=False),
                name="care_tag_has_consent",
            ),
            models.CheckConstraint(condition=Q(is_child=False) | Q(needs_consent=True), name="care_tag_child_consent"),
            models.CheckConstraint(
                condition=Q(health_sealed="") | Q(needs_consent=True, consent__isnull=False, purged_at=None),
                name="care_tag_health_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(noted_on__lt=F("ends_on")) & Q(review_on__lte=F("ends_on")), name="care_tag_ends"
            ),
            models.UniqueConstraint(
                fields=["resident", "kind"], condition=Q(ended_at=None, purged_at=None), name="care_tag_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["resident"], condition=Q(ended_at=None, purged_at=None), name="care_tag_current"),
            models.Index(fields=["review_on"], condition=Q(ended_at=None, purged_at=None), name="care_tag_review"),
        ]

    def __str__(self) -> str:
        return f"care tag {self.pk}"


class EmergencyUseQuerySet(models.QuerySet["EmergencyUse"]):
    """Uses in an emergency, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the kept places, and those about oneself."""
        own = own_residents(actor).values("resident_id")
        shown = unsheltered(actor, "resident_id", "resident__area")
        return self.filter(kept_places(actor, "resident__area") & shown | Q(resident_id__in=own))

    def untold(self) -> Self:
        """Those the person has not been told of."""
        return self.filter(told_at=None)


class EmergencyUse(Chained):
    """紧急使用 (PIPL 13 item 4): somebody opened what they may not, to save life or health; told afterwards."""

    subject_kind = "emergency_use"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("register.Resident", on_delete=models.PROTECT, related_name="emergency_uses")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = EmergencyUseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "紧急使用"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["resident"], condition=Q(told_at=None), name="emergency_untold"),
        ]

    def __str__(self) -> str:
        return f"emergency use {self.pk}"
