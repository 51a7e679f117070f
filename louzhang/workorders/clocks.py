"""The clocks of a work order: when something is due, how much of its time has passed, how it stands.

Three clocks (签收, 先行联系, 办结), one arithmetic. A clock starts at a moment and has a limit; whatever the
limit is measured in, it becomes one budget of time that passes only while the calendar is open and no
pause runs. Everything here is pure: rows and events become a `Clock`, a `Clock` and a calendar become a
`Reading`. Nothing is stored that this could not compute again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from louzhang.kit.working_time import NONE, Passing, PlainTime, WorkingTime

MINUTE = timedelta(minutes=1)
WARN_SHARE = 20
_PLAIN = PlainTime()


class ClockKind(StrEnum):
    """What has to be done in time."""

    TAKE = "take"
    CONTACT = "contact"
    SETTLE = "settle"


CLOCK_LABELS = {ClockKind.TAKE: "签收", ClockKind.CONTACT: "先行联系", ClockKind.SETTLE: "办结"}


class Measure(StrEnum):
    """What a limit is counted in."""

    WORKING_MINUTES = "working_minutes"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    MINUTES = "minutes"


# Measures that pass day and night; minutes of them are only for a moment that somebody agreed to (`agreed`).
DAY_AND_NIGHT = frozenset({Measure.HOURS, Measure.MINUTES})
# The measures in which the district sets limits.
MEASURE_LABELS = {
    Measure.WORKING_MINUTES: "工作分钟（只算上班时间）",
    Measure.HOURS: "小时（昼夜连续算）",
    Measure.WORKING_DAYS: "工作日（到最后一天下班）",
}


class ClockState(StrEnum):
    """How a clock stands at a moment."""

    RUNNING = "running"
    PAUSED = "paused"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time in one measure, at least 1.

    Working days do not count the day on which the clock starts, and end when the last of them closes.
    """

    amount: int
    measure: Measure

    def plus(self, more: int) -> Limit:
        """The limit longer by an amount of the same measure."""
        return replace(self, amount=self.amount + more)

    @property
    def spoken(self) -> str:
        """In words: 4 个工作小时, 90 分钟（工作时间）, 24 小时, 5 个工作日."""
        if self.measure is Measure.HOURS:
            return f"{self.amount} 小时"
        if self.measure is Measure.MINUTES:
            return "商定的时间"
        if self.measure is Measure.WORKING_DAYS:
            return f"{self.amount} 个工作日"
        hours, minutes = divmod(self.amount, 60)
        return f"{self.amount} 分钟（工作时间）" if minutes else f"{hours} 个工作小时"


@dataclass(frozen=True, slots=True)
class Pause:
    """From one moment up to another, or open; `is_wait` where it waits for the resident."""

    since: datetime
    until: datetime | None = None
    is_wait: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as its order's events tell it.

    `extensions` are granted amounts in the limit's measure; together they count up to `cap`. `stopped_at`
    is when the thing was done. `warn_share` is the share of the time, in percent, that is left when it
    becomes due soon.
    """

    started_at: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[int, ...] = ()
    cap: int = 0
    stopped_at: datetime | None = None
    warn_share: int = WARN_SHARE

    @property
    def extended_by(self) -> int:
        """How much was granted, never more than the cap."""
        return min(sum(self.extensions), self.cap)

    @property
    def room(self) -> int:
        """How much may still be granted."""
        return self.cap - self.extended_by

    @property
    def whole_limit(self) -> Limit:
        """The limit with what was granted."""
        return self.limit.plus(self.extended_by)

    def is_paused_at(self, at: datetime) -> bool:
        """Whether a pause runs at a moment."""
        return any(_runs(pause, at) for pause in self.pauses)


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock at one moment; amounts are never negative and count only time in which the clock ran.

    `due_at` is the last moment in time, `warn_at` the first at which it is due soon; both are None while
    an open pause keeps the clock from getting there. `over` is what ran past the budget.
    """

    state: ClockState
    due_at: datetime | None
    warn_at: datetime | None
    budget: timedelta
    elapsed: timedelta
    is_waiting: bool = False

    @property
    def remaining(self) -> timedelta:
        """What is left of the budget."""
        return max(NONE, self.budget - self.elapsed)

    @property
    def over(self) -> timedelta:
        """What has run past it."""
        return max(NONE, self.elapsed - self.budget)

    @property
    def elapsed_minutes(self) -> int:
        """Full minutes that have passed."""
        return self.elapsed // MINUTE

    @property
    def remaining_minutes(self) -> int:
        """Full minutes that are left."""
        return self.remaining // MINUTE


def agreed(at: datetime, due_at: datetime, *, warn_share: int = WARN_SHARE) -> Clock:
    """A clock that starts now and is due at a moment somebody agreed to; a pause moves it like any other.

    Whole minutes are counted back from that moment, so that it may start up to a minute before `at`.
    """
    minutes = -((at - due_at) // MINUTE)
    return Clock(due_at - minutes * MINUTE, Limit(minutes, Measure.MINUTES), warn_share=warn_share)


def read(clock: Clock, calendar: WorkingTime, now: datetime) -> Reading:
    """Everything that can be said of a clock at a moment.

    - Outside working time nothing passes; a limit in hours passes day and night.
    - A pause moves what is due by exactly the working time it holds, and what became overdue before it
      stays overdue. Waiting for the resident is a pause: it never makes an order overdue.
    - Done at the due moment itself is in time. After it was done nothing changes any more.

    Raises `NoWorkingTime` where the calendar never opens.
    """
    passing: Passing = _PLAIN if clock.limit.measure in DAY_AND_NIGHT else calendar
    pauses = _joined(clock)
    budget = budget_of(clock, calendar)
    warned = budget * (100 - clock.warn_share) // 100
    due_at = _reached(clock.started_at, pauses, passing, budget)
    at = now if clock.stopped_at is None else min(now, clock.stopped_at)
    return Reading(
        state=_state(clock, due_at, warn_at := _reached(clock.started_at, pauses, passing, warned), now),
        due_at=due_at,
        warn_at=warn_at,
        budget=budget,
        elapsed=_elapsed(clock.started_at, pauses, passing, at),
        is_waiting=clock.stopped_at is None and any(pause.is_wait and _runs(pause, now) for pause in clock.pauses),
    )


def budget_of(clock: Clock, calendar: WorkingTime) -> timedelta:
    """The time a clock may run: the limit with its extensions, in working time or, for hours, in plain time.

    Working days become the working time from the start to the closing of the last day, so that a pause
    moves them like any other limit.
    """
    limit = clock.whole_limit
    if limit.measure is Measure.HOURS:
        return timedelta(hours=limit.amount)
    if limit.measure is Measure.MINUTES:
        return timedelta(minutes=limit.amount)
    if limit.measure is Measure.WORKING_MINUTES:
        return timedelta(minutes=limit.amount)
    return calendar.between(clock.started_at, calendar.closing(clock.started_at, limit.amount))


def _state(clock: Clock, due_at: datetime | None, warn_at: datetime | None, now: datetime) -> ClockState:
    if clock.stopped_at is not None and clock.stopped_at <= now:
        return ClockState.MISSED if due_at is not None and clock.stopped_at > due_at else ClockState.MET
    if due_at is not None and now > due_at:
        return ClockState.OVERDUE
    if clock.is_paused_at(now):
        return ClockState.PAUSED
    return ClockState.DUE_SOON if warn_at is not None and now >= warn_at else ClockState.RUNNING


def _runs(pause: Pause, at: datetime) -> bool:
    return pause.since <= at and (pause.until is None or at < pause.until)


Stretch = tuple[datetime, datetime | None]


def _joined(clock: Clock) -> list[Stretch]:
    """The pauses in order, from the start on, without overlaps; nothing after one that is open."""
    joined: list[Stretch] = []
    for pause in sorted(clock.pauses, key=lambda pause: pause.since):
        since, until = max(pause.since, clock.started_at), pause.until
        if until is not None and until <= since:
            continue
        if joined and (joined[-1][1] is None or since <= joined[-1][1]):
            before, end = joined.pop()
            joined.append((before, None if end is None or until is None else max(end, until)))
        else:
            joined.append((since, until))
    return joined


def _reached(begin: datetime, pauses: Iterable[Stretch], passing: Passing, amount: timedelta) -> datetime | None:
    """When the amount has run since `begin`; None where an open pause comes first."""
    for since, until in pauses:
        ran = passing.between(begin, since)
        if ran >= amount:
            break
        if until is None:
            return None
        amount, begin = amount - ran, until
    return passing.after(begin, amount)


def _elapsed(begin: datetime, pauses: Iterable[Stretch], passing: Passing, at: datetime) -> timedelta:
    """How much has run from `begin` to a moment."""
    ran = NONE
    for since, until in pauses:
        if since >= at:
            break
        ran += passing.between(begin, since)
        if until is None or until >= at:
            return ran
        begin = until
    return ran + passing.between(begin, at)


def reopened(clocks: Mapping[ClockKind, Clock], at: datetime) -> dict[ClockKind, Clock]:
    """The clocks of an order that is opened again: only the one for settling starts anew, with its full limit."""
    again = dict(clocks)
    if ClockKind.SETTLE in again:
        fresh = replace(again[ClockKind.SETTLE], started_at=at, pauses=(), extensions=(), stopped_at=None)
        again[ClockKind.SETTLE] = fresh
    return again


def time_to_send(at: datetime, calendar: WorkingTime, *, is_red: bool) -> datetime:
    """When a reminder due at a moment may go out: a red case at once, all else at the next working moment."""
    return at if is_red else calendar.opening(at)


@dataclass(frozen=True, slots=True)
class Moved:
    """A due moment that a change of category, policy or calendar has moved; goes into the event of the change."""

    kind: ClockKind
    before: datetime | None
    after: datetime | None

    @property
    def payload(self) -> dict[str, str | None]:
        """As the event keeps it, in UTC."""
        return {
            "clock": self.kind.value,
            "before": self.before.isoformat() if self.before else None,
            "after": self.after.isoformat() if self.after else None,
        }


def moved(before: Mapping[ClockKind, Reading], after: Mapping[ClockKind, Reading]) -> list[Moved]:
    """Which clocks are due at another moment than before; one that came or went is among them."""
    found = []
    for kind in ClockKind:
        was, now = (side[kind].due_at if kind in side else None for side in (before, after))
        if was != now:
            found.append(Moved(kind, was, now))
    return found
