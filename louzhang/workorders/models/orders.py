"""Work orders: the matter, the voices that reported it, and the district's categories.

`WorkOrder` is the matter and walks the loop; `Report` is one voice with its own contact, code,
way of answering and rating (1:N). A merge moves reports between orders, an undo moves them
back. What people wrote lies in the journal beside the events.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Unit
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.walker import Walked
from louzhang.kit import crypto, masking
from louzhang.workorders.lifecycle import (
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
from louzhang.workorders.models.oversight import OVERSEEN_CONSTRAINTS, OVERSEEN_INDEXES, Overseen
from louzhang.workorders.models.timing import TIMED_CONSTRAINTS, TIMED_INDEXES, Timed
from louzhang.workorders.scope import WorkOrderQuerySet

PHOTOS_AT_MOST = 9
WORDS_AT_MOST = 5_000
SUMMARY_LENGTH = 120


class Handling(models.TextChoices):
    """How matters of a category find their way."""

    PLAIN = "plain", "一般"
    COMPLAINT = "complaint", "投诉（交上一级，被投诉人看不到）"
    GUARDED = "guarded", "保护（跳过楼栋和网格）"


class Category(Chained):
    """类别, in two levels: data of the district.

    `letters` are the two letters a call taker types. `promised_hours` are plain hours shown as
    "by when". `questions` are extra questions: a list of {"key", "label", "kind", "choices",
    "required"}. `photo_reason`, where not blank, makes a photo necessary to settle and says why.
    `keep_days` is how long personal words are kept after the end. Two reports within `same_metres` and
    `same_hours` are perhaps one matter; where a category `groups_bursts`, the desk is offered to merge all
    of them at once. Of an `is_public_space` matter neighbours may be told, and say that they see it too. Orders
    of one that `is_verified_on_spot` are looked at by a keeper or the desk before they may be closed.
    """

    subject_kind = "category"

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField("代号", max_length=40)
    letters = models.CharField("两字母", max_length=2, default="", blank=True)
    name = models.CharField("名称", max_length=30)
    keywords = models.CharField("联想词", max_length=200, default="", blank=True)
    official_code = models.CharField("国标代码", max_length=20, default="", blank=True)
    handling = models.CharField("办理方式", max_length=10, choices=Handling.choices, default=Handling.PLAIN)
    is_urgent = models.BooleanField("紧急", default=False)
    promised_hours = models.PositiveIntegerField("承诺时限（小时）", default=72)
    questions: models.JSONField[Any, Any] = models.JSONField("补充问题", default=list, blank=True)
    photo_reason = models.CharField("必须拍照的理由", max_length=120, default="", blank=True)
    keep_days = models.PositiveIntegerField("个人信息保留天数", default=1095)
    position = models.PositiveIntegerField("排序", default=0)
    is_verified_on_spot = models.BooleanField("结案前现场核实", default=False, db_default=False)
    is_public_space = models.BooleanField("公共地方的事", default=False)
    same_metres = models.PositiveIntegerField("相同的距离（米）", default=50)
    same_hours = models.PositiveIntegerField("相同的时间（小时）", default=72)
    groups_bursts = models.BooleanField("成批提示合并", default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "类别"
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(ended_at=None), name="category_code_once"),
            models.UniqueConstraint(
                fields=["letters"],
                condition=models.Q(ended_at=None) & ~models.Q(letters=""),
                name="category_letters_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


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

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField("工单号", max_length=24, unique=True)
    status = models.CharField(max_length=12, choices=[(state.value, LABELS[state]) for state in State])
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="orders")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="orders")
    desk_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="desk_orders")
    lead_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="led_orders")
    seat_area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="seat_orders")
    seat_role = models.CharField(max_length=20, choices=Role.choices, default="", blank=True)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_orders")
    involved_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    assist_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    asked_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    helping_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    contact_unit_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])
    open_part_count = models.PositiveIntegerField(default=0, db_default=0)
    floor_rank = models.PositiveSmallIntegerField(default=6)
    about_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about_area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about_role = models.CharField(max_length=20, choices=Role.choices, default="", blank=True)
    about_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
            models.Index(
                fields=["area", "reported_at"],
                condition=models.Q(status__in=sorted(state.value for state in IN_PROGRESS)),
                name="order_same_place",
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
    def status_label(self) -> str:
        """The state in the words of staff."""
        return LABELS[State(self.status)]

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
        held = (r.value for r in Relation if getattr(self, f"is_{r.value}", False) is True)
        return frozenset(held)

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


class Channel(models.TextChoices):
    """By which side a report came in."""

    RESIDENT = "resident", "居民随手拍"
    FIELD = "field", "楼长网格员上报"
    GROUP = "group", "群消息转来"
    CALL = "call", "电话"
    HOTLINE = "hotline", "12345 热线"
    WALK_IN = "walk_in", "来访"
    WORKER_CALL = "worker_call", "工作人员来电"
    FILE = "file", "批量导入"
    API = "api", "接口"
    HISTORY = "history", "历史数据"


class AnswerWay(models.TextChoices):
    """How the reporter wants to be answered."""

    HERE = "here", "在这里看"
    PHONE = "phone", "电话"
    VISIT = "visit", "上门"
    SMS = "sms", "短信"


class CallResult(models.TextChoices):
    """What came of telling a reporter who has no online way (反馈结果)."""

    SATISFIED = "satisfied", "已告知，满意"
    ACCEPTABLE = "acceptable", "已告知，基本满意"
    UNSATISFIED = "unsatisfied", "已告知，不满意"
    NOT_ASKED = "not_asked", "已告知，未作评价"
    UNREACHED = "unreached", "多次联系不上"


class Report(models.Model):
    """反映: one voice about a matter, with its own contact, code, answer and rating.

    The contact and the door are sealed; the code is stored hashed. `device_hash` or
    `reporter` ties it to its author; `entered_by` is who typed it for somebody else. Its words are
    those of event `seq` of its `home`, the order it was filed on; empty while that is `order`.
    """

    subject_kind: ClassVar[str] = "report"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="reports")
    home = models.ForeignKey(
        WorkOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    reporter = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    entered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="entered_reports"
    )
    tracking_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    answer_way = models.CharField(max_length=8, choices=AnswerWay.choices, default=AnswerWay.HERE)
    contact_name_sealed = models.TextField(default="", blank=True)
    contact_phone_sealed = models.TextField(default="", blank=True)
    phone_index = models.CharField(max_length=64, default="", blank=True)
    door_sealed = models.TextField(default="", blank=True)
    reported_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_result = models.CharField(max_length=12, choices=CallResult.choices, default="", blank=True)
    told_solved = models.BooleanField("回访：是否解决", null=True, blank=True)
    urged_at = models.DateTimeField(null=True, blank=True)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    is_solved = models.BooleanField(null=True, blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "反映"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(stars=None, rated_at=None)
                | models.Q(
                    stars__gte=1,
                    stars__lte=5,
                    is_solved__isnull=False,
                    rated_at__isnull=False,
                ),
                name="report_rating_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["device_hash"],
                condition=~models.Q(device_hash=""),
                name="report_device",
            ),
            models.Index(
                fields=["phone_index"],
                condition=~models.Q(phone_index=""),
                name="report_phone",
            ),
            models.Index(fields=["rated_at"], condition=models.Q(rated_at__isnull=False), name="report_rated"),
            models.Index(fields=["home"], condition=models.Q(home__isnull=False), name="report_home"),
            models.Index(
                fields=["answer_way", "order"],
                condition=models.Q(told_at=None) & ~models.Q(answer_way=AnswerWay.HERE),
                name="report_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} of order {self.order_id}"

    def aad(self, field: str) -> str:
        """What a sealed field is bound to: table, row, field."""
        return f"report:{self.uid}:{field}"

    def seal_contact(self, *, name: str = "", phone: str = "", door: str = "") -> None:
        """Seal what was given; `phone` is already normal (`kit.phones.normal_phone`)."""
        if name:
            self.contact_name_sealed = crypto.seal(name, aad=self.aad("name"))
        if phone:
            self.contact_phone_sealed = crypto.seal(phone, aad=self.aad("phone"))
            self.phone_index = crypto.blind_index(phone, purpose="phone")
        if door:
            self.door_sealed = crypto.seal(door, aad=self.aad("door"))

    def open_field(self, field: str) -> str:
        """The plain `name`, `phone` or `door`; blank where nothing was given.

        The caller has asked `queries.contact_tier` and logged the reveal.
        """
        column = {"name": "contact_name_sealed", "phone": "contact_phone_sealed"}
        sealed: str = getattr(self, column.get(field, "door_sealed"))
        return crypto.unseal(sealed, aad=self.aad(field)) if sealed else ""

    @property
    def masked_name(self) -> str:
        """The name with its middle hidden; blank where none was given."""
        return masking.mask_name(self.open_field("name")) if self.contact_name_sealed else ""

    @property
    def masked_phone(self) -> str:
        """The number with its middle hidden; blank where none was given."""
        return masking.mask_phone(self.open_field("phone")) if self.contact_phone_sealed else ""

    @property
    def must_be_told(self) -> bool:
        """Whether somebody still has to call, visit or text this reporter before the close."""
        return self.answer_way != AnswerWay.HERE and self.told_at is None
