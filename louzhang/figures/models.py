"""The roll-ups: how many orders of a day stand where, and how long they took.

Derived from the journal and from nothing else: `manage.py rebuild_figures` writes the same rows
again. So there are no foreign keys, as in the journal itself. The day is the district's day on
which the order was reported; an order counts in one row of `PlaceDay`, and in one of `UnitDay` for
each unit that has or had it. A visit counts on the day it was made, a good deed on the day it was done.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BooleanField, F, Func, Q

from louzhang.figures.buckets import COUNT

# The plain counts of a row, in the order in which they are added up.
COUNTS = (
    "orders", "dispatched", "contacted", "settled", "on_spot", "explained", "reopened", "sent_back",
    "asked", "satisfied", "judged", "solved",
)  # fmt: skip
# What is counted of visits, and of good deeds.
VISIT_COUNTS = ("visits", "met", "nobody", "later", "declined", "needs", "orders")
DEED_COUNTS = ("deeds",)
# The clocks, each a row of buckets.
CLOCKS = ("take_time", "contact_time", "settle_time")


def _buckets() -> ArrayField[Any, Any]:
    return ArrayField(models.IntegerField(), size=COUNT)


def _never_negative(table: str) -> list[models.BaseConstraint]:
    counts = Q(**{f"{name}__gte": 0 for name in COUNTS})
    rows = [Func(F(name), template="0 <= ALL (%(expressions)s)", output_field=BooleanField()) for name in CLOCKS]
    whole = Q(**{f"{name}__len": COUNT for name in CLOCKS})
    checks = {"counts": counts, "buckets": whole} | dict(zip(CLOCKS, rows, strict=True))
    return [models.CheckConstraint(condition=check, name=f"{table}_{name}_whole") for name, check in checks.items()]


class Measured(models.Model):
    """What is counted of the orders of one row.

    `contacted` are those whose first contact came in time; `settled` and what follows hold now, so
    an order that was opened again is out of them. `asked` and `satisfied` count answers, `judged`
    and `solved` those that say whether it is solved, orders settled by explanation left out.
    """

    orders = models.IntegerField(default=0)
    dispatched = models.IntegerField(default=0)
    contacted = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    on_spot = models.IntegerField(default=0)
    explained = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    sent_back = models.IntegerField(default=0)
    asked = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    judged = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    take_time = _buckets()
    contact_time = _buckets()
    settle_time = _buckets()

    class Meta:
        abstract = True


class PlaceDay(Measured):
    """Day × community × category × channel × settling level, by step.

    `area_id` is the community of the order, or the street or district where it lies no deeper.
    `floor_rank` is the lowest level whose posts may see it (3: community and below), so that a
    complaint about an office is not counted for that office. `settled_rank` is who settled it:
    4 grid and below, 3 community, 2 street, 1 district; 0 not settled, or nobody knows.
    """

    pk = models.CompositePrimaryKey("day", "area_id", "floor_rank", "category_id", "channel", "settled_rank", "step")
    day = models.DateField()
    area_id = models.BigIntegerField()
    floor_rank = models.SmallIntegerField()
    category_id = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    settled_rank = models.SmallIntegerField()
    step = models.CharField(max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = "地方日汇总"
        constraints: ClassVar[list[models.BaseConstraint]] = _never_negative("place_day")


class UnitDay(Measured):
    """Day × unit, by community and step; a unit that gave an order back keeps `sent_back` of it.

    The community stands in the key because an office may see a unit's work in its own place only.
    """

    pk = models.CompositePrimaryKey("day", "area_id", "floor_rank", "unit_id", "step")
    day = models.DateField()
    area_id = models.BigIntegerField()
    floor_rank = models.SmallIntegerField()
    unit_id = models.BigIntegerField()
    step = models.CharField(max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = "单位日汇总"
        constraints: ClassVar[list[models.BaseConstraint]] = _never_negative("unit_day")


class CountedOrder(models.Model):
    """An order that is counted, and in which figures: what the list behind a figure is narrowed by.

    Derived like the roll-ups and with them. `counts` has a bit for each of `COUNTS` to which the order adds;
    the others are the bucket of each clock, empty where it has not stopped.
    """

    order_id = models.BigIntegerField(primary_key=True)
    settled_rank = models.SmallIntegerField()
    counts = models.IntegerField()
    take_time = models.SmallIntegerField(null=True)
    contact_time = models.SmallIntegerField(null=True)
    settle_time = models.SmallIntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "计入数字的工单"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(counts__gte=1, counts__lt=1 << len(COUNTS)), name="counted_order_counts_known"
            ),
        ]


def _counts_whole(table: str, names: tuple[str, ...]) -> list[models.BaseConstraint]:
    counts = Q(**{f"{name}__gte": 0 for name in names})
    return [models.CheckConstraint(condition=counts, name=f"{table}_counts_whole")]


class VisitDay(models.Model):
    """Day × community: visits made (走访), what came of knocking, and how many brought a need or an order.

    Nobody who went and no door: who is above a community reads counts.
    """

    pk = models.CompositePrimaryKey("day", "area_id")
    day = models.DateField()
    area_id = models.BigIntegerField()
    visits = models.IntegerField(default=0)
    met = models.IntegerField(default=0)
    nobody = models.IntegerField(default=0)
    later = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    needs = models.IntegerField(default=0)
    orders = models.IntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "走访日汇总"
        constraints: ClassVar[list[models.BaseConstraint]] = _counts_whole("visit_day", VISIT_COUNTS)


class DeedDay(models.Model):
    """Day × community: good deeds (好人好事) told of the day and not taken back."""

    pk = models.CompositePrimaryKey("day", "area_id")
    day = models.DateField()
    area_id = models.BigIntegerField()
    deeds = models.IntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "好人好事日汇总"
        constraints: ClassVar[list[models.BaseConstraint]] = _counts_whole("deed_day", DEED_COUNTS)
