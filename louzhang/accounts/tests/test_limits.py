"""Limits: counted by one statement, refused with a time to try again, keys never in plain."""

from datetime import timedelta

import pytest

from louzhang.accounts import limits
from louzhang.accounts.addresses import client_address, neighbourhood
from louzhang.accounts.models import Tally
from louzhang.journal.refusals import TooOften
from tests.cast import MORNING


def test_counting_goes_up_within_a_window_and_begins_anew_after_it(db):
    assert [limits.count("a", window=60, at=MORNING) for _ in range(3)] == [1, 2, 3]
    assert limits.count("a", window=60, at=MORNING + timedelta(seconds=60)) == 1
    assert limits.count("b", window=60, at=MORNING) == 1


def test_several_keys_cost_one_statement(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        limits.refuse_too_often({"report.device": "d", "report.phone": "p", "report.address": "a"}, MORNING)
    assert Tally.objects.count() == 4


def test_the_eleventh_report_of_a_device_in_an_hour_is_refused_with_the_time(db):
    for _ in range(10):
        limits.refuse_too_often({"report.device": "d"}, MORNING)
    with pytest.raises(TooOften) as refused:
        limits.refuse_too_often({"report.device": "d"}, MORNING)
    assert "11:00 以后再试" in refused.value.message
    limits.refuse_too_often({"report.device": "other"}, MORNING)
    limits.refuse_too_often({"report.device": "d"}, MORNING + timedelta(hours=1))


def test_the_day_of_a_limit_is_the_day_of_the_district(db):
    for hour in range(15):
        for _ in range(2):
            limits.refuse_too_often({"report.device": "d"}, MORNING - timedelta(hours=hour - 4))
    with pytest.raises(TooOften, match="明天 00:00 以后再试"):
        limits.refuse_too_often({"report.device": "d"}, MORNING + timedelta(hours=13))
    limits.refuse_too_often({"report.device": "d"}, MORNING + timedelta(hours=14))


def test_three_hundred_neighbours_report_behind_one_address(db):
    for neighbour in range(300):
        limits.refuse_too_often({"report.device": str(neighbour), "report.address": "192.0.2.1"}, MORNING)


def test_a_missing_key_is_not_counted(db):
    limits.refuse_too_often({"report.phone": "", "report.device": ""}, MORNING)
    assert not Tally.objects.exists()


def test_keys_are_stored_hashed(db):
    limits.refuse_too_often({"report.phone": "13912345678"}, MORNING)
    assert "13912345678" not in Tally.objects.get().key


def test_old_windows_are_forgotten(db):
    limits.count("a", window=60, at=MORNING - timedelta(days=3))
    limits.count("a", window=60, at=MORNING)
    assert limits.forget_old_windows(MORNING) == 1


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "expected"),
    [
        (False, "203.0.113.9", "192.0.2.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (True, "nonsense", ""),
        (True, None, "192.0.2.1"),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxy(rf, settings, behind_proxy, forwarded, expected):
    settings.BEHIND_PROXY = behind_proxy
    told = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(rf.get("/", REMOTE_ADDR="192.0.2.1", **told)) == expected


def test_a_household_of_ipv6_is_one_address():
    assert neighbourhood("2001:db8:1:2:3:4:5:6") == neighbourhood("2001:db8:1:2::9") == "2001:db8:1:2::"
    assert neighbourhood("192.0.2.1") == "192.0.2.1"
    assert neighbourhood("") == ""
