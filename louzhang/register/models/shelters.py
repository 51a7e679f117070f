"""住址保密: people whom a protection order shields, so that nobody around them reads where they live."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from louzhang.accounts.models import User
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.scope import COMMUNITY_RANK, EVERY_ROW, seat_paths


class Shelter(Chained):
    """A protection order in force for a resident: only the community's secretary, and they themselves, see the row.

    The number of the document lies in the words of its event. The worker ends it on its day.
    """

    subject_kind = "shelter"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("register.Resident", on_delete=models.PROTECT, related_name="shelters")
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField("保护到")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "住址保密"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["resident"], condition=Q(ended_at=None), name="shelter_once"),
        ]

    def __str__(self) -> str:
        return f"shelter {self.pk}"


def sheltered() -> models.QuerySet[Shelter, int]:
    """The ids of everybody whom an order in force shields."""
    return Shelter.objects.filter(ended_at=None).values_list("resident_id", flat=True)


def sheltered_homes() -> models.QuerySet[Any, int]:
    """The ids of households in which nobody lives now but whom an order shields."""
    living = apps.get_model("register", "Stay").objects.filter(ends_on=None)
    open_ones = living.filter(household_id=OuterRef("household_id")).exclude(resident_id__in=sheltered())
    shielded: models.QuerySet[Any, int] = living.filter(~Exists(open_ones), resident_id__in=sheltered())
    return shielded.values_list("household_id", flat=True)


def unsheltered(actor: Actor, resident: str, area: str) -> Q:
    """Rows whose person may be seen around: not under a protection order, or kept by the community's secretary.

    `resident` is the column of the person, `area` that of the place.
    """
    return _shown(actor, f"{resident}__in", sheltered(), area)


def unsheltered_home(actor: Actor, household: str, area: str) -> Q:
    """The same of households: one that only shielded people live in is not there for anybody else."""
    return _shown(actor, f"{household}__in", sheltered_homes(), area)


def _shown(actor: Actor, column: str, hidden: models.QuerySet[Any, int], area: str) -> Q:
    if actor.is_system:
        return EVERY_ROW
    secretaries = [seat for seat in actor.seats_with(Role.SECRETARY) if seat.rank == COMMUNITY_RANK]
    return ~Q(**{column: hidden}) | seat_paths(secretaries, area)
