"""工作室: somebody experienced and those who learn from them; a member may lead a studio of their own (R5)."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, PeriodQuerySet, no_overlap
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.roster.models.training.reach import either, reached, refuse_none, run_by

NAME_LENGTH = 40
ABOUT_LENGTH = 200
PLACE_LENGTH = 60


class StudioQuerySet(models.QuerySet["Studio"]):
    """Studios, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of offices on the line of one's posts, of one's own office and below, those one is in.

        Who leads one also sees those their members lead, wherever they were founded.
        """
        refuse_none(actor)
        if actor.is_system:
            return self.all()
        own = None
        if actor.user_id is not None and actor.seats:
            in_it = StudioMember.objects.filter(user_id=actor.user_id).order_by().values("studio_id")
            taught = StudioMember.objects.filter(studio__lead_id=actor.user_id, ends_on=None).order_by()
            own = Q(lead_id=actor.user_id) | Q(pk__in=in_it) | Q(lead_id__in=taught.values("user_id"))
        return self.filter(either(reached(actor), run_by(actor), own))

    def current(self) -> Self:
        """Still meeting."""
        return self.filter(ended_at=None)


class Studio(Chained):
    """工作室: who leads it. Where a member leads another one, that one hangs below it in the tree."""

    subject_kind = "studio"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="studios")
    name = models.CharField("名称", max_length=NAME_LENGTH)
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="studios_led")
    about = models.CharField("带什么", max_length=ABOUT_LENGTH, default="", blank=True)
    started_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StudioQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作室"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="studio_has_name"),
            models.UniqueConstraint(fields=["name"], condition=Q(ended_at=None), name="studio_name_once"),
            models.UniqueConstraint(fields=["lead"], condition=Q(ended_at=None), name="studio_one_a_lead"),
        ]

    def __str__(self) -> str:
        return self.name


class StudioMember(models.Model):
    """A member from a day up to, not including, another; what changes is an event of the studio."""

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="studio_places")
    starts_on = models.DateField("从哪天")
    ends_on = models.DateField("到哪天", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作室成员"
        constraints: ClassVar[list[models.BaseConstraint]] = [no_overlap("studio_member_one_studio", ["user"])]

    def __str__(self) -> str:
        return f"member {self.user_id} of studio {self.studio_id}"


class StudioMeeting(Chained):
    """一次活动: when, where, what about; who came and what was learnt is told afterwards, in words of its event."""

    subject_kind = "studio_meeting"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="meetings")
    topic = models.CharField("聊什么", max_length=ABOUT_LENGTH)
    place = models.CharField("在哪里", max_length=PLACE_LENGTH)
    starts_at = models.DateTimeField("什么时候")
    came = ArrayField(models.BigIntegerField(), default=list, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作室活动"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(told_at=None) | Q(called_off_at=None), name="studio_meeting_one_end"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["studio", "-starts_at"], name="studio_meeting_studio"),
        ]

    def __str__(self) -> str:
        return f"studio meeting {self.pk}"
