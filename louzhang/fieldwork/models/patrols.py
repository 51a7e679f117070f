"""巡查: routes with their points, rounds walked along them, and the scenes in which a round counts for the day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.lifecycle.patrols import LABELS, OPEN, PatrolState, Tie
from louzhang.fieldwork.models.days import overseeing_seats, own_post_ids
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.models import Site
from louzhang.register.scope import NO_ROW, seat_paths

POINTS_AT_MOST = 60
NAME_LENGTH = 40
EVERY_AT_MOST = 365
TIMES_AT_MOST = 14
RADIUS_LEAST, RADIUS_MOST = 10, 500
SCENE_DAYS_AT_MOST = 92
_OPEN = sorted(state.value for state in OPEN)


class RouteQuerySet(models.QuerySet["Route"]):
    """Routes, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those through a place one looks after, or that one's place lies on, and those below a community's office."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        if actor.is_system:
            return self.all()
        return self.filter(self._walked_by(actor) | seat_paths(overseeing_seats(actor)))

    def walked_by(self, actor: Actor) -> Self:
        """Those an actor may walk: whoever looks after a place on the line of the route."""
        return self.filter(self._walked_by(actor))

    def kept_by(self, actor: Actor) -> Self:
        """Those an actor lays out: grid worker and lead of the place, the office of the community."""
        seats = [*actor.seats_with(Role.GRID_WORKER, Role.GRID_LEAD), *overseeing_seats(actor)]
        return self.filter(seat_paths(seats))

    @staticmethod
    def _walked_by(actor: Actor) -> Q:
        seats = actor.seats_with(*FIELD_ROLES)
        step = Area.steplen
        line = {seat.path[:end] for seat in seats for end in range(step, len(seat.path) + 1, step)}
        return (Q(area__path__in=line) if line else NO_ROW) | seat_paths(seats)

    def current(self) -> Self:
        """In use."""
        return self.filter(ended_at=None)


class Route(Chained):
    """巡查路线: points in their order, walked every so many days or so many times a week.

    `walked_on` is the last day on which somebody walked it whole. Within `radius` metres of a point a phone may say
    by itself that it is there; it compares in its own memory, and no position is ever sent.
    """

    subject_kind = "patrol_route"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="patrol_routes")
    name = models.CharField("名称", max_length=NAME_LENGTH)
    every_days = models.PositiveSmallIntegerField("几天一次", null=True, blank=True)
    times_a_week = models.PositiveSmallIntegerField("一周几次", null=True, blank=True)
    radius = models.PositiveSmallIntegerField("多少米以内算到了", default=50)
    walked_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "巡查路线"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="route_has_name"),
            models.CheckConstraint(
                condition=Q(every_days=None, times_a_week__gte=1, times_a_week__lte=TIMES_AT_MOST)
                | Q(times_a_week=None, every_days__gte=1, every_days__lte=EVERY_AT_MOST),
                name="route_one_rhythm",
            ),
            models.CheckConstraint(
                condition=Q(radius__gte=RADIUS_LEAST, radius__lte=RADIUS_MOST), name="route_radius_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_rhythm(self) -> str:
        """每 3 天一次, 每周 2 次."""
        if self.times_a_week:
            return f"每周 {self.times_a_week} 次"
        return "每天一次" if self.every_days == 1 else f"每 {self.every_days} 天一次"


class PointQuerySet(models.QuerySet["Point"]):
    """Points, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of routes one sees."""
        return self.filter(route__in=Route.objects.visible_to(actor))

    def current(self) -> Self:
        """Still on the route."""
        return self.filter(ended_at=None)


class Point(models.Model):
    """点位: one stop of a route; a site of the register, or a place of its own. Its code stands on a plate there."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="points", db_index=False)
    position = models.PositiveSmallIntegerField()
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    code = models.CharField("牌上的码", max_length=6)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "巡查点位"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="point_has_name"),
            models.UniqueConstraint(fields=["code"], name="point_code_once"),
            models.UniqueConstraint(
                fields=["route", "position"], condition=Q(ended_at=None), name="point_position_once"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="point_position_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PatrolQuerySet(TiedQuerySet["Patrol"]):
    """Rounds: seen by who walks them, who looks after the grid, and the office of the community."""

    READ_WITH = ("route", "area__level")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who stands how to a round."""
        if actor.is_system:
            return {Tie.CLOCK: Q(pk__isnull=False)}
        posts = own_post_ids(actor)
        keepers = [seat.path for seat in actor.seats_with(Role.GRID_WORKER, Role.GRID_LEAD) if seat.path]
        return {
            Tie.WALKER: Q(post_id__in=posts) if posts else None,
            Tie.KEEPER: area_below(keepers),
            Tie.DESK: area_below([seat.path for seat in overseeing_seats(actor)]),
        }

    def going(self) -> Self:
        """On the way."""
        return self.filter(status__in=_OPEN)


class Patrol(Tied):
    """一趟巡查: one round of a post along a route on a day."""

    subject_kind = "patrol"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10, choices=[(s.value, LABELS[s]) for s in PatrolState], default=PatrolState.GOING.value
    )
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="patrols", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="patrols", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="patrols", db_index=False)
    walker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PatrolQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "巡查"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in PatrolState]), name="patrol_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN, ended_at=None) | (~Q(status__in=_OPEN) & Q(ended_at__isnull=False)),
                name="patrol_ended_whole",
            ),
            models.UniqueConstraint(fields=["route", "post"], condition=Q(status__in=_OPEN), name="patrol_going_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["route", "-day"], name="patrol_route_day"),
            models.Index(fields=["post", "-day"], name="patrol_post_day"),
            models.Index(fields=["area", "-day"], name="patrol_area_day"),
        ]

    def __str__(self) -> str:
        return f"patrol {self.pk}"

    @property
    def is_going(self) -> bool:
        """Whether it is on the way."""
        return self.status in OPEN

    def event_area_ids(self) -> list[int]:
        """The line down to the grid."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post that walks it; that of the office, where the office acts."""
        return (self.post_id if self.post_id in own_post_ids(actor) else actor.post_above(self.area.path)), None


class Way(models.TextChoices):
    """How somebody knows that they are there. Each counts the same."""

    CODE = "code", "牌上的码"
    POSITION = "position", "手机定位"
    REASON = "reason", "写明原因"


class Confirmation(models.Model):
    """到点位: somebody was at a point of a round, and how they showed it; where the phone was is not kept."""

    patrol = models.ForeignKey(Patrol, on_delete=models.PROTECT, related_name="confirmations", db_index=False)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="confirmations")
    way = models.CharField(max_length=10, choices=Way.choices)
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "到点位"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["patrol", "point"], name="point_confirmed_once"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="confirmation_way_known"),
        ]

    def __str__(self) -> str:
        return f"confirmation {self.pk}"


class SceneKind(models.TextChoices):
    """The only two grounds on which rounds may be counted for the day; routine work is none."""

    SECURITY = "security", "安全保卫"
    EMERGENCY = "emergency", "应急处置"


class SceneQuerySet(models.QuerySet["Scene"]):
    """Scenes, read as adjectives. They are public to whoever works in the district."""

    def on(self, day: object) -> Self:
        """In force on a day."""
        return self.filter(ended_at=None, starts_on__lte=day, ends_on__gt=day)


class Scene(Chained):
    """按到岗认定的情形: while it lasts, a paid worker's round counts for the day after points and log (R11).

    Off unless there is such a row: a named security or emergency scene with its document and an end. Volunteers are
    never part of it, and nothing of it is a ranking.
    """

    subject_kind = "patrol_scene"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("情形", max_length=10, choices=SceneKind.choices)
    name = models.CharField("名称", max_length=40)
    document = models.CharField("依据的文件（文号）", max_length=80)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SceneQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "按到岗认定的情形"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(document=""), name="scene_named_with_document"),
            models.CheckConstraint(condition=Q(kind__in=SceneKind.values), name="scene_kind_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="scene_ends"),
        ]

    def __str__(self) -> str:
        return self.name
