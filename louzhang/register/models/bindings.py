"""Which account or phone is which resident, confirmed by the chief, who sees no content of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import own_term

if TYPE_CHECKING:
    from louzhang.register.models.households import Household


class Binding(Chained):
    """认证: somebody says "this is me"; it holds from the confirmation to its end, one resident each way."""

    subject_kind = "binding"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("register.Resident", on_delete=models.PROTECT, related_name="bindings")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "本人认证"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, device_hash="") | (Q(user=None) & ~Q(device_hash="")),
                name="binding_of_account_or_phone",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None, user__isnull=False), name="binding_once_per_account"
            ),
            models.UniqueConstraint(
                fields=["device_hash"], condition=Q(ended_at=None) & ~Q(device_hash=""), name="binding_once_per_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"binding {self.pk}"


def own_residents(actor: Actor) -> models.QuerySet[Binding]:
    """The bindings by which an actor is a resident; none without an account or phone of one's own."""
    own = own_term(actor, "user_id")
    held = Binding.objects.filter(ended_at=None, confirmed_at__isnull=False)
    return held.none() if own is None else held.filter(own)


def own_households(actor: Actor) -> models.QuerySet[Household]:
    """The households in which an actor lives now."""
    stays = apps.get_model("register", "Stay").objects.filter(
        ends_on=None, resident_id__in=own_residents(actor).values("resident_id")
    )
    homes: models.QuerySet[Household] = apps.get_model("register", "Household").objects.all()
    return homes.filter(pk__in=stays.values("household_id"))
