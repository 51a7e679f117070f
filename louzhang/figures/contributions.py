"""What an order adds to the roll-ups, as its course stands: pure, and the only place that says it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from louzhang.figures import buckets
from louzhang.figures.course import Chain, Course
from louzhang.figures.elapsed import is_contact_in_time, minutes_between, minutes_taken
from louzhang.figures.models import CLOCKS, COUNTS
from louzhang.kit import clock
from louzhang.workorders.clocks import ClockKind

WIDTH = len(COUNTS) + len(CLOCKS) * buckets.COUNT
PLACE_OF = {name: place for place, name in enumerate(COUNTS)}
# The clock of the order behind each of `CLOCKS`.
RUN_BY = tuple(kind.value for kind in ClockKind)
FIRST_BUCKET = {name: len(COUNTS) + index * buckets.COUNT for index, name in enumerate(CLOCKS)}


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """A row of `PlaceDay`."""

    day: date
    area_id: int
    floor_rank: int
    category_id: int
    channel: str
    settled_rank: int
    step: str


@dataclass(frozen=True, slots=True)
class UnitKey:
    """A row of `UnitDay`; the step is blank for a unit that does not have the order."""

    day: date
    area_id: int
    floor_rank: int
    unit_id: int
    step: str


Key: TypeAlias = PlaceKey | UnitKey
# Places of a row's figures, and how much is added there.
Amounts: TypeAlias = list[tuple[int, int]]


def contributions(course: Course) -> Iterator[tuple[Key, Amounts]]:
    """The rows to which an order adds, and what; nothing while it is not there to be counted."""
    if not course.counts or course.reported_at is None:
        return
    day = clock.local_date(course.reported_at)
    where = (day, course.area_id, course.floor_rank)
    amounts = list(_amounts(course))
    returned = PLACE_OF["sent_back"]
    yield (
        PlaceKey(*where, course.category_id, course.channel, course.settled_rank, course.step),
        [*amounts, *((returned, count) for count in course.sent_back.values())],
    )
    if course.unit_id is not None:
        yield UnitKey(*where, course.unit_id, course.step), amounts
    for unit_id, count in course.sent_back.items():
        yield UnitKey(*where, unit_id, ""), [(returned, count)]


def _amounts(course: Course) -> Iterator[tuple[int, int]]:
    for name, amount in _counted(course):
        if amount:
            yield PLACE_OF[name], int(amount)
    spans = zip(CLOCKS, RUN_BY, _spans(course), strict=True)
    for name, kind, (begin, end) in spans:
        if begin is not None and end is not None:
            yield (
                FIRST_BUCKET[name] + buckets.bucket_of(minutes_taken(course.ran.get(kind), begin, end, course.pauses)),
                1,
            )


def _counted(course: Course) -> Iterator[tuple[str, int]]:
    is_settled = course.settled_at is not None
    yield "orders", 1
    yield "dispatched", course.given_at is not None
    yield "contacted", _is_contacted(course)
    yield "settled", is_settled
    yield "on_spot", is_settled and course.is_on_spot
    yield "explained", is_settled and course.is_explained
    yield "reopened", course.reopened > 0
    yield "asked", course.asked
    yield "satisfied", course.satisfied
    if not course.is_explained:
        yield "judged", course.judged
        yield "solved", course.solved


def _is_contacted(course: Course) -> bool:
    if course.given_at is None or course.contacted_at is None:
        return False
    passed = minutes_between(course.given_at, course.contacted_at, course.pauses)
    return is_contact_in_time(passed, is_late=course.is_contact_late)


Span: TypeAlias = tuple[datetime | None, datetime | None]


def _spans(course: Course) -> tuple[Span, Span, Span]:
    """Of each clock: from when to when, as far as it has stopped."""
    return (
        (course.given_at, course.taken_at),
        (course.given_at, course.contacted_at),
        (course.begun_at, course.settled_at),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """In which figures an order stands: a row of `CountedOrder` without its order."""

    settled_rank: int
    counts: int
    buckets: tuple[int | None, ...]


def standing(course: Course) -> Standing | None:
    """The same as `contributions` says, of the one order; None while it is not there to be counted."""
    for key, amounts in contributions(course):
        if isinstance(key, PlaceKey):
            added = {place for place, amount in amounts if amount}
            counts = sum(1 << place for place in added if place < len(COUNTS))
            first = FIRST_BUCKET.values()
            buckets_ = (next((place - at for place in added if at <= place < at + buckets.COUNT), None) for at in first)
            return Standing(key.settled_rank, counts, tuple(buckets_))
    return None


class Sums:
    """What chains of orders change in the roll-ups, added up: by key, a row of figures; and how each order stands."""

    def __init__(self) -> None:
        self.rows: dict[Key, list[int]] = {}
        self.orders: dict[int, Standing | None] = {}

    def follow(self, chain: Chain, wanted: Collection[int]) -> None:
        """Add what the wanted events of a chain change; what they change one after another is taken at once."""
        course, is_counting = chain.begin(), False
        last = max((seq for seq, _ in chain.events if seq in wanted or seq not in chain.unread), default=0)
        for seq, event in chain.events:
            if (seq in wanted) is not is_counting:
                self._add(course, -1 if seq in wanted else 1)
                is_counting = not is_counting
            course.follow(event)
            if seq == last:
                self.orders[chain.order_id] = standing(course)
        if is_counting:
            self._add(course, 1)

    def _add(self, course: Course, times: int) -> None:
        for key, amounts in contributions(course):
            row = self.rows.get(key)
            if row is None:
                row = self.rows[key] = [0] * WIDTH
            for place, amount in amounts:
                row[place] += times * amount
