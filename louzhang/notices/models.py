"""What people are told: notices in an inbox, how each wants them sent, what is sent, notices of a building.

A notice carries no words of people: what it is about is named by kind of matter and place, and
opened by its address, where scope is asked anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.sealed import Sealed
from louzhang.kit import clock
from louzhang.notices.timing import QUIET_FROM, QUIET_TO, Wish

TITLE_LENGTH = 120


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """What was said to this person, or to this phone; nobody reads anybody else's."""
        if not isinstance(actor, Actor):
            raise TypeError("visible_to needs an Actor; None is never everyone")
        own = Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
        return self.filter(own | Q(device_hash=actor.device) if actor.device else own)

    def unread(self) -> Self:
        """Not opened yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """消息: one line in the inbox of a person or of a phone without an account.

    What comes within minutes and has the same `fold` joins the row while it is unread: `count`
    says how many. `url` opens what it is about, or the list of several.
    """

    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    device_hash = models.CharField(max_length=64, default="", blank=True)
    kind = models.CharField(max_length=20)
    fold = models.CharField(max_length=60)
    title = models.CharField(max_length=TITLE_LENGTH)
    url = models.CharField(max_length=200)
    is_red = models.BooleanField(default=False)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, device_hash="") | (Q(user=None) & ~Q(device_hash="")),
                name="notice_to_one",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], condition=Q(user__isnull=False), name="notice_user"),
            models.Index(fields=["device_hash", "-id"], condition=~Q(device_hash=""), name="notice_device"),
            models.Index(fields=["user"], condition=Q(read_at=None, user__isnull=False), name="notice_user_unread"),
            models.Index(
                fields=["device_hash"], condition=Q(read_at=None) & ~Q(device_hash=""), name="notice_device_unread"
            ),
            models.Index(fields=["made_at"], name="notice_made"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk} {self.kind}"


class Preference(Sealed):
    """消息设置: by which channels a person is reached, when never, and whether once a day."""

    subject_kind = "preference"
    SEALED: ClassVar[Mapping[str, str]] = {"email": "email_sealed"}

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="preference")
    channels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    digest_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_from = models.PositiveSmallIntegerField(default=QUIET_FROM)
    quiet_to = models.PositiveSmallIntegerField(default=QUIET_TO)
    email_sealed = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "消息设置"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(quiet_from__lte=23, quiet_to__lte=23) & (Q(digest_hour=None) | Q(digest_hour__lte=23)),
                name="preference_hours_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"preference of user {self.user_id}"

    @property
    def wish(self) -> Wish:
        """When this person wants to be reached."""
        return Wish(self.quiet_from, self.quiet_to, self.digest_hour)

    @property
    def email(self) -> str:
        """The address in plain; blank where none was given."""
        return self.open_field("email")

    def seal_email(self, address: str) -> None:
        """Set or take away the address."""
        self.seal(email=address)


class DeliveryState(models.TextChoices):
    """How far a batch has come on its way out of the house."""

    WAITING = "waiting", "等待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "没有发成"
    UNCLEAR = "unclear", "发没发出不清楚"
    DROPPED = "dropped", "不用发了"


class Delivery(models.Model):
    """发送: one batch to one person by one channel.

    Claimed, sent, marked. What was claimed and never marked may have gone out: it is sent again
    only where the channel recognises a repeat, else it is UNCLEAR until somebody decides.
    `error` is the name of the last error and nothing of its words.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    is_red = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=80, default="", blank=True)
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发送"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "channel", "is_red"],
                condition=Q(state=DeliveryState.WAITING, attempts=0),
                name="delivery_one_open_batch",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING) | Q(claimed_at__isnull=False, attempts__gte=1),
                name="delivery_sending_is_claimed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state=DeliveryState.WAITING), name="delivery_due"),
            models.Index(fields=["claimed_at"], condition=Q(state=DeliveryState.SENDING), name="delivery_claimed"),
            models.Index(fields=["state", "-id"], name="delivery_state"),
            models.Index(fields=["made_at"], name="delivery_made"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} by {self.channel}"


class Enclosure(models.Model):
    """One notice inside a batch; a notice goes out by each channel at most once."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="enclosures")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="enclosures")
    channel = models.CharField(max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "发送内容"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "channel"], name="enclosure_once_a_channel"),
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id} in delivery {self.delivery_id}"


class BuildingNoticeQuerySet(models.QuerySet["BuildingNotice"]):
    """Notices of buildings, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the places the actor looks after, ended and withdrawn ones too; nobody else's."""
        if not isinstance(actor, Actor):
            raise TypeError("visible_to needs an Actor; None is never everyone")
        paths = [seat.path for seat in actor.seats_with(*FIELD_ROLES, *OFFICE_ROLES) if seat.path]
        areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
        return self.filter(area_id__in=areas) if paths else self.none()

    def current(self, at: datetime) -> Self:
        """Shown at a moment: begun, not over, not withdrawn."""
        return self.filter(starts_at__lte=at, ends_at__gt=at, withdrawn_at=None)

    def on_line(self, area_ids: Iterable[int]) -> Self:
        """Notices of any of these places, as a resident of the last one reads them."""
        return self.filter(area_id__in=list(area_ids))


class BuildingNotice(Chained):
    """通知: what a chief or worker tells the own building or grid, from a moment to a moment.

    Public words, read on the residents' home; a withdrawn one is no longer shown anywhere but to
    those who look after the place.
    """

    subject_kind = "building_notice"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="building_notices")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="building_notices")
    title = models.CharField("标题", max_length=30)
    words = models.CharField("内容", max_length=500)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = BuildingNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="building_notice_has_an_end"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-starts_at"], condition=Q(withdrawn_at=None), name="building_notice_shown"),
        ]

    def __str__(self) -> str:
        return f"building notice {self.pk}"

    @property
    def last_day(self) -> date:
        """The last day on which it is shown."""
        return clock.local_date(self.ends_at - timedelta(microseconds=1))

    def is_current(self, at: datetime) -> bool:
        """Whether residents see it at a moment."""
        return self.withdrawn_at is None and self.starts_at <= at < self.ends_at
