"""The numbers of the command centre: always counted from the orders the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from louzhang.areas.models import Area, LevelKind
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.workorders.lifecycle import OPEN
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.queries import list_orders
from louzhang.workorders.scope import WorkOrderQuerySet

WEEK = timedelta(days=7)
SATISFIED_FROM = 4  # stars of five


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `percent` is None where there was nothing to count."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The share in percent with one decimal."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


@dataclass(frozen=True, slots=True)
class Board:
    """What stands on the board, each figure with the week before beside it.

    Days are days of the district. `settled` is the share of orders settled in seven days that
    kept the promised time; `satisfied` the share of ratings with four or five stars. An order
    that nobody rated counts in neither.
    """

    at: datetime
    today: int
    today_last_week: int
    open: int
    late: int
    urgent: int
    settled: Share
    settled_before: Share
    satisfied: Share
    satisfied_before: Share


def count_board(actor: Actor, at: datetime) -> Board:
    """Count the board in four queries."""
    rows = WorkOrder.objects.visible_to(actor)
    day = clock.day_start(clock.local_date(at))
    arrived = rows.filter(reported_at__gte=day - WEEK, reported_at__lt=at).aggregate(
        today=Count("pk", filter=Q(reported_at__gte=day)),
        before=Count("pk", filter=Q(reported_at__lt=at - WEEK)),
    )
    standing = rows.open().aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=at)),
        urgent=Count("pk", filter=Q(is_urgent=True)),
    )
    settled, settled_before = _settled_in_time(rows, at)
    satisfied, satisfied_before = _satisfied(rows, at)
    return Board(
        at=at,
        today=arrived["today"],
        today_last_week=arrived["before"],
        open=standing["open"],
        late=standing["late"],
        urgent=standing["urgent"],
        settled=settled,
        settled_before=settled_before,
        satisfied=satisfied,
        satisfied_before=satisfied_before,
    )


def _settled_in_time(rows: WorkOrderQuerySet, at: datetime) -> tuple[Share, Share]:
    this, in_time = Q(settled_at__gte=at - WEEK), Q(settled_at__lte=F("promised_at"))
    counted = rows.filter(settled_at__gte=at - 2 * WEEK, settled_at__lt=at).aggregate(
        part=Count("pk", filter=this & in_time),
        whole=Count("pk", filter=this),
        part_before=Count("pk", filter=~this & in_time),
        whole_before=Count("pk", filter=~this),
    )
    return Share(counted["part"], counted["whole"]), Share(counted["part_before"], counted["whole_before"])


def _satisfied(rows: WorkOrderQuerySet, at: datetime) -> tuple[Share, Share]:
    this, content = Q(rated_at__gte=at - WEEK), Q(stars__gte=SATISFIED_FROM)
    rated = Report.objects.filter(rated_at__gte=at - 2 * WEEK, rated_at__lt=at, order__in=rows.values("pk"))
    counted = rated.aggregate(
        part=Count("pk", filter=this & content),
        whole=Count("pk", filter=this),
        part_before=Count("pk", filter=~this & content),
        whole_before=Count("pk", filter=~this),
    )
    return Share(counted["part"], counted["whole"]), Share(counted["part_before"], counted["whole_before"])


def oldest_open(actor: Actor, most: int = 15) -> list[WorkOrder]:
    """The open orders whose promised time is longest past or nearest, first."""
    return list(list_orders(actor).open().order_by("promised_at", "pk")[:most])


@dataclass(frozen=True, slots=True)
class StreetLine:
    """One street of the board: how much is open there and how much of it is late."""

    area: Area
    open: int
    late: int


def count_streets(actor: Actor, at: datetime) -> list[StreetLine]:
    """Open and late orders by street of the actor's offices, most open first (two queries).

    Orders that lie above the streets (not placed yet) are in no line.
    """
    counted = (
        WorkOrder.objects.visible_to(actor)
        .filter(status__in=sorted(OPEN))
        .order_by()
        .values(path=F("area__path"))
        .annotate(many=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    )
    mine = [seat.path for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
    streets = list(Area.objects.get_queryset().under_paths(mine).current().of_kind(LevelKind.STREET))
    sums = {street.path: [0, 0] for street in streets}
    length = len(streets[0].path) if streets else 0
    for row in counted:
        if (line := sums.get(row["path"][:length])) is not None:
            line[0] += row["many"]
            line[1] += row["late"]
    lines = [StreetLine(street, *sums[street.path]) for street in streets]
    return sorted(lines, key=lambda line: (-line.open, line.area.name_key))
