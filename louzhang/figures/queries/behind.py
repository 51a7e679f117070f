"""The orders behind a figure, as the roll-ups count them: conditions that the list of orders is narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import F, Q

from louzhang.figures.buckets import COUNT
from louzhang.figures.contributions import PLACE_OF
from louzhang.figures.models import CLOCKS, COUNTS, CountedOrder
from louzhang.figures.queries.labels import LEVELS
from louzhang.workorders.behind import Figure

COUNT_LABELS = {
    "orders": "计入数字的",
    "dispatched": "交办了的",
    "contacted": "按时联系的",
    "settled": "办结了的",
    "on_spot": "现场办结的",
    "explained": "以解释说明办结的",
    "reopened": "重新办理过的",
    "sent_back": "退回或转办过的",
    "asked": "问到满意度的",
    "satisfied": "说满意的",
    "judged": "问到是否解决的",
    "solved": "说已解决的",
}
CLOCK_LABELS = {"take_time": "签收", "contact_time": "首次联系", "settle_time": "办结"}


def figures() -> dict[str, Figure]:
    """Every figure that a list can stand behind, by its name in an address."""
    return dict((*_counts(), *_levels(), *_clocks()))


def _counts() -> Iterator[tuple[str, Figure]]:
    for name in COUNTS:
        yield name, Figure(COUNT_LABELS[name], partial(_counted, name))


def _levels() -> Iterator[tuple[str, Figure]]:
    for rank, label in LEVELS.items():
        yield f"level-{rank}", Figure(f"{label}办结的", partial(_counted, "settled", settled_rank=rank))


def _clocks() -> Iterator[tuple[str, Figure]]:
    for clock in CLOCKS:
        label = f"有{CLOCK_LABELS[clock]}用时的"
        yield clock, Figure(label, partial(_counted, "orders", **{f"{clock}__isnull": False}))
        for place in range(COUNT):
            yield (
                f"{clock}-{place}",
                Figure(
                    f"{CLOCK_LABELS[clock]}用时在一段里的",
                    partial(_counted, "orders", **{clock: place}),
                ),
            )


def _counted(name: str, **more: object) -> Q:
    """The orders that add to a count, and to what else is said."""
    rows = CountedOrder.objects.annotate(has=F("counts").bitand(1 << PLACE_OF[name])).filter(has__gt=0, **more)
    return Q(pk__in=rows.order_by().values("order_id"))
