"""Consents of people, or of who decides for them, to one kind of care tag; asked, given, withdrawn, asked anew."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, Q

from louzhang.areas.models import Post
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.models.bindings import own_residents
from louzhang.register.models.shelters import unsheltered
from louzhang.register.scope import COMMUNITY_RANK, EVERY_ROW, NO_ROW, keeping_seats, seat_places

# The title (职务名称) of who looks after children in trouble: titles are data of the district, this one the field's.
CHILDREN_TITLE = "儿童主任"


def children_places(actor: Actor, area: str = "resident__area") -> Q:
    """Rows of children under 14 that the actor sees: the community's secretary, and whose post is 儿童主任."""
    terms = NO_ROW
    for seat in keeping_seats(actor):
        here = seat_places([seat], area)
        if seat.role == Role.SECRETARY and seat.rank == COMMUNITY_RANK:
            terms |= here
        else:
            titled = Exists(Post.objects.filter(pk=seat.post_id, title__name=CHILDREN_TITLE))
            terms |= here & Q(titled)
    return terms


def care_term(actor: Actor, guardian: str) -> Q:
    """Rows about the care of a resident that an actor sees: those of the kept places, the own, those of one's ward."""
    if actor.is_system:
        return EVERY_ROW
    own = own_residents(actor).values("resident_id")
    kept = care_kept_term(actor)
    return kept | Q(resident_id__in=own) | Q(**{f"{guardian}__in": own})


def care_kept_term(actor: Actor) -> Q:
    """The same without the own ones: rows the actor keeps as their work."""
    if actor.is_system:
        return EVERY_ROW
    adults = Q(is_child=False) & seat_places(keeping_seats(actor), "resident__area")
    shown = unsheltered(actor, "resident_id", "resident__area")
    return (adults | Q(is_child=True) & children_places(actor)) & shown


class Way(models.TextChoices):
    """How somebody said it."""

    PHONE = "phone", "本人在手机上"
    WORD = "word", "口头"
    PAPER = "paper", "书面"


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the kept places, the own, those given for one's ward."""
        return self.filter(care_term(actor, "guardian_id"))

    def kept_by(self, actor: Actor) -> Self:
        """Those the actor records for people."""
        return self.filter(care_kept_term(actor))

    def own_of(self, actor: Actor) -> Self:
        """Those about oneself, and those one decides about for one's ward."""
        own = own_residents(actor).values("resident_id")
        return self.filter(Q(resident_id__in=own, is_child=False) | Q(guardian_id__in=own))

    def in_force(self) -> Self:
        """Given and neither withdrawn nor past its day."""
        return self.filter(given_at__isnull=False, ended_at=None)

    def asked(self) -> Self:
        """Still without an answer."""
        return self.filter(given_at=None, ended_at=None)


class Consent(Chained):
    """单独同意: of a resident, or of the guardian who decides for them, to one kind of care tag.

    `ends_on` is the first of the month after a child becomes 14 or 18: then it is asked anew. The month and not
    the day stands here, since the day of birth is sealed.
    """

    subject_kind = "consent"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resident = models.ForeignKey("register.Resident", on_delete=models.PROTECT, related_name="consents")
    kind = models.ForeignKey(
        "register.CareKind", null=True, blank=True, on_delete=models.PROTECT, related_name="consents"
    )
    guardian = models.ForeignKey(
        "register.Resident", null=True, blank=True, on_delete=models.PROTECT, related_name="consents_for_others"
    )
    is_child = models.BooleanField(default=False)
    way = models.CharField("怎么说的", max_length=8, choices=Way.choices, default="", blank=True)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单独同意"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(given_at=None) | Q(is_child=False) | Q(guardian__isnull=False),
                name="consent_for_child_by_guardian",
            ),
            models.CheckConstraint(condition=Q(given_at=None) | ~Q(way=""), name="consent_given_some_way"),
            models.CheckConstraint(
                condition=Q(ended_at=None, kind__isnull=False) | Q(ended_at__isnull=False, kind=None),
                name="consent_ended_says_no_kind",
            ),
            models.CheckConstraint(
                condition=Q(guardian=None) | ~Q(guardian=models.F("resident")), name="consent_guardian_is_another"
            ),
            models.UniqueConstraint(
                fields=["resident", "kind"], condition=Q(ended_at=None), name="consent_one_per_kind"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_on"], condition=Q(ended_at=None, ends_on__isnull=False), name="consent_ending"),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
