"""The clocks of an order: the deadline cases that broke other systems, and what must hold of every clock."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from louzhang.kit.working_time import NONE, NoWorkingTime, WorkingTime
from louzhang.workorders.clocks import (
    DAY_AND_NIGHT,
    Clock,
    ClockKind,
    ClockState,
    Limit,
    Measure,
    Moved,
    Pause,
    agreed,
    moved,
    read,
    reopened,
    time_to_send,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
EIGHT_TO_SIX = ((480, 1080),)
WITH_LUNCH = ((480, 720), (840, 1080))
OFFICE = ((540, 720), (810, 1050))
ROUND_THE_CLOCK = ((0, 1440),)
HOLIDAYS = {datetime(2026, 10, day).date() for day in range(1, 8)}  # noqa: DTZ001 - days, not moments


def calendar_of(spans, zone=SHANGHAI):
    return WorkingTime(lambda day: spans if day.isoweekday() <= 5 and day not in HOLIDAYS else (), zone)


def at(day, hour, minute=0, month=3):
    """A moment of 2026 in the district; 2 March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def minutes(amount):
    return Limit(amount, Measure.WORKING_MINUTES)


def days(amount):
    return Limit(amount, Measure.WORKING_DAYS)


def hours(amount):
    return Limit(amount, Measure.HOURS)


# The deadline cases of the field, by name.


def test_monday_1700_plus_four_working_hours_is_tuesday_1100():
    clock = Clock(at(2, 17), minutes(240))
    assert read(clock, calendar_of(EIGHT_TO_SIX), at(2, 17)).due_at == at(3, 11)


def test_a_lunch_break_shifts_only_what_crosses_it():
    plain, with_lunch = calendar_of(EIGHT_TO_SIX), calendar_of(WITH_LUNCH)
    short, long = Clock(at(2, 17), minutes(240)), Clock(at(2, 17), minutes(360))
    assert read(short, with_lunch, at(2, 17)).due_at == read(short, plain, at(2, 17)).due_at == at(3, 11)
    assert read(long, plain, at(2, 17)).due_at == at(3, 13)
    assert read(long, with_lunch, at(2, 17)).due_at == at(3, 15)


@pytest.mark.parametrize("opened", [at(2, 22), at(7, 12), at(3, 3), at(1, 12, month=10)])
@pytest.mark.parametrize("limit", [minutes(30), days(1), hours(2)])
def test_an_order_opened_outside_hours_does_not_get_zero_delay(opened, limit):
    calendar = calendar_of(OFFICE)
    reading = read(Clock(opened, limit), calendar, opened)
    assert reading.state is ClockState.RUNNING
    assert reading.remaining == reading.budget >= 30 * MINUTE
    assert reading.due_at is not None
    if limit.measure not in DAY_AND_NIGHT:
        assert reading.due_at >= calendar.opening(opened) + 30 * MINUTE


def test_an_answer_by_the_unit_stops_the_first_contact_clock():
    calendar = calendar_of(OFFICE)
    open_clock = Clock(at(2, 9), minutes(60))
    assert read(open_clock, calendar, at(2, 11)).state is ClockState.OVERDUE
    answered = replace(open_clock, stopped_at=at(2, 9, 40))
    much_later = read(answered, calendar, at(20, 9))
    assert much_later.state is ClockState.MET
    assert much_later.elapsed == 40 * MINUTE
    late = read(replace(open_clock, stopped_at=at(2, 10, 1)), calendar, at(20, 9))
    assert late.state is ClockState.MISSED
    assert late.over == MINUTE


@pytest.mark.parametrize("due", [at(3, 0), at(7, 15), at(3, 10, month=10)])
def test_nothing_is_sent_at_midnight_or_on_a_holiday_except_red_cases(due):
    calendar = calendar_of(OFFICE)
    assert time_to_send(due, calendar, is_red=True) == due
    sent = time_to_send(due, calendar, is_red=False)
    assert sent > due
    assert sent.astimezone(SHANGHAI).hour == 9
    assert sent.astimezone(SHANGHAI).date() not in HOLIDAYS
    assert time_to_send(at(3, 10), calendar, is_red=False) == at(3, 10)


def test_changing_category_recomputes_the_deadline_and_says_so():
    calendar, now = calendar_of(OFFICE), at(3, 10)
    before = Clock(at(2, 9), days(5), pauses=(Pause(at(2, 10), at(2, 11)),))
    after = replace(before, limit=minutes(240))
    was, now_is = (read(clock, calendar, now) for clock in (before, after))
    said = moved({ClockKind.SETTLE: was}, {ClockKind.SETTLE: now_is})
    assert said == [Moved(ClockKind.SETTLE, was.due_at, now_is.due_at)]
    assert said[0].payload == {
        "clock": "settle",
        "before": "2026-03-10T02:00:00+00:00",
        "after": "2026-03-02T07:30:00+00:00",
    }
    assert was.elapsed == now_is.elapsed
    assert moved({ClockKind.SETTLE: was}, {ClockKind.SETTLE: was}) == []
    assert moved({}, {ClockKind.TAKE: was})[0].before is None


def test_reopening_restarts_only_the_settle_clock():
    clocks = {kind: Clock(at(2, 9), minutes(60), stopped_at=at(2, 10)) for kind in ClockKind}
    clocks[ClockKind.SETTLE] = replace(
        clocks[ClockKind.SETTLE], extensions=(30,), cap=60, pauses=(Pause(at(2, 9, 10), at(2, 9, 20)),)
    )
    again = reopened(clocks, at(5, 9))
    assert again[ClockKind.TAKE] == clocks[ClockKind.TAKE]
    assert again[ClockKind.CONTACT] == clocks[ClockKind.CONTACT]
    settle = read(again[ClockKind.SETTLE], calendar_of(OFFICE), at(5, 9, 1))
    assert settle.state is ClockState.RUNNING
    assert settle.due_at == at(5, 10)
    assert again[ClockKind.SETTLE].room == 60
    assert reopened({}, at(5, 9)) == {}


def test_an_order_waiting_for_the_resident_is_not_overdue():
    calendar = calendar_of(OFFICE)
    clock = Clock(at(2, 9), minutes(120), pauses=(Pause(at(2, 10), is_wait=True),))
    weeks_later = read(clock, calendar, at(20, 9))
    assert weeks_later.state is ClockState.PAUSED
    assert weeks_later.is_waiting
    assert weeks_later.due_at is None
    assert weeks_later.remaining == HOUR
    answered = replace(clock, pauses=(Pause(at(2, 10), at(19, 9), is_wait=True),))
    after = read(answered, calendar, at(19, 9, 30))
    assert (after.state, after.due_at) == (ClockState.RUNNING, at(19, 10))
    assert not after.is_waiting


# What the limits of the presets ask for.


def test_working_days_do_not_count_the_first_day_and_end_when_the_last_closes():
    calendar = calendar_of(OFFICE)
    for opened in (at(2, 0), at(2, 9), at(2, 23)):
        assert read(Clock(opened, days(5)), calendar, opened).due_at == at(9, 17, 30)
    assert read(Clock(at(7, 12), days(1)), calendar, at(7, 12)).due_at == at(9, 17, 30)


def test_a_holiday_inside_moves_working_days_and_not_hours():
    calendar, opened = calendar_of(OFFICE), at(30, 16, month=9)
    assert read(Clock(opened, days(2)), calendar, opened).due_at == at(9, 17, 30, month=10)
    assert read(Clock(opened, hours(24)), calendar, opened).due_at == at(1, 16, month=10)


def test_extensions_count_up_to_their_cap():
    calendar = calendar_of(OFFICE)
    clock = Clock(at(2, 9), days(5), extensions=(5, 8), cap=10)
    assert clock.extended_by == 10
    assert clock.room == 0
    assert read(clock, calendar, at(2, 9)).due_at == at(23, 17, 30)
    assert read(replace(clock, extensions=(5,)), calendar, at(2, 9)).due_at == at(16, 17, 30)
    assert replace(clock, extensions=(5,)).room == 5
    assert Clock(at(2, 9), days(5), extensions=(5,)).whole_limit == days(5)


def test_a_clock_is_due_soon_when_its_share_is_left_and_overdue_only_after_the_moment():
    calendar, clock = calendar_of(OFFICE), Clock(at(2, 9), minutes(100), warn_share=20)
    told = [(at(2, 10, 19), "running"), (at(2, 10, 20), "due_soon"), (at(2, 10, 40), "due_soon")]
    for now, state in [*told, (at(2, 10, 40) + timedelta.resolution, "overdue")]:
        assert read(clock, calendar, now).state == state, now
    reading = read(clock, calendar, at(2, 11))
    assert (reading.warn_at, reading.elapsed_minutes, reading.remaining_minutes) == (at(2, 10, 20), 120, 0)
    assert reading.over == 20 * MINUTE
    assert read(replace(clock, stopped_at=at(2, 10, 40)), calendar, at(3, 9)).state is ClockState.MET


def test_what_was_overdue_before_a_pause_stays_overdue():
    calendar = calendar_of(OFFICE)
    clock = Clock(at(2, 9), minutes(60), pauses=(Pause(at(2, 11), is_wait=True),))
    assert read(clock, calendar, at(2, 11, 30)).state is ClockState.OVERDUE
    assert read(clock, calendar, at(2, 11, 30)).over == HOUR


def test_a_clock_paused_when_the_thing_is_done_was_in_time():
    calendar = calendar_of(OFFICE)
    clock = Clock(at(2, 9), minutes(60), pauses=(Pause(at(2, 9, 30)),), stopped_at=at(6, 9))
    reading = read(clock, calendar, at(9, 9))
    assert (reading.state, reading.elapsed, reading.is_waiting) == (ClockState.MET, 30 * MINUTE, False)


def test_a_unit_round_the_clock_works_at_night_and_closes_at_midnight():
    calendar = WorkingTime(lambda day: ROUND_THE_CLOCK, SHANGHAI)
    assert read(Clock(at(7, 23, 50), minutes(30)), calendar, at(8, 0)).due_at == at(8, 0, 20)
    assert read(Clock(at(7, 23, 50), days(1)), calendar, at(8, 0)).due_at == at(9, 0)


def test_a_calendar_that_never_opens_is_refused():
    with pytest.raises(NoWorkingTime):
        read(Clock(at(2, 9), minutes(1)), WorkingTime(lambda day: (), SHANGHAI), at(2, 9))


def test_limits_are_spoken():
    told = [limit.spoken for limit in (minutes(240), minutes(90), hours(24), days(5))]
    assert told == ["4 个工作小时", "90 分钟（工作时间）", "24 小时", "5 个工作日"]


# What holds of every clock.

CALENDARS = [
    calendar_of(spans, zone)
    for spans in (OFFICE, EIGHT_TO_SIX, ((60, 90), (100, 170)))
    for zone in (SHANGHAI, NEW_YORK)
] + [WorkingTime(lambda day: ROUND_THE_CLOCK, NEW_YORK)]
STARTS = [datetime(2026, 3, 6, 12, tzinfo=UTC), datetime(2026, 10, 30, 12, tzinfo=UTC),
          datetime(2026, 12, 30, tzinfo=UTC)]  # fmt: skip
calendars = st.sampled_from(CALENDARS)
starts = st.builds(lambda start, more: start + more * MINUTE, st.sampled_from(STARTS), st.integers(0, 3 * 1440))
limits = st.one_of(
    st.builds(minutes, st.integers(1, 1500)), st.builds(hours, st.integers(1, 60)), st.builds(days, st.integers(1, 12)),
    st.builds(lambda amount: Limit(amount, Measure.MINUTES), st.integers(1, 3000)),
)  # fmt: skip
lengths = st.integers(0, 4000).map(lambda number: number * MINUTE)


@st.composite
def clocks(draw, *, may_be_done=True):
    start = draw(starts)
    pauses = tuple(
        Pause(start + begin, None if is_open else start + begin + length)
        for begin, length, is_open in draw(
            st.lists(st.tuples(lengths, lengths, st.sampled_from([False] * 5 + [True])), max_size=4)
        )
    )
    stopped = start + draw(lengths) if may_be_done and draw(st.booleans()) else None
    extensions = tuple(draw(st.lists(st.integers(1, 5), max_size=3)))
    return Clock(start, draw(limits), pauses, extensions, draw(st.integers(0, 9)), stopped, draw(st.integers(1, 99)))


undone = clocks(may_be_done=False)


def runs(clock, calendar, minute):
    """The reference: whether the clock runs during the minute that begins now."""
    is_counted = clock.limit.measure in DAY_AND_NIGHT or calendar.is_open(minute)
    return is_counted and not clock.is_paused_at(minute)


def counted(clock, calendar, now):
    passed = (clock.started_at + number * MINUTE for number in range((now - clock.started_at) // MINUTE))
    return sum(runs(clock, calendar, minute) for minute in passed) * MINUTE


@given(undone, calendars, st.integers(0, 5000))
def test_elapsed_and_state_equal_a_count_minute_by_minute(clock, calendar, later):
    now = clock.started_at + later * MINUTE
    reading, ran = read(clock, calendar, now), counted(clock, calendar, now)
    assert reading.elapsed == ran
    assert (reading.remaining, reading.over) == (max(NONE, reading.budget - ran), max(NONE, ran - reading.budget))
    if ran > reading.budget:
        assert reading.state is ClockState.OVERDUE
    if ran < reading.budget:
        assert reading.state in {ClockState.RUNNING, ClockState.DUE_SOON, ClockState.PAUSED}


@given(undone, calendars)
def test_the_due_moment_is_the_first_at_which_the_count_reaches_the_budget(clock, calendar):
    reading = read(clock, calendar, clock.started_at)
    if reading.due_at is None:
        assert any(pause.until is None for pause in clock.pauses)
        return
    assume(reading.due_at - clock.started_at < timedelta(days=12))
    assert counted(clock, calendar, reading.due_at) == reading.budget
    assert counted(clock, calendar, reading.due_at - MINUTE) < reading.budget


@given(clocks(), calendars, st.lists(st.timedeltas(NONE, timedelta(days=60)), min_size=2, max_size=6))
def test_nothing_is_ever_negative_and_time_only_goes_on(clock, calendar, later):
    readings = [read(clock, calendar, clock.started_at + more) for more in sorted(later)]
    for reading in readings:
        assert min(reading.elapsed, reading.remaining, reading.over) >= NONE
        assert reading.budget > NONE
        assert NONE in (reading.remaining, reading.over)
    for before, after in pairwise(readings):
        assert before.elapsed <= after.elapsed
        assert before.remaining >= after.remaining
        assert (before.due_at, before.budget) == (after.due_at, after.budget)
        assert RANK[before.state] <= RANK[after.state] or clock.pauses


RANK = {"running": 0, "paused": 0, "due_soon": 1, "overdue": 2, "met": 3, "missed": 3}


@given(clocks(), calendars, st.integers(1, 400))
def test_a_longer_limit_is_never_due_earlier(clock, calendar, more):
    short = read(clock, calendar, clock.started_at)
    long = read(replace(clock, limit=clock.limit.plus(more)), calendar, clock.started_at)
    assert long.budget > short.budget
    if short.due_at is None:
        assert long.due_at is None
    elif long.due_at is not None:
        assert long.due_at > short.due_at


@given(clocks(), calendars, st.integers(1, 5))
def test_an_extension_within_the_cap_equals_a_longer_limit(clock, calendar, more):
    granted = replace(clock, extensions=(*clock.extensions, more), cap=100)
    longer = replace(clock, limit=clock.limit.plus(sum(granted.extensions)), extensions=())
    assert read(granted, calendar, clock.started_at) == read(longer, calendar, clock.started_at)


@given(starts, limits, calendars, lengths, lengths)
def test_a_pause_moves_the_due_moment_by_exactly_the_time_it_holds(start, limit, calendar, begin, length):
    free = read(Clock(start, limit), calendar, start).due_at
    pause = Pause(start + begin, start + begin + length)
    paused = read(Clock(start, limit, (pause,)), calendar, start).due_at
    held = passed(limit, calendar, pause.since, pause.until)
    is_before = passed(limit, calendar, pause.since, free) > NONE
    assert passed(limit, calendar, free, paused) == (held if is_before else NONE)


def passed(limit, calendar, begin, end):
    return max(NONE, end - begin) if limit.measure in DAY_AND_NIGHT else calendar.between(begin, end)


@given(starts, st.integers(1, 10**10), calendars)
def test_a_moment_agreed_to_is_due_at_that_moment_and_starts_within_a_minute(start, microseconds, calendar):
    due_at = start + timedelta(microseconds=microseconds)
    clock = agreed(start, due_at)
    assert read(clock, calendar, start).due_at == due_at
    assert NONE <= start - clock.started_at < MINUTE


@given(undone, calendars, lengths)
def test_pauses_that_overlap_count_once_in_any_order(clock, calendar, later):
    now = clock.started_at + later
    twice = replace(clock, pauses=(*reversed(clock.pauses), *clock.pauses))
    assert read(twice, calendar, now) == read(clock, calendar, now)


def test_a_typical_reading_takes_less_than_fifty_microseconds():
    calendar = calendar_of(OFFICE)
    clock = Clock(at(2, 9), days(5), pauses=(Pause(at(3, 10), at(4, 10)),), extensions=(2,), cap=10)
    read(clock, calendar, at(5, 9))
    assert min(_seconds(clock, calendar) for _ in range(20)) < 50e-6


def _seconds(clock, calendar, rounds=200):
    now, began = at(5, 9), time.perf_counter()
    for _ in range(rounds):
        read(clock, calendar, now)
    return (time.perf_counter() - began) / rounds
