"""Which orders are perhaps the same matter: near in place and time and of one category, or in one building.

Nothing is merged by itself. A candidate comes with the reason why it is one; what is near and how long two
reports may lie apart, the category says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.actor import Actor
from louzhang.journal.models import Attachment, AttachmentKind, AttachmentStage, Words
from louzhang.kit.coordinates import distance_m
from louzhang.workorders.lifecycle import IN_PROGRESS, Relation
from louzhang.workorders.models import Category, Handling, PublicLine, WorkOrder
from louzhang.workorders.queries.orders import list_orders
from louzhang.workorders.scope import relation_terms

CANDIDATES_AT_MOST = 12
LOOKED_AT = 200
BURST_FROM = 3
BURST_LOOKED_AT = 2_000
METRES_PER_DEGREE = 111_000


@dataclass(frozen=True, slots=True)
class Matter:
    """What is compared: of an order, or of a report that is still being typed."""

    category: Category
    area: Area
    at: datetime
    longitude: float | None = None
    latitude: float | None = None
    order: WorkOrder | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that is perhaps the same matter, and why."""

    order: WorkOrder
    why: str
    metres: float


@dataclass(slots=True)
class Burst:
    """Orders of one category that came close together: the oldest, and the others."""

    head: WorkOrder
    others: list[WorkOrder] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many orders they are with the oldest."""
        return 1 + len(self.others)

    @property
    def numbers(self) -> str:
        """The numbers of the others, as one button carries them."""
        return ",".join(order.number for order in self.others)


def matter_of(order: WorkOrder) -> Matter:
    """An order as something to compare with."""
    return Matter(order.category, order.area, order.reported_at, order.longitude, order.latitude, order)


def candidates_for(matter: Matter, actor: Actor) -> list[Candidate]:
    """Open orders in scope that are perhaps the same, the likeliest first (one query).

    Complaints and guarded matters are compared with their own kind only, complaints about the same one.
    """
    rows = list_orders(actor, None, few=_perhaps(matter)).with_relations(actor)
    if matter.order is not None:
        rows = rows.exclude(pk=matter.order.pk)
    found = [_candidate(matter, row) for row in rows.select_related("area__level")[:LOOKED_AT]]
    told = [candidate for candidate in found if candidate is not None]
    return sorted(told, key=lambda candidate: (candidate.metres, candidate.order.pk))[:CANDIDATES_AT_MOST]


def _perhaps(matter: Matter) -> Q:
    category, reach = matter.category, timedelta(hours=matter.category.same_hours)
    near = Q(area__in=_home(matter.area), category__in=_kin(category))
    if (box := _box(matter)) is not None:
        near |= Q(category=category) & box
    few = near & Q(
        status__in=sorted(IN_PROGRESS), reported_at__gte=matter.at - reach, reported_at__lte=matter.at + reach
    )
    if category.handling == Handling.COMPLAINT:
        order = matter.order
        about = ("about_user_id", "about_area_id", "about_unit_id")
        return few & Q(**{name: getattr(order, name) for name in about}) if order is not None else Q(pk__in=[])
    return few


def _kin(category: Category) -> object:
    """In one building the category may have been chosen differently: any of the group, handled the same way."""
    rows = Category.objects.filter(handling=category.handling).order_by()
    alike = rows.filter(parent=category.parent_id) if category.parent_id else rows.filter(pk=category.pk)
    return alike.values("pk")


def _home(area: Area) -> object:
    """The building of a place with its stairwells; any other small place is itself; a large one is none."""
    rank = RANKS[area.level.kind]
    if rank < RANKS[LevelKind.GRID]:
        return []
    if rank == RANKS[LevelKind.GRID]:
        return [area.pk]
    return Area.objects.get_queryset().under_paths([_home_path(area)]).order_by().values("pk")


def _home_path(area: Area) -> str:
    path = str(area.path)
    return path[: -Area.steplen] if area.level.kind == LevelKind.STAIRWELL else path


def _box(matter: Matter) -> Q | None:
    """A square around the position that holds the circle."""
    if matter.longitude is None or matter.latitude is None:
        return None
    reach = matter.category.same_metres / METRES_PER_DEGREE
    wide = reach / max(0.05, math.cos(math.radians(matter.latitude)))
    return Q(
        longitude__gte=matter.longitude - wide,
        longitude__lte=matter.longitude + wide,
        latitude__gte=matter.latitude - reach,
        latitude__lte=matter.latitude + reach,
    )


def _candidate(matter: Matter, order: WorkOrder) -> Candidate | None:
    metres = _metres(matter, order)
    is_same_home = _is_same_home(matter.area, order.area)
    is_near = metres is not None and metres <= matter.category.same_metres and order.category_id == matter.category.pk
    if not is_near and not is_same_home:
        return None
    kind = "同类别" if order.category_id == matter.category.pk else f"类别是{order.category.name}"
    if is_same_home:
        where = "同一栋楼" if RANKS[order.area.level.kind] > RANKS[LevelKind.GRID] else f"都在{order.area.name}"
    else:
        where = f"相距 {math.ceil(metres or 0)} 米"
    return Candidate(order, "，".join((kind, where, _apart(matter.at, order.reported_at))), metres or 0.0)


def _metres(matter: Matter, order: WorkOrder) -> float | None:
    points = [(matter.longitude, matter.latitude), (order.longitude, order.latitude)]
    known = [(lon, lat) for lon, lat in points if lon is not None and lat is not None]
    return distance_m(known[0], known[1]) if len(known) == 2 else None


def _is_same_home(one: Area, other: Area) -> bool:
    is_small = min(RANKS[one.level.kind], RANKS[other.level.kind]) >= RANKS[LevelKind.GRID]
    return is_small and _home_path(one) == _home_path(other)


def _apart(at: datetime, other: datetime) -> str:
    minutes = round(abs((at - other).total_seconds()) / 60)
    said = (
        f"{minutes} 分钟"
        if minutes < 60
        else f"{round(minutes / 60)} 小时"
        if minutes < 2880
        else f"{minutes // 1440} 天"
    )
    return f"{'晚' if other > at else '早'} {said}" if minutes else "同时反映"


def bursts_of(actor: Actor) -> list[Burst]:
    """Matters that many reported at once at the actor's own desks, in the categories that ask for it (one query).

    A report belongs to the oldest one of its category at the same desk that is near enough in place and time.
    """
    desk = relation_terms(actor).get(Relation.DESK)
    if desk is None:
        return []
    few = desk & Q(status__in=sorted(IN_PROGRESS), category__groups_bursts=True, category__handling=Handling.PLAIN)
    rows = list_orders(actor, None, few=few).select_related("area__level").order_by("reported_at", "pk")
    found: list[Burst] = []
    for order in rows[:BURST_LOOKED_AT]:
        burst = next((each for each in found if _belongs(each.head, order)), None)
        if burst is None:
            found.append(Burst(order))
        else:
            burst.others.append(order)
    return [burst for burst in found if burst.count >= BURST_FROM]


def _belongs(head: WorkOrder, order: WorkOrder) -> bool:
    if head.category_id != order.category_id or head.desk_area_id != order.desk_area_id:
        return False
    return (
        order.reported_at - head.reported_at <= timedelta(hours=head.category.same_hours)
        and _candidate(matter_of(head), order) is not None
    )


@dataclass(slots=True)
class Said:
    """What the first voice of an order said and showed."""

    words: str = ""
    photos: list[Attachment] = field(default_factory=list)


def said_of(orders: Sequence[WorkOrder], *, every: bool = False) -> dict[int, Said]:
    """Words and photos of the first voice of orders that came from `visible_to`, by order (two queries).

    With `every` the photos of all its events.
    """
    ids = [order.pk for order in orders]
    beside: dict[str, Any] = {"subject_kind": WorkOrder.subject_kind, "subject_id__in": ids}
    first = {} if every else {"seq": 1}
    said = {order.pk: Said() for order in orders}
    for row in Words.objects.filter(**beside, seq=1):
        said[row.subject_id].words = str(row.spoken.get("words", ""))
    for file in Attachment.objects.filter(**beside, **first, kind=AttachmentKind.PHOTO).order_by("pk"):
        if file.stage in (AttachmentStage.RECEIVED, AttachmentStage.READY) and file.subject_id is not None:
            said[file.subject_id].photos.append(file)
    return said


def photo_of(order: WorkOrder, uid: UUID) -> Attachment | None:
    """A ready photo of an order that came from `visible_to`."""
    files = Attachment.objects.filter(subject_kind=order.subject_kind, subject_id=order.pk, uid=uid)
    return files.filter(kind=AttachmentKind.PHOTO, stage=AttachmentStage.READY).first()


def merged_here(order: WorkOrder, actor: Actor, most: int) -> list[str]:
    """The numbers of the orders in scope that were merged into this one, the newest first (one query)."""
    few = WorkOrder.objects.visible_among(actor, Q(merged_into=order.pk))
    return list(few.order_by("-pk").values_list("number", flat=True)[:most])


def number_behind(order: WorkOrder) -> str:
    """The number of the order that a merged one went into."""
    return str(order.merged_into.number) if order.merged_into is not None else ""


def public_line_of(order: WorkOrder) -> PublicLine | None:
    """What neighbours are told of an order now."""
    return PublicLine.objects.filter(order=order.pk, ended_at=None).first()
