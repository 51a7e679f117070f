"""When a batch may leave: never at night but red, at the hour of a digest, five minutes after the first line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.kit import clock
from louzhang.notices.timing import INTERVAL, LONGEST_WAIT, TRIES, Wish, due_at, is_quiet_hour, wait_after

MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in the district


def local(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return clock.day_start(MORNING.date().replace(day=day)) + timedelta(hours=hour, minutes=minute)


def test_by_day_a_batch_leaves_after_five_minutes():
    assert due_at(local(10), Wish(), is_red=False) == local(10, 5)


@pytest.mark.parametrize(("hour", "minute"), [(21, 55), (22, 0), (23, 30)])
def test_in_the_evening_it_waits_for_the_morning(hour, minute):
    assert due_at(local(hour, minute), Wish(), is_red=False) == local(7, day=3)


def test_after_midnight_it_waits_for_the_same_morning():
    assert due_at(local(3), Wish(), is_red=False) == local(7)


def test_red_leaves_at_once_at_any_hour_and_with_any_digest():
    assert due_at(local(3), Wish(digest_hour=18), is_red=True) == local(3)


def test_a_digest_leaves_at_the_next_such_hour():
    assert due_at(local(10), Wish(digest_hour=18), is_red=False) == local(18)
    assert due_at(local(18), Wish(digest_hour=18), is_red=False) == local(18, day=3)


def test_equal_hours_mean_no_quiet_time():
    assert due_at(local(3), Wish(quiet_from=0, quiet_to=0), is_red=False) == local(3, 5)


def test_quiet_hours_by_day_are_understood_too():
    assert is_quiet_hour(13, 12, 14)
    assert not is_quiet_hour(14, 12, 14)
    assert not is_quiet_hour(3, 12, 14)


HOURS = st.integers(min_value=0, max_value=23)


@given(minutes=st.integers(min_value=0, max_value=60 * 24 * 40), quiet_from=HOURS, quiet_to=HOURS)
def test_nothing_but_red_ever_leaves_in_the_quiet_hours_and_nothing_waits_a_day(minutes, quiet_from, quiet_to):
    wish = Wish(quiet_from, quiet_to)
    made_at = MORNING + timedelta(minutes=minutes)
    leaves = due_at(made_at, wish, is_red=False)
    assert not wish.is_quiet(leaves)
    assert made_at + INTERVAL <= leaves <= made_at + INTERVAL + timedelta(days=1)


def test_failures_wait_longer_each_time_and_are_given_up():
    waits = [wait for attempts in range(1, TRIES) if (wait := wait_after(attempts))]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert len(waits) == TRIES - 1
    assert all(wait <= LONGEST_WAIT for wait in waits)
    assert wait_after(TRIES) is None
