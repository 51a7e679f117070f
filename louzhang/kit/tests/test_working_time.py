"""Working time against the plainest way of counting it: minute by minute, by what the wall clock shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit.working_time import NONE, NoWorkingTime, PlainTime, Spans, WorkingTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
OFFICE: Spans = ((540, 720), (810, 1050))
NIGHT: Spans = ((0, 150), (165, 360), (1380, 1440))
ROUND_THE_CLOCK: Spans = ((0, 1440),)
# Around both changes of the clock in New York, the turn of the year, and ordinary days.
STARTS = (datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 10, 31, 12, tzinfo=UTC),
          datetime(2026, 12, 30, tzinfo=UTC), datetime(2026, 6, 4, tzinfo=UTC))  # fmt: skip


def on_weekdays(spans: Spans):
    return lambda day: spans if day.isoweekday() <= 5 else ()


def every_day(spans: Spans):
    return lambda day: spans


def is_worked(at, spans_of, zone):
    wall = at.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    return any(begin <= minute < end for begin, end in spans_of(wall.date()))


def counted(begin, end, spans_of, zone):
    """The reference: how many of the minutes from begin to end are worked."""
    minutes = (begin + number * MINUTE for number in range((end - begin) // MINUTE))
    return sum(is_worked(minute, spans_of, zone) for minute in minutes) * MINUTE


def counted_after(begin, amount, spans_of, zone):
    at, left = begin, amount
    while left > NONE:
        left -= MINUTE if is_worked(at, spans_of, zone) else NONE
        at += MINUTE
    return at


calendars = st.builds(
    lambda rule, spans, zone: (rule(spans), zone),
    st.sampled_from([on_weekdays, every_day]),
    st.sampled_from([OFFICE, NIGHT, ROUND_THE_CLOCK, ((120, 180),), ((60, 90), (100, 170))]),
    st.sampled_from([SHANGHAI, NEW_YORK]),
)
moments = st.builds(
    lambda start, minutes: start + minutes * MINUTE, st.sampled_from(STARTS), st.integers(0, 3 * 24 * 60)
)
minutes = st.integers(0, 2 * 24 * 60)


@given(calendars, moments, minutes)
def test_what_passes_equals_what_is_counted_minute_by_minute(calendar, begin, length):
    spans_of, zone = calendar
    end = begin + length * MINUTE
    assert WorkingTime(spans_of, zone).between(begin, end) == counted(begin, end, spans_of, zone)


@given(calendars, moments, st.integers(0, 300))
def test_when_it_has_passed_equals_what_is_counted_minute_by_minute(calendar, begin, amount):
    spans_of, zone = calendar
    assert WorkingTime(spans_of, zone).after(begin, amount * MINUTE) == counted_after(
        begin, amount * MINUTE, spans_of, zone
    )


@given(calendars, moments, st.timedeltas(NONE, timedelta(days=400)))
def test_after_an_amount_exactly_that_amount_has_passed(calendar, begin, amount):
    spans_of, zone = calendar
    passing = WorkingTime(spans_of, zone)
    end = passing.after(begin, amount)
    assert passing.between(begin, end) == amount
    assert passing.between(end, begin) == NONE
    if amount:
        assert passing.between(begin, end - timedelta.resolution) == amount - timedelta.resolution


@given(calendars, moments)
def test_work_opens_at_once_or_when_the_next_span_begins(calendar, at):
    spans_of, zone = calendar
    passing = WorkingTime(spans_of, zone)
    opens = passing.opening(at)
    assert passing.between(at, opens) == NONE
    assert passing.is_open(opens)
    assert is_worked(opens, spans_of, zone)


@given(calendars, moments, st.integers(1, 4))
def test_working_days_close_one_after_the_other(calendar, begin, days):
    spans_of, zone = calendar
    closes = WorkingTime(spans_of, zone).closing(begin, days)
    began = begin.astimezone(zone).date()
    last = (closes - MINUTE).astimezone(zone).date()
    later = (began + timedelta(days=number) for number in range(1, (last - began).days + 1))
    assert sum(is_worked_on(day, spans_of, zone) for day in later) == days
    assert is_worked(closes - MINUTE, spans_of, zone)
    assert counted(closes, midnight(last + timedelta(days=1), zone), spans_of, zone) == NONE


def midnight(day, zone):
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)


def is_worked_on(day, spans_of, zone):
    return counted(midnight(day, zone), midnight(day + timedelta(days=1), zone), spans_of, zone) > NONE


@given(calendars, moments, st.integers(1, 300))
def test_one_working_day_more_closes_later(calendar, begin, days):
    passing = WorkingTime(*calendar)
    assert passing.closing(begin, days + 1) > passing.closing(begin, days) > begin


def test_an_hour_that_summer_time_skips_is_not_worked_and_one_it_repeats_is_worked_twice():
    passing = WorkingTime(every_day(ROUND_THE_CLOCK), NEW_YORK)
    in_march, in_november = date(2026, 3, 8), date(2026, 11, 1)
    for day, hours in ((in_march, 23), (in_november, 25), (date(2026, 7, 1), 24)):
        begin, end = midnight(day, NEW_YORK), midnight(day + timedelta(days=1), NEW_YORK)
        assert passing.between(begin, end) == timedelta(hours=hours)


def test_an_amount_that_fills_the_day_ends_when_it_closes():
    passing = WorkingTime(on_weekdays(OFFICE), SHANGHAI)
    morning = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    assert passing.after(morning, timedelta(hours=7)) == datetime(2026, 3, 2, 17, 30, tzinfo=SHANGHAI)
    assert passing.after(morning, timedelta(hours=3)) == datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)


def test_a_calendar_that_never_opens_is_refused_instead_of_searched_for_ever():
    passing = WorkingTime(every_day(()), SHANGHAI)
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    assert passing.between(begin, begin + timedelta(days=800)) == NONE
    for ask in (
        lambda: passing.after(begin, MINUTE),
        lambda: passing.closing(begin, 1),
        lambda: passing.opening(begin),
    ):
        with pytest.raises(NoWorkingTime):
            ask()


def test_each_day_of_a_year_is_asked_once():
    asked = []

    def spans_of(day):
        asked.append(day)
        return OFFICE

    passing = WorkingTime(spans_of, SHANGHAI)
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(50):
        passing.after(begin, number * timedelta(hours=5))
    assert len(asked) == len(set(asked)) == 365


@given(moments, st.timedeltas(NONE, timedelta(days=400)))
def test_plain_time_passes_always(begin, amount):
    plain = PlainTime()
    assert plain.between(begin, plain.after(begin, amount)) == amount
    assert plain.between(begin + amount + MINUTE, begin) == NONE
