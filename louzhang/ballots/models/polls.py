"""A poll, what stands on its ballot, who counts, and what is left of it: counts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.ballots.lifecycle import BEFORE, ENDED, LABELS, LIVE, PollState, Tie
from louzhang.ballots.rules import (
    ELECTORATE_LABELS,
    ITEMS_AT_MOST,
    KIND_LABELS,
    STARS,
    TIE_LABELS,
    WHOLE,
    Electorate,
    Kind,
    Rules,
    Standing,
    TieRule,
)
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.models import Resident
from louzhang.register.models.bindings import own_households, own_residents

_BEFORE = sorted(state.value for state in BEFORE)
_LIVE = sorted(state.value for state in LIVE)
_ENDED = sorted(state.value for state in ENDED)


def _pairs(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(each.value, words) for each, words in labels.items()]


class PollQuerySet(TiedQuerySet["Poll"]):
    """Polls one may know of."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Offices of the place, its counters and typists, who lives there, the clock.

        Whoever it is about, and who holds a post among those who vote, is tied to it as a resident at most: office
        or name on the list of counters do not help.
        """
        apart = self._apart(actor)
        below = area_below([seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.path])
        homes = _own_places(actor)
        begun = ~Q(status=PollState.DRAFT.value)
        person = actor.user_id
        return {
            Tie.OFFICE: below & apart if below is not None else None,
            Tie.COUNTER: self._named(person, TellerDuty.COUNTER) & apart if person is not None else None,
            Tie.TYPIST: self._named(person, TellerDuty.TYPIST) & apart if person is not None else None,
            Tie.RESIDENT: begun & Q(area_ids__overlap=homes) if homes else None,
            Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }

    @staticmethod
    def _named(person: int, duty: str) -> Q:
        return Q(pk__in=Teller.objects.filter(user_id=person, duty=duty).order_by().values("poll_id"))

    @staticmethod
    def _apart(actor: Actor) -> Q:
        """The actor is neither barred, nor the resident who stands, nor holds a post out among those who vote."""
        free = ~Q(barred__contains=[actor.user_id]) if actor.user_id is not None else Q()
        free &= ~Q(
            pk__in=Item.objects.filter(resident__in=own_residents(actor).values("resident_id")).values("poll_id")
        )
        held = [seat.path for seat in actor.seats_with(*FIELD_ROLES) if seat.path]
        places = (
            list(Area.objects.get_queryset().under_paths(held).order_by().values_list("pk", flat=True)) if held else []
        )
        return free & ~Q(area_ids__overlap=places) if places else free

    def open(self) -> Self:
        """Votes are taken now."""
        return self.filter(status=PollState.OPEN.value)

    def serving(self, subject_kind: str, subject_id: int) -> Self:
        """The polls held for something of another app, the newest first."""
        return self.filter(served_kind=subject_kind, served_id=subject_id).order_by("-id")


def _own_places(actor: Actor) -> list[int]:
    """The leaves in which the actor's own households live."""
    if actor.user_id is None and not actor.device:
        return []
    return list(own_households(actor).order_by().values_list("dwelling__area_id", flat=True))


class Poll(Tied):
    """投票: what is voted on, by whom, under which rules; `subject_kind` and `subject_id` say what it serves.

    `area` is the place whose office holds it, `area_ids` the leaves whose households or adults vote. `barred` are
    accounts that may touch nothing of it: candidates, holders of what is voted on. `after` is the poll whose tie this
    one is to break. Of the counts `took_part` is for who runs it; `is_whole` says whether counts are shown at all.
    """

    subject_kind = "poll"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("形式", max_length=8, choices=_pairs(KIND_LABELS))
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in PollState],
        default=PollState.DRAFT.value,
    )
    title = models.CharField("名称", max_length=60)
    note = models.CharField("说明", max_length=300, default="", blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="ballots_polls")
    area_ids = ArrayField(models.BigIntegerField())
    electorate = models.CharField("谁来投", max_length=10, choices=_pairs(ELECTORATE_LABELS))
    served_kind = models.CharField(max_length=30, default="", blank=True)
    served_id = models.BigIntegerField(null=True, blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    after = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="run_off")
    barred = ArrayField(models.BigIntegerField(), default=list, blank=True)

    picks = models.PositiveSmallIntegerField("最多选几个", default=1)
    seats = models.PositiveSmallIntegerField("选出几个", default=1)
    quorum_percent = models.PositiveSmallIntegerField("至少百分之几参加", default=0)
    least_percent = models.PositiveSmallIntegerField("得票要超过百分之几", default=0)
    tie_rule = models.CharField("得票相同时", max_length=12, choices=_pairs(TIE_LABELS), default=TieRule.RUN_OFF.value)
    proxies_at_most = models.PositiveSmallIntegerField("一人最多替几票", default=0)
    has_paper = models.BooleanField("可以用纸票", default=False)
    has_door_box = models.BooleanField("可以送票上门", default=False)

    drafted_at = models.DateTimeField()
    objection_days = models.PositiveSmallIntegerField("名册公示几天", default=0)
    roll_until = models.DateTimeField("名册公示到", null=True, blank=True)
    opens_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("结束")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    entitled = models.PositiveIntegerField(null=True, blank=True)
    took_part = models.PositiveIntegerField(null=True, blank=True)
    blank = models.PositiveIntegerField(null=True, blank=True)
    invalid = models.PositiveIntegerField(null=True, blank=True)
    slips_again = models.PositiveIntegerField("补发的投票单", default=0)
    is_whole = models.BooleanField(default=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "投票"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in PollState]), name="poll_status_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="poll_has_title"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="poll_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(roll_until=None) | Q(roll_until__lte=F("opens_at")), name="poll_roll_before_opening"
            ),
            models.CheckConstraint(
                condition=Q(picks__gte=1, picks__lte=ITEMS_AT_MOST, seats__gte=1, seats__lte=ITEMS_AT_MOST),
                name="poll_picks_some",
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__lte=WHOLE, least_percent__lt=WHOLE), name="poll_percent_of_whole"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_ENDED, ended_at__isnull=False) | (~Q(status__in=_ENDED) & Q(ended_at=None)),
                name="poll_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_whole=True) | Q(blank=None, invalid=None), name="poll_counts_only_where_shown"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["served_kind", "served_id"], name="poll_served"),
            models.Index(fields=["area", "-id"], name="poll_area"),
            models.Index(fields=["status", "closes_at"], condition=~Q(status__in=_ENDED), name="poll_running"),
        ]

    def __str__(self) -> str:
        return f"poll {self.pk}"

    @property
    def rules(self) -> Rules:
        """The rules that stand in its columns."""
        return Rules(
            picks=self.picks, seats=self.seats, quorum_percent=self.quorum_percent,
            least_percent=self.least_percent, tie_rule=self.tie_rule, proxies_at_most=self.proxies_at_most,
            has_paper=self.has_paper, has_door_box=self.has_door_box, objection_days=self.objection_days,
        )  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now."""
        return self.status == PollState.OPEN

    @property
    def is_live(self) -> bool:
        """Whether there are envelopes, and a round key outside the database."""
        return self.status in LIVE

    @property
    def has_ended(self) -> bool:
        """Whether nothing but counts is left."""
        return self.status in ENDED

    @property
    def is_of_stars(self) -> bool:
        """Whether it is a star sheet."""
        return self.kind == Kind.STARS

    @property
    def tells_residents(self) -> bool:
        """Whether those who live there read what came out: of stars that serve an appraisal its own rules tell."""
        return not (self.is_of_stars and self.served_kind)

    @property
    def is_of_households(self) -> bool:
        """Whether a household has one vote."""
        return self.electorate == Electorate.HOUSEHOLD

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The actor's seat nearest to the place."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class Item(models.Model):
    """选项、题目: one line of the ballot. A candidate's account is barred by it, and so is whoever the register knows
    as this resident: they carry, enter, count and see nothing, and their home votes for nobody else.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("名称", max_length=60)
    note = models.CharField("介绍", max_length=200, default="", blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    precedence = models.IntegerField("先后", null=True, blank=True)
    standing = models.CharField(
        max_length=8, default="", blank=True, choices=[(each.value, each.value) for each in Standing if each]
    )
    rated = models.PositiveIntegerField(null=True, blank=True)
    mean = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "选项"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["poll", "position"], name="ballots_item_place"),
            models.UniqueConstraint(fields=["poll", "label"], name="ballots_item_once"),
            models.CheckConstraint(condition=Q(mean=None) | Q(mean__gte=1, mean__lte=STARS), name="ballots_item_mean"),
        ]

    def __str__(self) -> str:
        return f"item {self.position} of poll {self.poll_id}"


class Tally(models.Model):
    """得票: how many ballots gave an item a value (1 for a tick, 1–5 stars); only where counts may be shown."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="tallies")
    value = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "得票"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "value"], name="ballots_tally_once"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=STARS), name="ballots_tally_value"),
        ]

    def __str__(self) -> str:
        return f"tally of item {self.item_id}"


class TellerDuty(models.TextChoices):
    """What somebody does for a poll."""

    COUNTER = "counter", "计票人"
    TYPIST = "typist", "录入人"
    CARRIER = "carrier", "送票人"


class Teller(models.Model):
    """计票人、录入人、送票人: two count; nobody of them is barred. `confirmed_at`: says that it can be counted."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="tellers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=8, choices=TellerDuty.choices)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "计票人"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["poll", "user", "duty"], name="teller_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} of poll {self.poll_id}"


def places_of(items: Sequence[Item]) -> dict[int, int]:
    """At which place of a ballot an item stands, by its id."""
    return {item.pk: place for place, item in enumerate(items)}
