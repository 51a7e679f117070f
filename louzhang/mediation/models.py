"""A mediation and its parties. What was said lies in its own events; names and numbers are sealed."""

from __future__ import annotations

import uuid
from datetime import date
from functools import reduce
from operator import or_
from typing import ClassVar, Self

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.walker import Walked
from louzhang.kit import crypto, masking
from louzhang.mediation.lifecycle import LABELS, OPEN, READERS, MediationState, Tie
from louzhang.workorders.models import WorkOrder

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
WORDS_AT_MOST = 2000
PARTIES_AT_MOST = 8
_OPEN = sorted(state.value for state in OPEN)


def tie_terms(actor: Actor) -> dict[Tie, Q]:
    """The condition of each tie that the actor can have at all; the clock has none."""
    if not isinstance(actor, Actor):
        raise TypeError("scope needs an Actor; None is never everyone")
    offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    works = actor.user_id is not None and bool(actor.seats)
    terms = {
        Tie.MEDIATOR: Q(mediator_id=actor.user_id) if works else None,
        Tie.PARTY: _as_party(actor),
        Tie.STARTER: Q(starter_id=actor.user_id) if works else None,
        Tie.DESK: _below([seat.path for seat in offices if seat.rank == COMMUNITY_RANK]),
        Tie.ABOVE: _below([seat.path for seat in offices if seat.rank < COMMUNITY_RANK]),
    }
    return {tie: term for tie, term in terms.items() if term is not None}


def _as_party(actor: Actor) -> Q | None:
    own = [Q(user_id=actor.user_id)] if actor.user_id is not None else []
    own += [Q(device_hash=actor.device)] if actor.device else []
    return Q(pk__in=Party.objects.filter(reduce(or_, own)).values("mediation_id")) if own else None


def _below(paths: list[str]) -> Q | None:
    areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
    return Q(area_id__in=areas) if paths else None


class MediationQuerySet(models.QuerySet["Mediation"]):
    """Mediations, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those the actor may know of; whether what was said in them, `Mediation.may_read` tells."""
        return self.tied(actor, *Tie)

    def tied(self, actor: Actor, *ties: Tie) -> Self:
        """Those to which the actor stands in one of these ties."""
        terms = [term for tie, term in tie_terms(actor).items() if tie in ties]
        return self.filter(reduce(or_, terms)) if terms else self.none()

    def with_ties(self, actor: Actor) -> Self:
        """Annotate which ties hold; read them back as `mediation.relations_now`."""
        flags = {
            f"is_{tie.value}": ExpressionWrapper(term, output_field=BooleanField())
            for tie, term in tie_terms(actor).items()
        }
        return self.annotate(**flags)

    def locked_for(self, actor: Actor, subject_id: int) -> Mediation | None:
        """One locked without blocking foreign keys, in scope, with its ties."""
        rows = self.visible_to(actor).with_ties(actor).filter(pk=subject_id)
        return rows.select_related("area__level").select_for_update(no_key=True, of=("self",)).first()

    def open(self) -> Self:
        """Still being talked about."""
        return self.filter(status__in=_OPEN)

    def to_follow_up(self, day: date) -> Self:
        """Ended, and somebody should look back by this day."""
        ended = [MediationState.AGREED.value, MediationState.FAILED.value]
        return self.filter(status__in=ended, follow_up_on__lte=day)


class Mediation(Walked):
    """调解: a dispute at a place, perhaps of an order, and who mediates it now.

    What it is about, the talks and the agreement are words of its own events, for parties and mediator.
    `agreed_seq` is the event that holds the agreement.
    """

    subject_kind = "mediation"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in MediationState],
        default=MediationState.STARTED.value,
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="mediations")
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="mediations")
    starter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    mediator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mediations")
    started_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    agreed_seq = models.PositiveIntegerField(null=True, blank=True)
    follow_up_on = models.DateField("回访日期", null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = MediationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "矛盾调解"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in MediationState]), name="mediation_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN, ended_at=None)
                | (~Q(status__in=_OPEN) & Q(ended_at__isnull=False, follow_up_on__isnull=False)),
                name="mediation_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status=MediationState.AGREED.value) | Q(agreed_seq__isnull=False),
                name="mediation_agreed_has_words",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status__in=_OPEN, order__isnull=False), name="mediation_once_open"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["mediator", "-id"], name="mediation_mediator"),
            models.Index(fields=["area", "-id"], name="mediation_area"),
        ]

    def __str__(self) -> str:
        return f"mediation {self.pk}"

    @property
    def relations_now(self) -> frozenset[str]:
        """The ties its queryset has annotated."""
        return frozenset(tie for tie in Tie if getattr(self, f"is_{tie.value}", False))

    @property
    def may_read(self) -> bool:
        """Whether the actor may read what was said: mediator and parties, nobody else."""
        return bool(self.relations_now & READERS)

    @property
    def status_label(self) -> str:
        """The state in words."""
        return LABELS[MediationState(self.status)]

    @property
    def is_open(self) -> bool:
        """Whether it is still being talked about."""
        return self.status in OPEN

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The actor's seat nearest to the place, or in a unit."""
        above = [seat for seat in actor.seats if seat.path and self.area.path.startswith(seat.path)]
        nearest = max(above, key=lambda seat: seat.rank, default=None)
        return (nearest.post_id if nearest else actor.post_at(None, None)), None


class Party(models.Model):
    """当事人: one side of a dispute. Name, number and code are sealed; the code opens the mediation on a phone."""

    subject_kind: ClassVar[str] = "mediation_party"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField()
    name_sealed = models.TextField()
    phone_sealed = models.TextField(default="", blank=True)
    code_hash = models.CharField(max_length=64, default="", blank=True)
    code_sealed = models.TextField(default="", blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "当事人"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["mediation", "position"], name="party_position_once"),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="party_code_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["device_hash"], condition=~Q(device_hash=""), name="party_device"),
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="party_user"),
        ]

    def __str__(self) -> str:
        return f"party {self.position} of mediation {self.mediation_id}"

    def aad(self, field: str) -> str:
        """What a sealed field is bound to: table, row, field."""
        return f"mediation_party:{self.uid}:{field}"

    def seal(self, *, name: str, phone: str = "", code: str = "") -> None:
        """Seal what was given; `phone` is already normal."""
        self.name_sealed = crypto.seal(name, aad=self.aad("name")) if name else ""
        self.phone_sealed = crypto.seal(phone, aad=self.aad("phone")) if phone else ""
        self.code_sealed = crypto.seal(code, aad=self.aad("code")) if code else ""
        self.code_hash = crypto.token_hash(code) if code else ""

    def open_field(self, field: str) -> str:
        """The plain `name`, `phone` or `code`. The caller has logged the reveal of a name or phone."""
        sealed: str = {"name": self.name_sealed, "phone": self.phone_sealed}.get(field, self.code_sealed)
        return crypto.unseal(sealed, aad=self.aad(field)) if sealed else ""

    @property
    def side(self) -> str:
        """当事人甲, 当事人乙 …, in the order they were named."""
        return f"当事人{'甲乙丙丁戊己庚辛'[self.position - 1]}"

    @property
    def masked_name(self) -> str:
        """The name with its middle hidden."""
        return masking.mask_name(self.open_field("name")) if self.name_sealed else ""

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden; blank where none was given."""
        return masking.mask_phone(self.open_field("phone")) if self.phone_sealed else ""
