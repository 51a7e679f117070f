"""A question of a resident to those who look after the place; its words lie in the journal."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import ClassVar, Self

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.inquiries.lifecycle import LABELS, OPEN, InquiryState, Tie
from louzhang.journal.actor import Actor
from louzhang.journal.walker import Walked
from louzhang.kit import crypto, masking
from louzhang.workorders.models import WorkOrder

KEEPER_ROLES = (Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD)
COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
WORDS_AT_MOST = 500


def tie_terms(actor: Actor) -> dict[Tie, Q]:
    """The condition of each tie that the actor can have at all."""
    if not isinstance(actor, Actor):
        raise TypeError("scope needs an Actor; None is never everyone")
    if actor.is_system:
        return {Tie.SYSTEM: Q(pk__isnull=False)}
    offices = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
    terms = {
        Tie.ASKER: _asked_by(actor),
        Tie.KEEPER: _below([seat.path for seat in actor.seats_with(*KEEPER_ROLES) if seat.path]),
        Tie.DESK: _below(offices),
    }
    return {tie: term for tie, term in terms.items() if term is not None}


def _asked_by(actor: Actor) -> Q | None:
    own = [Q(asker_id=actor.user_id)] if actor.user_id is not None else []
    own += [Q(device_hash=actor.device)] if actor.device else []
    return reduce(or_, own) if own else None


def _below(paths: list[str]) -> Q | None:
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    return Q(area_id__in=areas) if paths else None


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Questions, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the asker, of who looks after the place, and of the community's office; nobody else's."""
        terms = list(tie_terms(actor).values())
        return self.filter(reduce(or_, terms)) if terms else self.none()

    def tied(self, actor: Actor, *ties: Tie) -> Self:
        """Those to which the actor stands in one of these ties."""
        terms = [term for tie, term in tie_terms(actor).items() if tie in ties]
        return self.filter(reduce(or_, terms)) if terms else self.none()

    def with_ties(self, actor: Actor) -> Self:
        """Annotate which ties hold; read them back as `inquiry.relations_now`."""
        flags = {
            f"is_{tie.value}": ExpressionWrapper(term, output_field=BooleanField())
            for tie, term in tie_terms(actor).items()
        }
        return self.annotate(**flags)

    def locked_for(self, actor: Actor, subject_id: int) -> Inquiry | None:
        """One locked without blocking foreign keys, in scope, with its ties."""
        rows = self.visible_to(actor).with_ties(actor).filter(pk=subject_id)
        return rows.select_related("area__level").select_for_update(no_key=True, of=("self",)).first()

    def waiting(self) -> Self:
        """Not answered yet, the longest waiting first."""
        return self.filter(status=InquiryState.ASKED).order_by("waiting_since", "pk")

    def late(self, at: datetime, hours: int) -> Self:
        """Not answered for longer than that."""
        return self.waiting().filter(waiting_since__lt=at - timedelta(hours=hours))


class Inquiry(Walked):
    """提问: a short question about a place. `order` is the work order it became.

    The contact is sealed; `device_hash` or `asker` ties it to who asked. What was asked and answered are words
    of its own events. `waiting_since` is when the last unanswered word was said.
    """

    subject_kind = "inquiry"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in InquiryState],
        default=InquiryState.ASKED.value,
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="inquiries")
    asker = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    contact_name_sealed = models.TextField(default="", blank=True)
    contact_phone_sealed = models.TextField(default="", blank=True)
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries")
    asked_at = models.DateTimeField()
    waiting_since = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "微邻里提问"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in InquiryState]), name="inquiry_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=InquiryState.TURNED.value, order__isnull=False)
                | (~Q(status=InquiryState.TURNED.value) & Q(order=None)),
                name="inquiry_turned_has_order",
            ),
            models.CheckConstraint(
                condition=Q(asker__isnull=False, device_hash="") | (Q(asker=None) & ~Q(device_hash="")),
                name="inquiry_of_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["asker", "-id"], condition=Q(asker__isnull=False), name="inquiry_asker"),
            models.Index(fields=["device_hash", "-id"], condition=~Q(device_hash=""), name="inquiry_device"),
            models.Index(fields=["area"], condition=Q(status=InquiryState.ASKED.value), name="inquiry_waiting"),
            models.Index(fields=["closed_at"], condition=Q(erased_at=None), name="inquiry_to_erase"),
        ]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    @property
    def relations_now(self) -> frozenset[str]:
        """The ties its queryset has annotated."""
        return frozenset(tie for tie in Tie if getattr(self, f"is_{tie.value}", False))

    @property
    def status_label(self) -> str:
        """The state in words."""
        return LABELS[InquiryState(self.status)]

    @property
    def is_open(self) -> bool:
        """Whether something can still be said."""
        return self.status in OPEN

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest to the place; none for the asker."""
        if Tie.ASKER in self.relations_now and not self.relations_now & {Tie.KEEPER, Tie.DESK}:
            return None, None
        above = [seat for seat in actor.seats if seat.path and self.area.path.startswith(seat.path)]
        nearest = max(above, key=lambda seat: seat.rank, default=None)
        return (nearest.post_id if nearest else None), None

    def aad(self, field: str) -> str:
        """What a sealed field is bound to: table, row, field."""
        return f"inquiry:{self.uid}:{field}"

    def seal_contact(self, *, name: str = "", phone: str = "") -> None:
        """Seal what was given; `phone` is already normal."""
        self.contact_name_sealed = crypto.seal(name, aad=self.aad("name")) if name else ""
        self.contact_phone_sealed = crypto.seal(phone, aad=self.aad("phone")) if phone else ""

    def open_field(self, field: str) -> str:
        """The plain `name` or `phone`; blank where none was given. The caller has logged the reveal."""
        sealed = self.contact_name_sealed if field == "name" else self.contact_phone_sealed
        return crypto.unseal(sealed, aad=self.aad(field)) if sealed else ""

    @property
    def masked_name(self) -> str:
        """The name with its middle hidden; blank where none was given."""
        return masking.mask_name(self.open_field("name")) if self.contact_name_sealed else ""

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden; blank where none was given."""
        return masking.mask_phone(self.open_field("phone")) if self.contact_phone_sealed else ""
