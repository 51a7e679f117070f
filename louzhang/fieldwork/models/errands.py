"""代办帮办 and 好人好事: what is run for somebody, with a slip and a confirmation; a good deed in a line."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.fieldwork.lifecycle.errands import LABELS, OPEN, RUNNING, ErrandState, Tie
from louzhang.fieldwork.models.days import overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet, own_term
from louzhang.kit import crypto
from louzhang.register.scope import kept_places

WORDS_AT_MOST = 500
_OPEN = sorted(state.value for state in OPEN)
_RUNNING = sorted(state.value for state in RUNNING)


class ErrandKind(models.TextChoices):
    """What is to be done for somebody."""

    PAPERS = "papers", "跑腿办证、交材料"
    PAYING = "paying", "代缴费、取药、买东西"
    PENSION = "pension", "认证、查询、填表"
    ABSENT = "absent", "人不在家，照看一下"
    OTHER = "other", "别的"


class ErrandQuerySet(TiedQuerySet["Errand"]):
    """Errands: seen by whose they are, who runs them, who looks after the place, the office of the community."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to an errand; the clock gives it on when a post has ended."""
        if actor.is_system:
            return {Tie.CLOCK: Q(pk__isnull=False)}
        posts = [seat.post_id for seat in actor.seats]
        return {
            Tie.ASKER: own_term(actor, "asker_id"),
            Tie.AGENT: Q(agent_id__in=posts) if posts else None,
            Tie.KEEPER: area_below([seat.path for seat in actor.seats_with(*FIELD_ROLES) if seat.path]),
            Tie.DESK: area_below([seat.path for seat in overseeing_seats(actor)]),
        }

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(status__in=_OPEN)

    def running(self) -> Self:
        """In somebody's hands."""
        return self.filter(status__in=_RUNNING)


class Errand(Tied, Sealed):
    """代办: what somebody asked to have done. `agent` is the post that runs it, so that a stand-in sees it too.

    Name, number and door are sealed, what is asked, taken and given back are words of its events. The six digits of
    `code` are on the asker's phone: whoever hands over types them in, or the asker taps.
    """

    subject_kind = "errand"
    TIES = Tie
    SEALED: ClassVar[Mapping[str, str]] = {
        "name": "name_sealed",
        "phone": "phone_sealed",
        "door": "door_sealed",
        "code": "code_sealed",
    }

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10, choices=[(s.value, LABELS[s]) for s in ErrandState], default=ErrandState.ASKED.value
    )
    kind = models.CharField("哪一种", max_length=10, choices=ErrandKind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="errands", db_index=False)
    asker = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    name_sealed = models.TextField(default="", blank=True)
    phone_sealed = models.TextField(default="", blank=True)
    door_sealed = models.TextField(default="", blank=True)
    code_sealed = models.TextField(default="", blank=True)
    code_hash = models.CharField(max_length=64, default="", blank=True)
    agent = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="errands")
    wanted_on = models.DateField("希望哪天办好", null=True, blank=True)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代办帮办"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in ErrandState]), name="errand_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_RUNNING) | Q(agent__isnull=False), name="errand_running_has_agent"
            ),
            models.CheckConstraint(
                condition=Q(status=ErrandState.ASKED.value, agent=None) | ~Q(status=ErrandState.ASKED.value),
                name="errand_asked_has_none",
            ),
            models.CheckConstraint(condition=Q(asker=None) | Q(device_hash=""), name="errand_of_one"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="errand_place"),
            models.Index(fields=["area"], condition=Q(status__in=_OPEN), name="errand_open"),
            models.Index(fields=["device_hash"], condition=~Q(device_hash=""), name="errand_device"),
            models.Index(fields=["ended_at"], condition=Q(erased_at=None), name="errand_to_erase"),
        ]

    def __str__(self) -> str:
        return f"errand {self.pk}"

    def seal(self, **plain: str) -> None:
        """Seal what was given; a code is compared by its hash, which is bound to the row."""
        super().seal(**plain)
        if "code" in plain:
            self.code_hash = crypto.token_hash(f"{self.uid}:{plain['code']}") if plain["code"] else ""

    def is_code(self, typed: str) -> bool:
        """Whether these are the digits of the asker."""
        return bool(self.code_hash) and self.code_hash == crypto.token_hash(f"{self.uid}:{typed}")

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status in OPEN

    @property
    def is_for_another(self) -> bool:
        """Whether somebody else wrote it down: then nobody can tap, and a word is enough."""
        return self.asker_id is None and not self.device_hash

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post that runs it, else the nearest; none for whose errand it is."""
        if self.agent_id in [seat.post_id for seat in actor.seats]:
            return self.agent_id, None
        return actor.post_above(self.area.path), None


class GoodDeedQuerySet(models.QuerySet["GoodDeed"]):
    """Good deeds, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Where the actor keeps the place."""
        return self.filter(kept_places(actor))

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(ended_at=None)


class GoodDeed(Sealed, Chained):
    """好人好事: day, place, what; a name only of who agreed to be named. It counts for the place and for nobody."""

    subject_kind = "good_deed"
    SEALED: ClassVar[Mapping[str, str]] = {"name": "name_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="good_deeds", db_index=False)
    day = models.DateField()
    is_named = models.BooleanField(default=False)
    name_sealed = models.TextField(default="", blank=True)
    teller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GoodDeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "好人好事"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(is_named=True) | Q(name_sealed=""), name="good_deed_named_by_consent"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-day"], name="good_deed_place"),
        ]

    def __str__(self) -> str:
        return f"good deed {self.pk}"
