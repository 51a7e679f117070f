"""评: a scheme as data of the district, the months computed by it, and who stands where.

Rates are whole ten-thousandths, what was good of a case whole hundredths, so that two computations are the same to the
byte. Words of people (objections, hearings, reasons) are words of events, never columns.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.fieldwork.models import SceneKind, overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.scope import seat_paths
from louzhang.roster.indicators import allowed
from louzhang.roster.lifecycle.appraisal import MONTH_LABELS, MonthState, Tie

NAME_LENGTH = 40
WORDS_LENGTH = 60
HOURS_AT_MOST = 240
WEIGHT_AT_MOST = 100
COMMENDED_AT_MOST = 20
CRITERIA_AT_MOST = 12
APPRAISERS_AT_MOST = 30
WHOLE = 10_000


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Schemes, read as adjectives. How people are appraised is no secret: whoever works here reads it."""

    def visible_to(self, actor: Actor) -> Self:
        """Those that hold where the actor has a seat, and those below an office."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        step, terms = Area.steplen, Q(pk__in=[])
        for seat in actor.seats:
            line = [seat.path[:end] for end in range(step, len(seat.path) + 1, step)]
            terms |= Q(area__path__in=line)
        return self.filter(terms | seat_paths(actor.seats_with(*OFFICE_ROLES)))

    def current(self) -> Self:
        """Not ended."""
        return self.filter(ended_at=None)


class Scheme(Chained):
    """考核办法: how the posts of a role are appraised below an area, from a month on.

    Of two that hold at a place the nearer one counts. A changed scheme is a new one: months keep the one they had.
    """

    subject_kind = "appraisal_scheme"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    role = models.CharField("考核谁", max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="appraisal_schemes")
    starts_on = models.DateField("从哪个月起")
    commend_most = models.PositiveSmallIntegerField("每月最多表扬几人", default=3)
    pass_mark = models.PositiveSmallIntegerField("及格线（百分）", default=60)
    criteria = ArrayField(
        models.CharField(max_length=WORDS_LENGTH), verbose_name="常用打分项", default=list, blank=True
    )
    asks_stars = models.BooleanField("请住户匿名打星", default=False)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核办法"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="appraisal_scheme_named"),
            models.CheckConstraint(
                condition=Q(commend_most__gte=1, commend_most__lte=COMMENDED_AT_MOST, pass_mark__lte=100),
                name="appraisal_scheme_possible",
            ),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="appraisal_scheme_from_a_first"),
            models.UniqueConstraint(
                fields=["area", "role"], condition=Q(ended_at=None), name="appraisal_scheme_one_a_role"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """One indicator of a scheme: a kind of the registry, its weight and direction, the words people read."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="indicators", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField("指标", max_length=20)
    label = models.CharField("怎么说", max_length=WORDS_LENGTH)
    weight = models.PositiveSmallIntegerField("占多少")
    is_higher_better = models.BooleanField("越高越好", default=True)
    hours = models.PositiveSmallIntegerField("多少小时以内", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考核指标"
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=allowed()), name="appraisal_indicator_allowed"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=WEIGHT_AT_MOST), name="appraisal_indicator_weighs"
            ),
            models.CheckConstraint(
                condition=Q(kind="answers_in_time", hours__gte=1, hours__lte=HOURS_AT_MOST)
                | (~Q(kind="answers_in_time") & Q(hours=None)),
                name="appraisal_indicator_hours",
            ),
            models.UniqueConstraint(fields=["scheme", "kind"], name="appraisal_indicator_once"),
            models.UniqueConstraint(fields=["scheme", "position"], name="appraisal_indicator_place"),
        ]

    def __str__(self) -> str:
        return self.label


class AppraisalMonthQuerySet(TiedQuerySet["AppraisalMonth"]):
    """Months: seen by the office of the community and by those named to give scores."""

    READ_WITH = ("area__level", "scheme")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to a month; offices above have their own lists of counts, not the places of people."""
        if actor.is_system:
            return {Tie.CLOCK: Q(pk__isnull=False)}
        return {
            Tie.DESK: area_below([seat.path for seat in overseeing_seats(actor)]),
            Tie.APPRAISER: Q(pk__in=_named(actor.user_id)) if actor.user_id is not None else None,
        }


def _named(user_id: int) -> models.QuerySet[Any, Any]:
    return Appraiser.objects.filter(user_id=user_id, ended_at=None).order_by().values("month_id")


class AppraisalMonth(Tied):
    """月度考核: of one community by one scheme. `criteria` are the tasks of the month that appraisers score.

    `inputs_digest` stands for what was counted, `figures_digest` for what came out. Once published neither changes but
    by an event that names a correction; `differences` is what a later count found otherwise.
    """

    subject_kind = "appraisal_month"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10, choices=[(s.value, MONTH_LABELS[s]) for s in MonthState], default=MonthState.OPEN.value
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="months", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="appraisal_months")
    month = models.DateField("月份")
    criteria = ArrayField(models.CharField(max_length=WORDS_LENGTH), default=list, blank=True)
    inputs_digest = models.CharField(max_length=64, default="", blank=True)
    figures_digest = models.CharField(max_length=64, default="", blank=True)
    means: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    differences: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    opened_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True, blank=True)
    recounted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = AppraisalMonthQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月度考核"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in MonthState]), name="appraisal_month_status_known"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="appraisal_month_is_a_first"),
            models.CheckConstraint(
                condition=~Q(status=MonthState.PUBLISHED.value)
                | (Q(published_at__isnull=False) & ~Q(figures_digest="")),
                name="appraisal_published_has_figures",
            ),
            models.UniqueConstraint(fields=["scheme", "area", "month"], name="appraisal_month_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["month", "area"], name="appraisal_month_place"),
        ]

    def __str__(self) -> str:
        return f"appraisal {self.month:%Y-%m} of area {self.area_id}"

    @property
    def is_published(self) -> bool:
        """Whether its figures are frozen."""
        return self.status == MonthState.PUBLISHED

    def event_area_ids(self) -> list[int]:
        """The line down to the community."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post of the office, or the nearest of who gives scores."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class Appraiser(models.Model):
    """评分人: named for one month; each gives scores of their own and sees no other's."""

    month = models.ForeignKey(AppraisalMonth, on_delete=models.PROTECT, related_name="appraisers", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评分人"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "user"], name="appraisal_appraiser_once"),
        ]

    def __str__(self) -> str:
        return f"appraiser {self.pk}"


class Score(models.Model):
    """打分: what one appraiser gave one person, a number from 1 to 5 for each criterion of the month (0: left out)."""

    month = models.ForeignKey(AppraisalMonth, on_delete=models.PROTECT, related_name="scores", db_index=False)
    appraiser = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    points = ArrayField(models.PositiveSmallIntegerField(), default=list)
    scored_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "打分"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "user", "appraiser"], name="appraisal_score_once"),
            models.CheckConstraint(condition=Q(points__contained_by=[0, 1, 2, 3, 4, 5]), name="appraisal_score_1_to_5"),
            models.CheckConstraint(condition=~Q(appraiser=F("user")), name="appraisal_score_of_another"),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"


class StarSheet(models.Model):
    """星级表: the anonymous sheet about one person in a month, kept by the app `ballots` under this id."""

    month = models.ForeignKey(AppraisalMonth, on_delete=models.PROTECT, related_name="star_sheets", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    poll_id = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "星级表"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "user"], name="appraisal_star_sheet_once"),
        ]

    def __str__(self) -> str:
        return f"star sheet {self.pk}"


class StandingQuerySet(models.QuerySet["Standing"]):
    """Who stands where: one's own, and those of the own community's office."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own and the office's; no neighbour's, not for offices above. The own place shows once published."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        mine = Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
        return self.filter(mine | seat_paths(overseeing_seats(actor), "month__area"))


class Standing(models.Model):
    """一人一月: the figures of a person in a month, with the post they are about.

    `figures` has for each indicator what was counted and its interval; `group` is the 档, 1 the best, empty where
    people are not compared (staff without the switch). `is_lowest` is the lowest number alone; a tie is nobody's.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    month = models.ForeignKey(AppraisalMonth, on_delete=models.PROTECT, related_name="standings", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appraisal_standings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appraisal_standings")
    is_staff = models.BooleanField(default=False)
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)
    value = models.PositiveIntegerField()
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    group = models.PositiveSmallIntegerField(null=True, blank=True)
    groups = models.PositiveSmallIntegerField(default=0)
    is_lowest = models.BooleanField(default=False)
    is_failed = models.BooleanField(default=False)
    is_commended = models.BooleanField(default=False)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "一人一月"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "user"], name="appraisal_standing_once"),
            models.CheckConstraint(
                condition=Q(low__lte=F("value"), value__lte=F("high"), high__lte=WHOLE), name="appraisal_standing_whole"
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=False) | Q(is_lowest=False, is_commended=False),
                name="appraisal_standing_place",
            ),
        ]

    def __str__(self) -> str:
        return f"standing {self.pk}"


class RankingScene(Chained):
    """按情形比较在编人员: only while it lasts are staff compared with one another (handbook, "Less form-filling").

    Off unless there is such a row: a named security or emergency scene with its document and an end.
    """

    subject_kind = "ranking_scene"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("情形", max_length=10, choices=SceneKind.choices)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    document = models.CharField("依据的文件（文号）", max_length=80)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "比较在编人员的情形"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(document=""), name="appraisal_scene_with_document"),
            models.CheckConstraint(condition=Q(kind__in=SceneKind.values), name="appraisal_scene_kind_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="appraisal_scene_ends"),
        ]

    def __str__(self) -> str:
        return self.name
