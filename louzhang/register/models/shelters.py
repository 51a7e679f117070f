"""住址保密: people whom a protection order shields, so that nobody around them reads where they live."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.scope import COMMUNITY_RANK, EVERY_ROW, seat_places


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


def unsheltered(actor: Actor, resident: str, area: str) -> Q:
    """Rows whose person may be seen around: not under a protection order, or kept by the community's secretary.

    `resident` is the column of the person, `area` that of the place.
    """
    if actor.is_system:
        return EVERY_ROW
    hidden = Shelter.objects.filter(ended_at=None).values("resident_id")
    secretaries = [seat for seat in actor.seats_with(Role.SECRETARY) if seat.rank == COMMUNITY_RANK]
    return ~Q(**{f"{resident}__in": hidden}) | seat_places(secretaries, area)
