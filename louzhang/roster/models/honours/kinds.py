"""荣誉种类: what a district gives, to whom, how often, after how many days of notice."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.areas.models import LevelKind
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.journal.models import Chained

NOTICE_AT_MOST = 30
BONUS_AT_MOST = 10_000
NAME_LENGTH = 20


class Whom(models.TextChoices):
    """For whom a kind is."""

    PERSON = "person", "一个人"
    BUILDING = "building", "一栋楼"


class Often(models.TextChoices):
    """How often a kind is given."""

    MONTH = "month", "每月"
    YEAR = "year", "每年"
    ANY = "any", "不定期"


class HonourKindQuerySet(models.QuerySet["HonourKind"]):
    """Kinds, read as adjectives; they are public, like the rules they are."""

    def current(self) -> Self:
        """In use."""
        return self.filter(ended_at=None).order_by("position", "pk")


class HonourKind(Chained):
    """One kind. `level` is the place that gives it, `most` how many one place gives in its time (none: no limit).

    `whom_roles` are the posts it is for; `bonus_yuan` goes to volunteers only (handbook, "Less form-filling").
    One `for_residents` is also for people without a post, who get no bonus.
    A `hangs` kind is a flag: it stays where it hangs while the building wins.
    """

    subject_kind = "honour_kind"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=30, default="", blank=True)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    words = models.CharField("给谁、为什么", max_length=120, default="", blank=True)
    whom = models.CharField("给", max_length=10, choices=Whom.choices)
    whom_roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    often = models.CharField("多久一次", max_length=10, choices=Often.choices)
    level = models.CharField("由哪一级给", max_length=12, choices=LevelKind.choices, default=LevelKind.COMMUNITY)
    most = models.PositiveSmallIntegerField("一次最多几个", null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField("公示几个工作日", default=5)
    bonus_yuan = models.PositiveIntegerField("奖金（元）", default=0)
    hangs = models.BooleanField("流动", default=False)
    has_wall = models.BooleanField("上光荣榜", default=True)
    for_residents = models.BooleanField("没有任职的居民也可以评", default=False)
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HonourKindQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "荣誉种类"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="roster_honour_kind_named"),
            models.UniqueConstraint(fields=["name"], condition=Q(ended_at=None), name="roster_honour_kind_name_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(ended_at=None) & ~Q(code=""), name="roster_honour_kind_code_once"
            ),
            models.CheckConstraint(condition=Q(most=None) | Q(most__gte=1), name="roster_honour_kind_most"),
            models.CheckConstraint(
                condition=Q(notice_days__lte=NOTICE_AT_MOST), name="roster_honour_kind_notice_possible"
            ),
            models.CheckConstraint(
                condition=Q(hangs=False) | Q(whom=Whom.BUILDING, often=Often.MONTH, most__isnull=False),
                name="roster_honour_kind_flag_whole",
            ),
            models.CheckConstraint(
                condition=Q(bonus_yuan=0) | Q(whom=Whom.PERSON, bonus_yuan__lte=BONUS_AT_MOST),
                name="roster_honour_kind_bonus_to_people",
            ),
            models.CheckConstraint(
                condition=Q(for_residents=False) | Q(whom=Whom.PERSON), name="roster_honour_kind_residents_are_people"
            ),
            models.CheckConstraint(
                condition=Q(whom_roles__contained_by=[role.value for role in FIELD_ROLES]),
                name="roster_honour_kind_roles_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_people(self) -> bool:
        """Whether a person gets it."""
        return self.whom == Whom.PERSON

    @property
    def roles(self) -> list[str]:
        """The posts it is for; all of the field where none is named."""
        return list(self.whom_roles) or [role.value for role in FIELD_ROLES]

    @property
    def spoken_roles(self) -> str:
        """楼长、单元长."""
        return "、".join(Role(role).label for role in self.roles)
