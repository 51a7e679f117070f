"""跟进: answers that need somebody, by a rule of the survey; seen by who handles them alone (R1: 102 persons)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.models import Need
from louzhang.register.models.shelters import unsheltered_home
from louzhang.register.scope import COMMUNITY_RANK, NO_ROW, kept_places, seat_places
from louzhang.surveys.following import LABELS, FollowState, FollowTie
from louzhang.surveys.models.questions import Question
from louzhang.surveys.models.targets import Target
from louzhang.workorders.lifecycle import OPEN, Relation
from louzhang.workorders.models import Category, WorkOrder
from louzhang.workorders.scope import relation_terms

VISITORS = (Role.STAIRWELL_HEAD, Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD)
DAYS_AT_MOST = 90


class Course(models.TextChoices):
    """What an answer becomes."""

    VISIT = "visit", "上门看看"
    ORDER = "order", "转为工单"
    NEED = "need", "记入需求清单"


class FollowUpRule(models.Model):
    """跟进规则: these answers to a question become this. `condition` has `answers` (codes), or `least` and `most`.

    `words` say what is to be done and nothing about anybody: they stand on the order, the need, the day's list.
    `photos` is a question whose photos go along with an order; whoever answers it is told so where they add them.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="rules")
    condition: models.JSONField[Any, Any] = models.JSONField(default=dict)
    course = models.CharField("怎么办", max_length=6, choices=Course.choices)
    words = models.CharField("要做什么", max_length=60)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("谁上门", max_length=20, choices=Role.choices, default="", blank=True)
    days = models.PositiveSmallIntegerField("几天之内", null=True, blank=True)
    photos = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_by")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "跟进规则"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(words=""), name="follow_up_rule_says_what"),
            models.CheckConstraint(
                condition=Q(course=Course.VISIT, category=None, role__in=VISITORS, days__gte=1, days__lte=DAYS_AT_MOST)
                | Q(course=Course.ORDER, category__isnull=False, role="", days=None)
                | Q(course=Course.NEED, category=None, role="", days=None),
                name="follow_up_rule_whole",
            ),
            models.CheckConstraint(
                condition=Q(photos=None) | Q(course=Course.ORDER), name="follow_up_rule_photos_of_orders"
            ),
        ]

    def __str__(self) -> str:
        return f"rule of question {self.question_id}"


class FollowUpQuerySet(TiedQuerySet["FollowUp"]):
    """Follow-ups, read as adjectives."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who handles one: whoever is to call there, who has the order in hand, who keeps the list of needs.

        The office of the community stands beside those who call. Offices above it are told how many there are.
        """
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.rank == COMMUNITY_RANK]
        calls = seat_places(offices)
        for seat in actor.seats_with(*FIELD_ROLES):
            calls |= seat_places([seat]) & Q(role=seat.role)
        known = relation_terms(actor) if not actor.is_system else {}
        handling = [known[each] for each in (Relation.DESK, Relation.HOLDER) if each in known]
        orders = WorkOrder.objects.none()
        for term in handling:
            orders |= WorkOrder.objects.filter(term)
        handled = (
            (Q(course=Course.VISIT) & calls)
            | Q(course=Course.ORDER, order__in=orders.order_by().values("pk"))
            | (Q(course=Course.NEED) & kept_places(actor))
        )
        return {
            FollowTie.HANDLER: handled & unsheltered_home(actor, "target__household", "area")
            if actor.seats
            else NO_ROW,
            FollowTie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }

    def open(self) -> Self:
        """Those that somebody still has to do something about."""
        return self.filter(
            Q(course=Course.VISIT, status=FollowState.WAITING.value)
            | Q(course=Course.ORDER, order__status__in=sorted(OPEN))
            | Q(course=Course.NEED, need__ticked_at=None)
        )


class FollowUp(Tied):
    """跟进: one household, one rule, once; `number` is the version of its answer that set it going.

    What became of it is the order or the need; a call stands here itself, to be made by `due_on`. One whose answer was
    typed into the wrong row is `undone`, so that the right answer of the household can set it going again.
    """

    subject_kind = "follow_up"
    TIES = FollowTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    rule = models.ForeignKey(FollowUpRule, on_delete=models.PROTECT, related_name="follow_ups")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="follow_ups")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    course = models.CharField("去向", max_length=6, choices=Course.choices)
    role = models.CharField(max_length=20, choices=Role.choices, default="", blank=True)
    due_on = models.DateField("哪天之前", null=True, blank=True)
    order = models.ForeignKey(WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=8,
        choices=[(state.value, LABELS[state]) for state in FollowState],
        default=FollowState.WAITING.value,
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "跟进"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule", "target"], condition=Q(undone_at=None), name="follow_up_standing_once"
            ),
            models.CheckConstraint(
                condition=Q(course=Course.VISIT, order=None, need=None, due_on__isnull=False)
                | Q(course=Course.ORDER, order__isnull=False, need=None, due_on=None)
                | Q(course=Course.NEED, order=None, need__isnull=False, due_on=None),
                name="follow_up_became_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(status=FollowState.WAITING.value, ended_at=None)
                | (~Q(status=FollowState.WAITING.value) & Q(ended_at__isnull=False)),
                name="follow_up_ended_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["area", "due_on"],
                condition=Q(course=Course.VISIT, status=FollowState.WAITING.value),
                name="follow_up_visits",
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the door."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest above the door."""
        return actor.post_above(self.area.path), None
