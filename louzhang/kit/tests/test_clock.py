from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from louzhang.kit import clock

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai


@pytest.fixture(autouse=True)
def shanghai(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_the_day_changes_at_midnight_of_the_district() -> None:
    assert clock.local_date(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert clock.local_date(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.day_start(date(2026, 11, 22)) == datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert clock.day_start(date(2026, 11, 22)).tzinfo is UTC


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(day=st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_the_start_of_a_day_belongs_to_the_day_and_the_moment_before_does_not(day: date) -> None:
    start = clock.day_start(day)
    assert clock.local_date(start) == day
    assert clock.local_date(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.local(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("at", "spoken"),
    [
        (NOW, "今天 14:05"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "今天 00:00"),
        (datetime(2026, 11, 21, 1, 30, tzinfo=UTC), "昨天 09:30"),
        (datetime(2026, 11, 23, 1, 30, tzinfo=UTC), "明天 09:30"),
        (datetime(2026, 11, 20, 1, 30, tzinfo=UTC), "11月20日 09:30"),
        (datetime(2025, 11, 20, 1, 30, tzinfo=UTC), "2025年11月20日 09:30"),
    ],
)
def test_moments_are_spoken_as_people_say_them(at: datetime, spoken: str) -> None:
    assert clock.speak(at, NOW) == spoken


@pytest.mark.parametrize(
    ("left", "spoken"),
    [
        (timedelta(hours=3, minutes=59), "还剩 3 小时"),
        (timedelta(hours=1), "还剩 1 小时"),
        (timedelta(minutes=59), "不到 1 小时"),
        (timedelta(0), "不到 1 小时"),
        (timedelta(hours=24), "还剩 1 天"),
        (timedelta(days=2, hours=5), "还剩 2 天"),
        (timedelta(minutes=-5), "超期不到 1 小时"),
        (timedelta(hours=-5), "超期 5 小时"),
        (timedelta(days=-1, hours=-2), "超期 1 天"),
    ],
)
def test_deadlines_are_spoken_as_time_left_or_over(left: timedelta, spoken: str) -> None:
    assert clock.speak_due(NOW + left, NOW) == spoken
