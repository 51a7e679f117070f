"""The working calendar and the hours: what is filled in, who changes it, and the working time that comes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from louzhang.areas.actions import (
    DaySaid,
    change_day,
    end_hours,
    fill_coming_years,
    fill_year,
    import_days,
    set_hours,
)
from louzhang.areas.models import DayKind, WorkingDay, WorkingHours
from louzhang.areas.queries import district
from louzhang.areas.queries.working_time import calendar_now, working_time
from louzhang.areas.tasks import fill_calendar
from louzhang.areas.working_days import ROUND_THE_CLOCK, STANDARD_SPANS, expected_day
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from tests.cast import MORNING

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = (1, 2, 3, 4, 5)
HOURS = timedelta(hours=1)


def at(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def keeper(cast):
    return cast.actor("system_admin")


def hours_on(day, unit=None):
    """How many hours are worked on a day of 2026."""
    begin = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return working_time(unit.pk if unit else None).between(begin, begin + timedelta(days=1)) / HOURS


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 2, 17), "holiday", "春节"),
        (date(2026, 2, 14), "swapped", ""),
        (date(2026, 2, 28), "swapped", ""),
        (date(2026, 3, 2), "workday", ""),
        (date(2026, 3, 7), "rest", ""),
        (date(2026, 10, 1), "holiday", "国庆节"),
        (date(2027, 10, 1), "workday", ""),
        (date(2027, 10, 2), "rest", ""),
    ],
)
def test_days_are_as_published_and_as_their_weekday_where_nothing_is(day, kind, name):
    expected = expected_day(day)
    assert (expected.kind, expected.name, expected.is_provisional) == (kind, name, day.year == 2027)


def test_a_year_is_filled_whole_and_only_once(cast):
    assert fill_year(year=2026, actor=SYSTEM, at=MORNING) == 365
    assert fill_year(year=2026, actor=SYSTEM, at=MORNING) == 0
    assert fill_year(year=2028, actor=SYSTEM, at=MORNING) == 366
    assert WorkingDay.objects.filter(date__year=2026, is_provisional=True).count() == 0
    assert WorkingDay.objects.filter(date__year=2028, is_provisional=True).count() == 366
    assert Event.objects.filter(subject_kind="area", verb="fill_year").count() == 2


def test_this_year_and_the_next_are_filled_and_what_is_published_later_replaces_only_the_provisional(cast, keeper):
    fill_coming_years(actor=SYSTEM, at=MORNING)
    assert WorkingDay.objects.count() == 365 + 365
    change_day(day=date(2027, 1, 4), kind="holiday", name="大雪", reason="区里的通知", actor=keeper, at=MORNING)
    WorkingDay.objects.filter(date__year=2026, date__month=10).update(is_provisional=True, kind="holiday")
    WorkingDay.objects.filter(date=date(2026, 10, 9)).update(is_provisional=False)
    assert fill_coming_years(actor=SYSTEM, at=MORNING) == 30
    assert WorkingDay.objects.get(date=date(2026, 10, 12)).kind == "workday"
    assert WorkingDay.objects.get(date=date(2026, 10, 9)).kind == "holiday"
    assert WorkingDay.objects.get(date=date(2027, 1, 4)).name == "大雪"


def test_the_table_says_the_same_as_what_is_expected_before_it_is_filled(cast):
    before = calendar_now()
    for year in (2026, 2027):
        fill_year(year=year, actor=SYSTEM, at=MORNING)
    after = calendar_now()
    assert (before.years, after.years) == (frozenset(), frozenset({2026, 2027}))
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    assert [before.kind_of(day) for day in days] == [after.kind_of(day) for day in days]


def test_a_day_is_changed_with_a_reason_and_the_working_time_follows(cast, keeper):
    tuesday = date(2026, 3, 3)
    assert hours_on(tuesday) == 7
    row = change_day(day=tuesday, kind="holiday", name="停工", reason="暴雪红色预警", actor=keeper, at=MORNING)
    assert (row.author_id, row.reason) == (keeper.user_id, "暴雪红色预警")
    assert hours_on(tuesday) == 0
    saturday = date(2026, 3, 7)
    assert hours_on(saturday) == 0
    change_day(day=saturday, kind="swapped", reason="补班", actor=keeper, at=MORNING)
    assert hours_on(saturday) == 7
    event = Event.objects.filter(verb="change_day").order_by("seq").first()
    assert event is not None
    assert event.payload["date"] == "2026-03-03"
    assert (event.payload["before"], event.payload["after"]) == ("workday", "holiday")
    assert (event.subject_kind, event.user_id) == ("area", keeper.user_id)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "请写明原因"),
        ({"kind": "rest"}, "周二"),
        ({"kind": "swapped"}, "只能是“工作日”或“放假”"),
        ({"kind": "party"}, "请选择这一天的类型"),
        ({"day": date(2003, 3, 3)}, "只能填 2004 年到 2028 年"),
        ({"day": date(2029, 3, 6)}, "只能填 2004 年到 2028 年"),
        ({"name": "长" * 31}, "最多 30 个字"),
    ],
)
def test_half_a_change_of_a_day_is_refused(cast, keeper, said, sentence):
    whole = {"day": date(2026, 3, 3), "kind": "holiday", "name": "停工", "reason": "通知"}
    with pytest.raises(InputRefused, match=sentence):
        change_day(**(whole | said), actor=keeper, at=MORNING)
    assert not WorkingDay.objects.exists()


def test_a_day_that_is_that_already_is_no_change_but_a_provisional_one_can_be_confirmed(cast, keeper):
    facts = {"kind": "holiday", "name": "春节", "reason": "国办通知", "actor": keeper, "at": MORNING}
    with pytest.raises(Conflict, match="已经是这样"):
        change_day(day=date(2026, 2, 17), **facts)
    confirmed = change_day(day=date(2027, 3, 2), kind="workday", reason="国办通知", actor=keeper, at=MORNING)
    assert not confirmed.is_provisional


def test_many_days_are_said_at_once_or_not_at_all(cast, keeper):
    good = [DaySaid(date(2027, 2, day), DayKind.HOLIDAY, "春节") for day in (8, 9, 10)]
    wrong = DaySaid(date(2027, 2, 12), DayKind.REST)
    with pytest.raises(InputRefused, match="2027-02-12 是周五"):
        import_days(days=[*good, wrong], reason="国办通知", actor=keeper, at=MORNING)
    assert not WorkingDay.objects.exists()
    assert import_days(days=good, reason="国办通知", actor=keeper, at=MORNING) == 3
    assert import_days(days=good, reason="国办通知", actor=keeper, at=MORNING) == 0
    assert hours_on(date(2027, 2, 9)) == 0
    assert [fact["date"] for fact in Event.objects.get(verb="import_days").payload["days"]] == [
        "2027-02-08",
        "2027-02-09",
        "2027-02-10",
    ]


def test_a_unit_works_by_its_own_hours_and_the_rest_by_the_districts(cast, keeper):
    property_unit, other = cast.units["property_unit"], cast.units["department_unit"]
    sunday, holiday = date(2026, 3, 8), date(2026, 10, 1)
    assert hours_on(sunday, property_unit) == 0
    around: dict[str, Any] = {"weekdays": range(1, 8), "spans": ROUND_THE_CLOCK, "works_on_holidays": True}
    today = date(2026, 3, 2)
    set_hours(unit=property_unit, **around, starts_on=today, reason="物业应急", actor=keeper, at=MORNING)
    for day in (sunday, holiday):
        assert hours_on(day, property_unit) == 24
        assert hours_on(day, other) == 0
    set_hours(
        unit=None, weekdays=(*WEEK, 6), spans=((480, 720),), starts_on=date(2026, 3, 9), reason="夏时", actor=keeper,
        at=MORNING,
    )  # fmt: skip
    assert (hours_on(date(2026, 3, 7), other), hours_on(date(2026, 3, 14), other)) == (0, 4)
    assert hours_on(date(2026, 3, 6), other) == 7
    assert hours_on(date(2026, 3, 14), property_unit) == 24


def test_hours_change_from_a_day_on_and_the_past_stays(cast, keeper):
    unit = cast.units["enforcement_unit"]
    facts = {"unit": unit, "reason": "调整", "actor": keeper, "at": MORNING}
    set_hours(weekdays=WEEK, spans=((480, 720),), starts_on=date(2026, 3, 2), **facts)
    set_hours(weekdays=WEEK, spans=((480, 780),), starts_on=date(2026, 3, 16), **facts)
    set_hours(weekdays=WEEK, spans=((480, 840),), starts_on=date(2026, 3, 9), **facts)
    worked = [hours_on(date(2026, 3, day), unit) for day in (2, 9, 16)]
    assert worked == [4, 6, 6]
    end_hours(unit=unit, ends_on=date(2026, 3, 16), reason="并入", actor=keeper, at=MORNING)
    assert [hours_on(date(2026, 3, day), unit) for day in (2, 9, 16)] == [4, 6, 7]
    assert WorkingHours.objects.filter(unit=unit).count() == 3
    with pytest.raises(Conflict, match="没有可以结束的"):
        end_hours(unit=unit, ends_on=date(2026, 4, 1), reason="再来", actor=keeper, at=MORNING)


def test_a_swapped_weekend_is_worked_by_everybody_and_a_holiday_by_nobody_without_saying_so(cast, keeper):
    unit = cast.units["property_unit"]
    today = date(2026, 3, 2)
    set_hours(
        unit=unit,
        weekdays=(2, 3, 4, 5, 6),
        spans=STANDARD_SPANS,
        starts_on=today,
        reason="轮休",
        actor=keeper,
        at=MORNING,
    )
    assert hours_on(date(2026, 5, 9), unit) == hours_on(date(2026, 5, 9)) == 7
    assert (hours_on(date(2026, 3, 7), unit), hours_on(date(2026, 3, 9), unit)) == (7, 0)
    assert hours_on(date(2026, 5, 1), unit) == 0


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"weekdays": ()}, "至少选一天"),
        ({"weekdays": (0, 1)}, "至少选一天"),
        ({"spans": ()}, "一到 3 段"),
        ({"spans": ((0, 60), (70, 80), (90, 100), (110, 120))}, "一到 3 段"),
        ({"spans": ((720, 540),)}, "从早到晚"),
        ({"spans": ((540, 720), (700, 800))}, "不能重叠"),
        ({"spans": ((540, 1500),)}, "从早到晚"),
        ({"starts_on": date(2026, 3, 1)}, "已经过去"),
        ({"reason": ""}, "请写明原因"),
    ],
)
def test_half_hours_are_refused(cast, keeper, said, sentence):
    whole = {"weekdays": WEEK, "spans": STANDARD_SPANS, "starts_on": date(2026, 3, 2), "reason": "通知"}
    with pytest.raises(InputRefused, match=sentence):
        set_hours(unit=None, **(whole | said), actor=keeper, at=MORNING)
    assert not WorkingHours.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"weekdays": []},
        {"weekdays": [8]},
        {"minutes": []},
        {"minutes": [540]},
        {"minutes": [540, 720, 700, 800]},
        {"minutes": [540, 1441]},
        {"minutes": [1, 2, 3, 4, 5, 6, 7, 8]},
    ],
)
def test_the_database_itself_refuses_half_hours(db, facts):
    whole = {"weekdays": [1], "minutes": [540, 720], "starts_on": date(2026, 3, 2)}
    WorkingHours.objects.create(**whole).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.create(**(whole | facts))


@pytest.mark.parametrize(
    "facts",
    [{"kind": "workday"}, {"kind": "party"}, {"date": date(2026, 3, 2)}, {"date": date(2026, 3, 2), "kind": "swapped"}],
)
def test_the_database_itself_refuses_a_kind_that_does_not_fit_the_weekday(db, facts):
    whole = {"date": date(2026, 3, 7), "kind": "rest", "changed_at": MORNING}
    WorkingDay.objects.create(**whole).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingDay.objects.create(**(whole | facts))


def test_hours_of_one_unit_cannot_overlap_even_past_the_actions(db):
    WorkingHours.objects.create(weekdays=[1], minutes=[540, 720], starts_on=date(2026, 3, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingHours.objects.create(weekdays=[2], minutes=[540, 720], starts_on=date(2027, 3, 2))


@pytest.mark.parametrize("key", ["desk", "commander", "security_admin", "audit_admin", "department_lead", "resident"])
def test_nobody_else_keeps_the_calendar(cast, key):
    actor = cast.actor(key)
    facts = {"reason": "通知", "actor": actor, "at": MORNING}
    with pytest.raises(NotYours):
        fill_year(year=2026, actor=actor, at=MORNING)
    with pytest.raises(NotYours):
        change_day(day=date(2026, 3, 3), kind="holiday", **facts)
    with pytest.raises(NotYours):
        import_days(days=[], **facts)
    with pytest.raises(NotYours):
        set_hours(unit=None, weekdays=WEEK, spans=STANDARD_SPANS, starts_on=date(2026, 3, 2), **facts)
    with pytest.raises(NotYours):
        end_hours(unit=None, ends_on=date(2026, 3, 2), **facts)


def test_the_working_time_costs_one_query_while_nothing_changes(cast, keeper, django_assert_num_queries):
    unit = cast.units["property_unit"].pk
    working_time()
    with django_assert_num_queries(1):
        kept = working_time(unit)
    assert kept is working_time()
    change_day(day=date(2026, 3, 3), kind="holiday", reason="通知", actor=keeper, at=MORNING)
    with django_assert_num_queries(3):
        changed = working_time(unit)
    assert changed is not kept


def test_without_a_district_the_standard_hours_hold(db):
    assert district() is None
    assert working_time().between(at(3, 2), at(3, 3)) == 7 * HOURS
    with pytest.raises(Conflict, match="还没有建立区县"):
        fill_year(year=2026, actor=SYSTEM, at=MORNING)


def test_the_nightly_task_fills_the_calendar_and_waits_for_a_district(cast, in_the_morning):
    fill_calendar(timestamp=0)
    assert WorkingDay.objects.count() == 730


def test_the_nightly_task_does_nothing_before_there_is_a_district(db):
    fill_calendar(timestamp=0)
    assert not WorkingDay.objects.exists()
