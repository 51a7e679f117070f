"""The matter itself, on its way through the loop.

`WorkOrder` is the matter; a `Report` is one voice about it (1:N). A merge moves reports between
orders, an undo moves them back. What people wrote lies in the journal beside the events.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Unit
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.walker import Walked
from louzhang.workorders.lifecycle import (
    AWAITING_RESIDENT,
    BOUNCES_AT_MOST,
    ENDED,
    IN_PROGRESS,
    JOINT_STATES,
    LABELS,
    OPEN,
    RESIDENT_LABELS,
    STEP_OF,
    Relation,
    State,
    bar_of,
    lacks,
)
from louzhang.workorders.models.categories import Category
from louzhang.workorders.models.oversight import OVERSEEN_CONSTRAINTS, OVERSEEN_INDEXES, Overseen
from louzhang.workorders.models.timing import TIMED_CONSTRAINTS, TIMED_INDEXES, Timed
from louzhang.workorders.scope import WorkOrderQuerySet

PHOTOS_AT_MOST = 9
WORDS_AT_MOST = 5_000
SUMMARY_LENGTH = 120
# The name under which a queryset annotates each relation.
FLAGS = tuple((f"is_{relation.value}", relation.value) for relation in Relation)


class WorkOrder(Overseen, Timed, Walked):
    """工单: one matter on its way through the loop; only the walker changes `status`.

    `area` is where it lies, `desk_area` the place whose office accepts and dispatches it.
    `lead_unit` has it; inside the unit a seat (area and role) or an assignee holds it.
    `involved_unit_ids` (lead, assisting and former units), `assist_unit_ids` (those with a part of it),
    `asked_unit_ids` and `helping_unit_ids` (those that have still to sign for a part, or to reply about it),
    `open_part_count` and `contact_unit_ids` (assisting units that may open contacts) are written only by the
    walker's actions. `bounce_count` counts send-backs and transfers since the level above last decided.
    `floor_rank` hides it from posts below that level (3: community and up). The `about_*`
    columns name whom a complaint is about and hide it from them. An order that was found to be the
    same as another is `merged_into` it; `merged_from` is the state it goes back to when that is undone.
    """

    subject_kind = "workorder"

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.CharField("工单号", max_length=24)
    status = models.CharField(max_length=12, choices=[(state.value, LABELS[state]) for state in State])
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="orders", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="orders", db_index=False)
    desk_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="desk_orders", db_index=False)
    lead_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="led_orders", db_index=False
    )
    seat_area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="seat_orders", db_index=False
    )
    seat_role = models.CharField(max_length=20, choices=Role.choices, default="", blank=True)
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_orders", db_index=False
    )
    involved_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    assist_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    asked_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    helping_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    contact_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    open_part_count = models.PositiveIntegerField(default=0, db_default=0)
    floor_rank = models.PositiveSmallIntegerField(default=6)
    about_user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    about_area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    about_role = models.CharField(max_length=20, choices=Role.choices, default="", blank=True)
    about_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    summary = models.CharField(max_length=SUMMARY_LENGTH, default="", blank=True)
    place_note = models.CharField("地点补充", max_length=200, default="", blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    is_unplaced = models.BooleanField("待定位", default=False)
    is_urgent = models.BooleanField("紧急", default=False)
    is_told_by_visit = models.BooleanField(default=False)
    is_settled_on_spot = models.BooleanField(default=False)
    search_terms = ArrayField(models.TextField(), default=list, blank=True)
    report_count = models.PositiveIntegerField(default=1)
    return_count = models.PositiveIntegerField(default=0)
    transfer_count = models.PositiveIntegerField(default=0, db_default=0)
    bounce_count = models.PositiveIntegerField(default=0, db_default=0)
    arbitrated_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_orders", db_index=False
    )
    merged_from = models.CharField(max_length=12, default="", blank=True)
    source = models.CharField(max_length=40, default="", blank=True)
    source_number = models.CharField(max_length=60, default="", blank=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=[state.value for state in State]),
                name="order_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[State.DISPATCHED.value, State.TAKEN.value])
                | models.Q(lead_unit__isnull=False),
                name="order_in_hand_has_lead",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(closed_at__gte=models.F("reported_at")),
                name="order_closed_after_reported",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude=None, latitude=None)
                | models.Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="order_position_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(seat_area=None, seat_role="")
                | (models.Q(seat_area__isnull=False) & ~models.Q(seat_role="")),
                name="order_seat_whole",
            ),
            models.CheckConstraint(
                condition=(models.Q(status=State.MERGED.value, merged_into__isnull=False) & ~models.Q(merged_from=""))
                | (~models.Q(status=State.MERGED.value) & models.Q(merged_into=None, merged_from="")),
                name="order_merged_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(open_part_count=0)
                | models.Q(status__in=sorted(state.value for state in (*JOINT_STATES, State.MERGED))),
                name="order_parts_open_only_in_hand",
            ),
            *OVERSEEN_CONSTRAINTS,
            models.UniqueConstraint(fields=["number"], name="order_number_once"),
            models.UniqueConstraint(
                fields=["source", "source_number"],
                condition=~models.Q(source=""),
                name="order_source_once",
            ),
            *TIMED_CONSTRAINTS,
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["desk_area", "status", "-id"], name="order_desk"),
            models.Index(fields=["status", "-id"], name="order_status"),
            models.Index(fields=["area", "-id"], name="order_area"),
            models.Index(fields=["category", "-id"], name="order_category"),
            models.Index(
                fields=["lead_unit", "status", "-id"],
                condition=models.Q(lead_unit__isnull=False),
                name="order_lead",
            ),
            models.Index(
                fields=["seat_area", "seat_role"],
                condition=models.Q(seat_area__isnull=False),
                name="order_seat",
            ),
            models.Index(fields=["assignee"], condition=models.Q(assignee__isnull=False), name="order_assignee"),
            *(
                models.Index(fields=[name], condition=models.Q(**{f"{name}__isnull": False}), name=f"order_{name}")
                for name in ("about_user", "about_area", "about_unit")
            ),
            models.Index(fields=["reported_at"], name="order_reported"),
            models.Index(
                fields=["promised_at"],
                condition=models.Q(status__in=sorted(state.value for state in OPEN)),
                name="order_open_promised",
            ),
            models.Index(
                fields=["answered_at"],
                condition=models.Q(status__in=[State.ANSWERED.value, State.RATED.value]),
                name="order_awaiting",
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(closed_at__isnull=False, erased_at=None),
                name="order_to_erase",
            ),
            models.Index(fields=["settled_at"], condition=models.Q(settled_at__isnull=False), name="order_settled"),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="order_merged_into"
            ),
            models.Index(
                fields=["category", "reported_at"],
                condition=models.Q(status__in=sorted(state.value for state in IN_PROGRESS)),
                name="order_same_category",
            ),
            # What lies in an office's place and is not over; what may be the same matter is among it.
            models.Index(
                fields=["area", "reported_at"],
                condition=models.Q(status__in=sorted(state.value for state in (*OPEN, *AWAITING_RESIDENT))),
                name="order_live_place",
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(
                    bounce_count__gte=BOUNCES_AT_MOST, status__in=sorted(state.value for state in JOINT_STATES)
                ),
                name="order_contested",
            ),
            *OVERSEEN_INDEXES,
            GinIndex(fields=["involved_unit_ids"], name="order_units"),
            GinIndex(fields=["search_terms"], name="order_search"),
            *TIMED_INDEXES,
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def resident_label(self) -> str:
        """The state in the words of residents."""
        return RESIDENT_LABELS[State(self.status)]

    @property
    def step(self) -> int:
        """Which of the four steps it is in (5: all done)."""
        return STEP_OF[State(self.status)]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in OPEN

    @property
    def is_ended(self) -> bool:
        """Whether it is closed, declined or withdrawn."""
        return self.status in ENDED

    @property
    def relations_now(self) -> frozenset[str]:
        """The relations annotated by `WorkOrderQuerySet.with_relations`."""
        held = self.__dict__
        return frozenset(relation for flag, relation in FLAGS if held.get(flag) is True)

    @property
    def is_contested(self) -> bool:
        """Whether only the level above may say whose it is."""
        return self.bounce_count >= BOUNCES_AT_MOST and self.status in JOINT_STATES

    def bar_on(self, verb: str) -> str:
        """Why a verb that the table allows is closed to this order; empty where it is not."""
        contested = bar_of(verb, bounces=self.bounce_count, is_decided=self.arbitrated_at is not None)
        return contested or lacks(verb, lambda column: getattr(self, column))

    @property
    def is_only_former(self) -> bool:
        """Whether nothing ties the reader but a unit that had it before."""
        return self.relations_now == {Relation.FORMER}

    def event_area_ids(self) -> list[int]:
        """The line of areas down to its place, as it is now."""
        fetched = getattr(self, "line_ids", None)  # by `WorkOrderQuerySet.locked_for`
        if fetched and fetched[-1] == self.area_id:
            return list(fetched)
        return list(Area.objects.line_of(self.area).values_list("pk", flat=True))

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post at the desk, the seat or the place, and the unit that acts."""
        unit_id = next((u for u in (self.lead_unit_id, *self.assist_unit_ids) if u in actor.unit_ids), None)
        for area_id in (self.desk_area_id, self.seat_area_id, self.area_id):
            if post_id := _post_exactly_at(actor, area_id):
                return post_id, unit_id
        return actor.post_at(None, unit_id), unit_id


def _post_exactly_at(actor: Actor, area_id: int | None) -> int | None:
    return next((s.post_id for s in actor.seats if area_id and s.area_id == area_id), None)
