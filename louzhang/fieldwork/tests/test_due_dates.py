"""When a household is due, over all rhythms and days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.fieldwork.due_dates import DAY, MONTH, WEEK, Beat, due_on, first_on, later_of, next_on, period_of

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
beats = st.builds(Beat, st.integers(1, 36), st.sampled_from([DAY, WEEK, MONTH]))
numbers = st.integers(1, 2**40)


@given(days, beats)
def test_the_next_day_lies_about_one_round_ahead(day, beat):
    ahead = (next_on(day, beat) - day).days
    assert ahead == beat.days or beat.span == MONTH
    assert beat.every * 28 <= ahead <= beat.every * 31 or beat.span != MONTH


@given(days, days, beats)
def test_who_was_visited_later_is_never_due_earlier(one, other, beat):
    first, second = sorted((one, other))
    assert next_on(first, beat) <= next_on(second, beat)


@given(days, beats, numbers)
def test_the_first_days_lie_inside_the_first_round(starts_on, beat, number):
    first = first_on(starts_on, beat, number)
    assert starts_on <= first < starts_on + timedelta(days=beat.days)


@given(days, beats)
def test_the_homes_of_a_place_are_spread_over_the_first_round(starts_on, beat):
    firsts = {first_on(starts_on, beat, number) for number in range(beat.days)}
    assert len(firsts) == beat.days


@given(st.none() | days, days, beats, numbers)
def test_nobody_is_due_before_the_rhythm_began(last_on, starts_on, beat, number):
    assert due_on(last_on, starts_on, beat, number) >= starts_on


@given(st.none() | days, st.lists(days, max_size=6), beats, numbers)
def test_visits_count_the_same_in_whatever_order_they_arrive(last_on, visits, beat, number):
    def after(order):
        last = last_on
        for visited_on in order:
            last = later_of(last, visited_on)
        return due_on(last, date(2020, 1, 1), beat, number)

    assert after(visits) == after(sorted(visits)) == after(reversed(visits))


@given(days, beats)
def test_every_day_lies_in_exactly_one_round_of_the_calendar(day, beat):
    since, until = period_of(day, beat)
    assert since <= day < until
    assert period_of(until, beat)[0] == until
    assert period_of(since, beat) == (since, until)


@pytest.mark.parametrize(
    ("day", "beat", "due"),
    [
        (date(2026, 1, 31), Beat(1, MONTH), date(2026, 2, 28)),
        (date(2028, 1, 31), Beat(1, MONTH), date(2028, 2, 29)),
        (date(2026, 12, 15), Beat(1, MONTH), date(2027, 1, 15)),
        (date(2026, 3, 2), Beat(1, WEEK), date(2026, 3, 9)),
        (date(2026, 3, 2), Beat(10, DAY), date(2026, 3, 12)),
    ],
)
def test_a_month_ends_with_its_own_last_day(day, beat, due):
    assert next_on(day, beat) == due
