"""培训课程: courses, what is read in them, and by when whom they are for has to have been there.

No hours, no points: what somebody attended says that they were there, and nothing here can be added up into an
appraisal (handbook, "Less form-filling").
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area, Post
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.roster.models.training.reach import either, reached, refuse_none, run_by

NAME_LENGTH = 40
WORDS_LENGTH = 400
TEXT_LENGTH = 8000
LINK_LENGTH = 300
DAYS_AT_MOST, MONTHS_AT_MOST = 365, 60


class CourseKind(models.TextChoices):
    """When in the life of a post."""

    BEFORE = "before", "岗前"
    IN_TURN = "in_turn", "轮训"
    TIERED = "tiered", "分级"


class CourseSubject(models.TextChoices):
    """What is learnt (R3, R8)."""

    POLICY = "policy", "政策"
    RESCUE = "rescue", "急救"
    SERVICE = "service", "服务"
    CIVIL_CODE = "civil_code", "民法典"
    FAMILY = "family", "家庭教育"
    CASES = "cases", "案例"
    OTHER = "other", "其他"


class Tier(models.IntegerChoices):
    """How far on."""

    FIRST = 1, "初级"
    SECOND = 2, "中级"
    THIRD = 3, "高级"


class CourseQuerySet(models.QuerySet["Course"]):
    """Courses, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of offices above one's post, and those of one's own office and below."""
        refuse_none(actor)
        return self.all() if actor.is_system else self.filter(either(reached(actor), run_by(actor)))

    def run_by(self, actor: Actor) -> Self:
        """Those one's office may change."""
        return self.filter(either(run_by(actor)))

    def current(self) -> Self:
        """Still given."""
        return self.filter(ended_at=None)


class Course(Chained):
    """课程: what is taught, for which roles, by which office; `tier` is of tiered ones alone."""

    subject_kind = "training_course"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="training_courses")
    name = models.CharField("名称", max_length=NAME_LENGTH)
    kind = models.CharField("什么时候学", max_length=10, choices=CourseKind.choices)
    subject = models.CharField("学什么", max_length=12, choices=CourseSubject.choices)
    tier = models.PositiveSmallIntegerField("级别", null=True, blank=True, choices=Tier.choices)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    about = models.CharField("讲什么", max_length=WORDS_LENGTH, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训课程"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="course_has_name"),
            models.CheckConstraint(
                condition=Q(kind=CourseKind.TIERED, tier__isnull=False) | (~Q(kind=CourseKind.TIERED) & Q(tier=None)),
                name="course_tier_of_tiered",
            ),
            models.CheckConstraint(condition=Q(roles__len__gte=1), name="course_for_somebody"),
            models.UniqueConstraint(
                fields=["area", "name"], condition=Q(ended_at=None), name="course_name_once_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sort(self) -> str:
        """岗前 · 急救, 分级（初级）· 民法典."""
        tier = f"（{Tier(self.tier).label}）" if self.tier else ""
        return f"{CourseKind(self.kind).label}{tier} · {CourseSubject(self.subject).label}"


class Material(Chained):
    """学习材料: a text to be read on the phone, a link written out, or files hung on its event."""

    subject_kind = "training_material"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField("题目", max_length=NAME_LENGTH)
    text = models.TextField("正文", max_length=TEXT_LENGTH, default="", blank=True)
    link = models.CharField("网址", max_length=LINK_LENGTH, default="", blank=True)
    files: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学习材料"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title=""), name="material_has_title"),
            models.CheckConstraint(condition=~Q(text="", link="", files=[]), name="material_holds_something"),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingRuleQuerySet(models.QuerySet["TrainingRule"]):
    """Rules, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that hold for one's posts, and those of one's own office and below."""
        refuse_none(actor)
        return self.all() if actor.is_system else self.filter(either(reached(actor), run_by(actor)))

    def current(self) -> Self:
        """In force."""
        return self.filter(ended_at=None)


class TrainingRule(Chained):
    """谁要学: who holds a role below an area, this course, within days after appointment or every so many months.

    `since` is the first day it counts from, so that nobody is late on the day a rule is made.
    """

    subject_kind = "training_rule"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="training_rules")
    role = models.CharField("谁", max_length=20, choices=Role.choices)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="rules")
    within_days = models.PositiveSmallIntegerField("任命后几天内", null=True, blank=True)
    every_months = models.PositiveSmallIntegerField("每几个月", null=True, blank=True)
    since = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训要求"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(within_days__gte=1, within_days__lte=DAYS_AT_MOST, every_months=None)
                | Q(within_days=None, every_months__gte=1, every_months__lte=MONTHS_AT_MOST),
                name="training_rule_one_way",
            ),
            models.UniqueConstraint(
                fields=["area", "role", "course"], condition=Q(ended_at=None), name="training_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"training rule {self.pk}"

    def holds_for(self, post: Post) -> bool:
        """Whether it asks the holder of this post; its area and the post's are at hand."""
        return post.role == self.role and post.area is not None and post.area.path.startswith(self.area.path)

    @property
    def spoken(self) -> str:
        """任命后 30 天内, 每 12 个月一次."""
        return f"任命后 {self.within_days} 天内" if self.within_days else f"每 {self.every_months} 个月一次"


class Reminder(Chained):
    """培训提醒: that a person was told of a course due by a day in a post; once before and once when it has passed."""

    subject_kind = "training_reminder"

    rule = models.ForeignKey(TrainingRule, on_delete=models.PROTECT, related_name="reminders")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="training_reminders")
    due_on = models.DateField()
    told_at = models.DateTimeField()
    late_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "培训提醒"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rule", "post", "due_on"], name="training_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"training reminder {self.pk}"
