"""每日工作清单: what somebody's day holds in a post, why each thing is there, and what does not fit."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor, Seat
from louzhang.journal.models import Chained
from louzhang.register.models import Dwelling
from louzhang.register.scope import COMMUNITY_RANK, seat_places

TITLE_LENGTH = 120
WHY_LENGTH = 120


def overseeing_seats(actor: Actor) -> list[Seat]:
    """The seats in the office of a community: those who plan the days below and see what does not fit."""
    return [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]


def own_post_ids(actor: Actor) -> list[int]:
    """The posts held or stood in for now: a list is of one of them."""
    return [seat.post_id for seat in actor.seats]


class DayListQuerySet(models.QuerySet["DayList"]):
    """Lists, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the own posts, held or stood in for, and those below the office of a community."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        return self.filter(Q(post_id__in=own_post_ids(actor)) | seat_places(overseeing_seats(actor)))

    def held_by(self, actor: Actor) -> Self:
        """Those of the own posts: whose day it is."""
        return self.filter(post_id__in=own_post_ids(actor))

    def overseen_by(self, actor: Actor) -> Self:
        """Those below the office of the actor's community."""
        return self.filter(seat_places(overseeing_seats(actor)))

    def on(self, day: date) -> Self:
        """Those of a day."""
        return self.filter(day=day)


class DayList(Chained):
    """一天: of one post on one day. `minutes` is what the day has; a list that is `stale` is gathered anew at once.

    What the program puts there makes no event; what people do with it (tick, refuse, add, move) does.
    """

    subject_kind = "day_list"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="day_lists", db_index=False)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="day_lists")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="day_lists", db_index=False)
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField(default=0)
    is_stale = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()

    objects = DayListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "每日工作清单"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["post", "day"], name="day_list_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "day"], name="day_list_place"),
            models.Index(fields=["day"], condition=Q(is_stale=True), name="day_list_stale"),
        ]

    def __str__(self) -> str:
        return f"day list {self.pk}"


class ItemKind(models.TextChoices):
    """What a line of the day is."""

    ORDER = "order", "工单"
    TELL = "tell", "上门反馈"
    CALL = "call", "回话"
    VISIT = "visit", "走访"
    SHARE = "share", "排查"
    CHECK = "check", "检查"
    PATROL = "patrol", "巡查"
    ERRAND = "errand", "代办"
    PRESENCE = "presence", "到片区"
    ADDED = "added", "社区安排"


class ItemEnd(models.TextChoices):
    """How a line ended."""

    OPEN = "", "待办"
    DONE = "done", "已办"
    REFUSED = "refused", "今天不做"
    MOVED = "moved", "交给别人"
    GONE = "gone", "不用做了"


class Why(models.TextChoices):
    """Why somebody does not do a line today; words may be added, nothing is asked."""

    ARRANGED = "arranged", "约了别的时间"
    NO_TIME = "no_time", "今天来不及"
    UNSUITED = "unsuited", "我不方便去"
    NOT_MINE = "not_mine", "不该我办"
    OTHER = "other", "别的原因"


class DayItemQuerySet(models.QuerySet["DayItem"]):
    """Lines, read as adjectives."""

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(ended="")

    def fitting(self) -> Self:
        """Those the day has time for, and what is done anyway."""
        return self.filter(fits=True)


class DayItem(models.Model):
    """One line: what, where, why, how long. `source` names the thing it stands for, once on a list.

    `title` and `why` carry no words of people: place, kind, number, rule. `weight` says what goes first when time is
    short (smaller first); `ordinal` its place in the round. A refusal keeps its reason in the event `event_seq`.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    day_list = models.ForeignKey(DayList, on_delete=models.CASCADE, related_name="items", db_index=False)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    source = models.CharField(max_length=60)
    title = models.CharField("做什么", max_length=TITLE_LENGTH)
    why = models.CharField("为什么", max_length=WHY_LENGTH)
    url = models.CharField(max_length=200, default="", blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=0)
    weight = models.IntegerField(default=0)
    ordinal = models.PositiveIntegerField(default=0)
    fits = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=8, choices=ItemEnd.choices, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=10, choices=Why.choices, default="", blank=True)
    event_seq = models.PositiveIntegerField(null=True, blank=True)
    came_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="went_to")

    place: str = ""  # in words, where a page has read it

    objects = DayItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "清单事项"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day_list", "source"], name="day_item_once"),
            models.CheckConstraint(condition=Q(ended__in=ItemEnd.values), name="day_item_end_known"),
            models.CheckConstraint(
                condition=Q(ended="", ended_at=None) | (~Q(ended="") & Q(ended_at__isnull=False)),
                name="day_item_ended_whole",
            ),
            models.CheckConstraint(
                condition=(Q(ended=ItemEnd.REFUSED) & ~Q(refusal="")) | (~Q(ended=ItemEnd.REFUSED) & Q(refusal="")),
                name="day_item_refused_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source"], condition=Q(ended=""), name="day_item_source"),
        ]

    def __str__(self) -> str:
        return f"day item {self.pk}"


def may_be_given(item: DayItem, there: DayList) -> bool:
    """Whether whoever has another day may do this: what lies at a place is done by those who look after it."""
    if item.kind == ItemKind.ADDED or item.area is None:
        return True
    return bool(item.area.path.startswith(there.area.path))
