"""A mediation and its parties. What was said lies in its own events; names and numbers are sealed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet, own_term
from louzhang.kit import crypto
from louzhang.mediation.lifecycle import LABELS, OPEN, READERS, UNFINISHED, MediationState, Tie
from louzhang.workorders.models import WorkOrder

COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
WORDS_AT_MOST = 2000
PARTIES_AT_MOST = 8
_OPEN = sorted(state.value for state in OPEN)
_UNFINISHED = sorted(state.value for state in UNFINISHED)


class MediationQuerySet(TiedQuerySet["Mediation"]):
    """Mediations one may know of; whether what was said in them, `Mediation.may_read` tells."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who mediates, who is in dispute, who began it, which offices know of it. The clock only hands on."""
        if actor.is_system:
            return {Tie.CLOCK: Q(pk__isnull=False)}
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
        works = actor.user_id is not None and bool(actor.seats)
        own = own_term(actor, "user_id")
        return {
            Tie.MEDIATOR: Q(mediator_id=actor.user_id) if works else None,
            Tie.PARTY: Q(pk__in=Party.objects.filter(own).values("mediation_id")) if own else None,
            Tie.STARTER: Q(starter_id=actor.user_id) if works else None,
            Tie.DESK: area_below([seat.path for seat in offices if seat.rank == COMMUNITY_RANK]),
            Tie.ABOVE: area_below([seat.path for seat in offices if seat.rank < COMMUNITY_RANK]),
        }

    def open(self) -> Self:
        """Still being talked about."""
        return self.filter(status__in=_OPEN)

    def unfinished(self) -> Self:
        """Being talked about, or still to be looked back at."""
        return self.filter(status__in=_UNFINISHED)

    def to_follow_up(self, day: date) -> Self:
        """Ended, and somebody should look back by this day."""
        ended = [MediationState.AGREED.value, MediationState.FAILED.value]
        return self.filter(status__in=ended, follow_up_on__lte=day)


class Mediation(Tied):
    """调解: a dispute at a place, perhaps of an order, and who mediates it now.

    What it is about, the talks and the agreement are words of its own events, for parties and mediator.
    `agreed_seq` is the event that holds the agreement.
    """

    subject_kind = "mediation"
    TIES = Tie

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
    def may_read(self) -> bool:
        """Whether the actor may read what was said: mediator and parties, nobody else."""
        return bool(self.relations_now & READERS)

    @property
    def is_open(self) -> bool:
        """Whether it is still being talked about."""
        return self.status in OPEN

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The actor's seat nearest to the place, or in a unit."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class Party(Sealed):
    """当事人: one side of a dispute. Name, number and code are sealed; the code opens the mediation on a phone."""

    subject_kind: ClassVar[str] = "mediation_party"
    SEALED: ClassVar[Mapping[str, str]] = {"name": "name_sealed", "phone": "phone_sealed", "code": "code_sealed"}

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

    def seal(self, **plain: str) -> None:
        """Seal what was given; a code is found again by its hash."""
        super().seal(**plain)
        if "code" in plain:
            self.code_hash = crypto.token_hash(plain["code"]) if plain["code"] else ""

    @property
    def side(self) -> str:
        """当事人甲, 当事人乙 …, in the order they were named."""
        return f"当事人{'甲乙丙丁戊己庚辛'[self.position - 1]}"
