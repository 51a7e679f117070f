"""职责 and 遇到…怎么办: what the district asks of whom, and what to do when something happens."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, KEEPER_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.register.scope import NO_ROW, seat_paths

NAME_LENGTH = 30
WORDS_LENGTH = 200
STEP_LENGTH = 80
STEPS_AT_MOST = 8
CALLEES_AT_MOST = 6


class Proof(models.TextChoices):
    """Where the work of a duty shows by itself: rows that are there anyway, never a form of its own."""

    VISITS = "visits", "走访"
    ORDERS = "orders", "反映和办理的事"
    MEDIATION = "mediation", "矛盾调解"
    ERRANDS = "errands", "代办帮办"
    DEEDS = "deeds", "好人好事"
    PATROLS = "patrols", "巡查"
    INQUIRIES = "inquiries", "微邻里问答"
    NOTICES = "notices", "通知公告"
    SURVEYS = "surveys", "排查问卷"
    NOTEBOOK = "notebook", "我的本子"
    LOGS = "logs", "工作纪实"
    TRAINING = "training", "我的培训"
    GUIDES = "guides", "遇到…怎么办"


class Callee(models.TextChoices):
    """Whom to call: a number of the country, or whoever it is at this place today."""

    FIRE = "fire", "火警"
    MEDICAL = "medical", "急救"
    POLICE = "police", "报警"
    FRAUD = "fraud", "反诈专线"
    PROPERTY = "property", "物业"
    GRID_WORKER = "grid_worker", "网格员"
    COMMUNITY = "community", "社区"
    ON_DUTY = "on_duty", "今天值班"


class DutyClass(Chained):
    """一员: one of the three roles a chief has, with the duties under it (R3: 三大员)."""

    subject_kind = "duty_class"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    position = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "职责类别"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="duty_class_has_name"),
            models.UniqueConstraint(fields=["name"], condition=Q(ended_at=None), name="duty_class_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(Chained):
    """一项职责: what somebody of these roles does, and where that shows by itself."""

    subject_kind = "chief_duty"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    duty_class = models.ForeignKey(DutyClass, on_delete=models.PROTECT, related_name="duties")
    name = models.CharField("名称", max_length=NAME_LENGTH)
    words = models.CharField("做什么", max_length=WORDS_LENGTH)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    proof = models.CharField("在哪里看得到", max_length=12, choices=Proof.choices)
    position = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "职责"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(words=""), name="duty_has_words"),
            models.CheckConstraint(condition=Q(proof__in=Proof.values), name="duty_proof_known"),
            models.CheckConstraint(condition=Q(roles__len__gte=1), name="duty_of_somebody"),
            models.UniqueConstraint(fields=["name"], condition=Q(ended_at=None), name="duty_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_roles(self) -> str:
        """楼长、单元长."""
        return "、".join(Role(role).label for role in self.roles)


class GuideQuerySet(models.QuerySet["Guide"]):
    """Guides, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that hold at one's place, and those below one's office; all for who keeps the district."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system or actor.has_role(*KEEPER_ROLES):
            return self.all()
        seats = actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES)
        step = Area.steplen
        line = {seat.path[:end] for seat in seats for end in range(step, len(seat.path) + 1, step)}
        holds = Q(area__path__in=sorted(line)) if line else NO_ROW
        return self.filter(holds | seat_paths(actor.seats_with(*OFFICE_ROLES)))

    def current(self) -> Self:
        """In use."""
        return self.filter(ended_at=None)


class Guide(Chained):
    """遇到…怎么办: short steps for the moment, and whom to call.

    `area` is whose words they are: the district's hold everywhere, those of a street hold there instead of them,
    found by the same `key`.
    """

    subject_kind = "guide"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="guides")
    key = models.CharField(max_length=32)
    title = models.CharField("遇到什么", max_length=NAME_LENGTH)
    steps = ArrayField(models.CharField(max_length=STEP_LENGTH))
    never = models.CharField("千万不要", max_length=STEP_LENGTH, default="", blank=True)
    callees: ArrayField[Any, Any] = ArrayField(models.CharField(max_length=12, choices=Callee.choices))
    position = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "遇到…怎么办"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(key=""), name="guide_has_title"),
            models.CheckConstraint(
                condition=Q(steps__len__gte=1, steps__len__lte=STEPS_AT_MOST), name="guide_has_steps"
            ),
            models.CheckConstraint(condition=Q(callees__len__gte=1), name="guide_names_somebody"),
            models.UniqueConstraint(fields=["area", "key"], condition=Q(ended_at=None), name="guide_once_a_place"),
        ]

    def __str__(self) -> str:
        return self.title
