"""The course of an order as its chain tells it: what the figures need to know, event by event.

Pure: events go in one after another, and after each of them the course says where the order stood
then. Nothing here asks what the order is like now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from louzhang.workorders.models import CallResult, Channel

SATISFIED_FROM = 4  # stars of five
SATISFIED_CALLS = frozenset({CallResult.SATISFIED.value, CallResult.ACCEPTABLE.value})
ASKED_CALLS = SATISFIED_CALLS | {CallResult.UNSATISFIED.value}
UNREACHED = "unreached"
# Verbs that give the order to the unit they name.
GIVING = frozenset({"dispatch", "import_history", "transfer", "arbitrate"})
SETTLING = frozenset({"settle", "settle_on_spot", "confirm_explanation"})
REOPENING = frozenset({"reopen", "refute"})
# The first of these after the order was given is a word of the unit to the reporter.
CONTACTING = SETTLING | {"contact", "tell", "report_back"}
NOT_COUNTED = frozenset({"", "merged"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, with what never changes about it: whose it was and where it lay then.

    `settler_rank` is the level of the post or unit that acted (4 grid and below … 1 district, 0
    unknown). `area_id` is the lowest office-bearing area of its line.
    """

    verb: str
    at: datetime
    payload: Mapping[str, Any]
    area_id: int
    settler_rank: int = 0


@dataclass(slots=True)
class Course:
    """Where an order stands after the events it was given so far."""

    category_id: int
    floor_rank: int
    step: str = ""
    area_id: int = 0
    channel: str = Channel.HISTORY.value
    unit_id: int | None = None
    reported_at: datetime | None = None
    given_at: datetime | None = None
    taken_at: datetime | None = None
    contacted_at: datetime | None = None
    begun_at: datetime | None = None
    settled_at: datetime | None = None
    settled_rank: int = 0
    explainer_rank: int = 0
    is_contact_late: bool | None = None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ran: dict[str, int] = field(default_factory=dict)
    is_on_spot: bool = False
    is_explained: bool = False
    reopened: int = 0
    sent_back: Counter[int] = field(default_factory=Counter)
    asked: int = 0
    satisfied: int = 0
    judged: int = 0
    solved: int = 0

    @property
    def counts(self) -> bool:
        """Whether the order is there to be counted: reported, and not merged into another."""
        return self.step not in NOT_COUNTED

    def follow(self, event: Happening) -> None:
        """Take in the next event."""
        if self.reported_at is None:
            self.reported_at = self.begun_at = event.at
            self.channel = str(event.payload.get("channel", Channel.HISTORY.value))
        self.area_id = event.area_id or self.area_id
        self.step = str(event.payload.get("to", self.step))
        for names, learn in _LESSONS:
            if event.verb in names:
                learn(self, event)
        for fact in event.payload.get("clocks", ()):
            self._follow_clock(fact, event.at)

    def _follow_clock(self, fact: Mapping[str, Any], at: datetime) -> None:
        """What the event says of the order's clocks (`workorders.timekeeping`): pauses, a contact in time, and how long
        each ran until it was stopped, in the minutes that it counts.
        """
        did = fact["do"]
        is_paused = bool(self.pauses) and self.pauses[-1][1] is None
        if did == "pause" and not is_paused:
            self.pauses.append((at, None))
        elif did == "resume" and is_paused:
            self.pauses[-1] = (self.pauses[-1][0], at)
        elif did in ("start", "drop"):
            self.ran.pop(fact["clock"], None)
        elif did == "stop":
            self._stop_clock(fact)

    def _stop_clock(self, fact: Mapping[str, Any]) -> None:
        if fact["clock"] == "contact":
            self.is_contact_late = bool(fact.get("late"))
        if "ran" in fact:
            self.ran[fact["clock"]] = int(fact["ran"])


def _given(course: Course, event: Happening) -> None:
    """Who hands it on to another unit has given it back, as far as the counts go."""
    if event.verb == "transfer" and course.unit_id is not None:
        course.sent_back[course.unit_id] += 1
    unit = event.payload.get("unit")
    course.unit_id = int(unit) if unit is not None else None
    if event.verb != "import_history":
        course.given_at = event.at
        course.taken_at = course.contacted_at = course.is_contact_late = None


def _taken(course: Course, event: Happening) -> None:
    course.taken_at = event.at


def _contacted(course: Course, event: Happening) -> None:
    is_reached = event.payload.get("contact_result") != UNREACHED
    if is_reached and course.given_at is not None and course.contacted_at is None:
        course.contacted_at = event.at


def _explaining(course: Course, event: Happening) -> None:
    course.explainer_rank = event.settler_rank


def _settled(course: Course, event: Happening) -> None:
    """Who explains settles, whoever agrees to it."""
    course.settled_at = event.at
    course.is_on_spot = event.verb == "settle_on_spot"
    course.is_explained = event.verb == "confirm_explanation"
    course.settled_rank = course.explainer_rank if course.is_explained else event.settler_rank


def _sent_back(course: Course, event: Happening) -> None:
    unit = event.payload.get("unit", course.unit_id)
    if unit is not None:
        course.sent_back[int(unit)] += 1
    course.unit_id = course.given_at = course.taken_at = course.contacted_at = course.is_contact_late = None


def _reopened(course: Course, event: Happening) -> None:
    course.reopened += 1
    course.begun_at = event.at
    course.settled_at = None
    course.settled_rank = 0
    course.is_on_spot = course.is_explained = False


def _rated(course: Course, event: Happening) -> None:
    course.asked += 1
    course.satisfied += (event.payload.get("stars") or 0) >= SATISFIED_FROM
    course.judged += 1
    course.solved += bool(event.payload.get("solved"))


def _told(course: Course, event: Happening) -> None:
    """An answer by phone or at the door; whether it is solved is not always asked."""
    result = event.payload.get("call_result")
    course.asked += result in ASKED_CALLS
    course.satisfied += result in SATISFIED_CALLS
    solved = event.payload.get("solved")
    course.judged += solved is not None
    course.solved += bool(solved)


def _recategorised(course: Course, event: Happening) -> None:
    course.category_id = int(event.payload["category_to"])


_LESSONS: tuple[tuple[Collection[str], Any], ...] = (
    (GIVING, _given),
    ({"take"}, _taken),
    (CONTACTING, _contacted),
    (SETTLING, _settled),
    ({"send_back"}, _sent_back),
    ({"settle_by_explanation"}, _explaining),
    (REOPENING, _reopened),
    ({"rate"}, _rated),
    ({"tell", "close"}, _told),
    ({"recategorise"}, _recategorised),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The events of one order from its first on; `unread` are those no reader has had yet."""

    order_id: int
    category_id: int
    floor_rank: int
    events: Sequence[tuple[int, Happening]]
    unread: frozenset[int]

    def begin(self) -> Course:
        """The course of the order before its first event."""
        return Course(category_id=self.category_id, floor_rank=self.floor_rank)

    def read(self) -> set[int]:
        """The places of the events that the readers have had."""
        return {seq for seq, _ in self.events} - self.unread
