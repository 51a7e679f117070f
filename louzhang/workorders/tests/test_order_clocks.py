"""The clocks of orders on their way: what starts, stops and moves them, told through the loop itself.

The names of the deadline cases are those of `standards.md`, the facts the product is built on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from louzhang.areas.actions.calendar import change_day
from louzhang.areas.actions.hours import set_hours
from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal
from louzhang.workorders import tasks
from louzhang.workorders.actions import VERBS, add_policy, change_policy
from louzhang.workorders.actions.alarming import alarm_due_orders, recompute_open_orders
from louzhang.workorders.actions.clock_changes import TASK
from louzhang.workorders.clocks import ClockKind
from louzhang.workorders.models import Category, WorkOrder
from tests.clock_proof import prove_columns

DAY = timedelta(days=1)


def at(hour: float, *, day: int = 2) -> datetime:
    """A moment of March 2026 by the clock of the district."""
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour - 8)


@pytest.fixture
def keeper(cast):
    return cast.actor("system_admin")


@pytest.fixture
def limit(cast, keeper):
    """Set the limit of a clock for every category; working minutes unless another measure is said."""

    def add(kind: str, amount: int, measure: str = "working_minutes", **more: Any):
        facts = {"category": None, "is_urgent": None} | more
        return add_policy(kind=kind, amount=amount, measure=measure, actor=keeper, at=cast.at, **facts)

    return add


@pytest.fixture
def hours(cast, keeper):
    """Let the district (or a unit) work from 08:00 to 18:00, with the breaks given."""

    def set_to(*spans: tuple[int, int], unit: Any = None):
        minutes = spans or ((480, 1080),)
        return set_hours(
            unit=unit, weekdays=[1, 2, 3, 4, 5], spans=minutes, starts_on=date(2026, 3, 1), reason="办公时间",
            actor=keeper, at=cast.at - DAY,
        )  # fmt: skip

    return set_to


@pytest.fixture
def act(cast):
    def do(order: WorkOrder, verb: str, person: str, when: datetime, **given: Any) -> WorkOrder:
        actor = {"device": cast.device, "system": SYSTEM}.get(person) or cast.actor(person, when)
        action: Any = VERBS[verb]
        action(order_id=order.pk, actor=actor, at=when, **given)
        return now(order)

    return do


@pytest.fixture
def given(act, report, cast):
    """An order reported at a moment and, where asked, accepted, dispatched and taken at that moment."""

    def order(when: datetime, *, to: str = "reported", unit: str = "property_unit", **changes: Any) -> WorkOrder:
        made = report_at(report, cast, when, **changes)
        steps = [("accept", "desk", {}), ("dispatch", "desk", {"unit": cast.units[unit]}), ("take", "property", {})]
        for verb, person, inputs in steps[: ["reported", "accepted", "dispatched", "taken"].index(to)]:
            act(made, verb, person, when, **inputs)
        return now(made)

    return order


def report_at(report: Any, cast: Any, when: datetime, **changes: Any) -> WorkOrder:
    was, cast.at = cast.at, when
    try:
        order: WorkOrder = report(**changes).order
        return order
    finally:
        cast.at = was


def now(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.select_related("category").get(pk=order.pk)


def events_of(order: WorkOrder) -> list[Event]:
    return list(Event.objects.filter(subject_kind="workorder", subject_id=order.pk).order_by("seq"))


def verbs_of(order: WorkOrder) -> list[str]:
    return [event.verb for event in events_of(order)]


def test_monday_17_00_plus_4_working_hours_is_tuesday_11_00(limit, hours, given):
    hours()
    limit("settle", 240)
    order = given(at(17))
    assert order.settle_due_at == order.due_at == order.promised_at == at(11, day=3)
    prove_columns(order, at(17))


def test_a_lunch_break_shifts_only_what_crosses_it(limit, hours, given):
    hours((480, 720), (840, 1080))
    limit("settle", 240)
    assert given(at(17)).due_at == at(11, day=3)
    assert given(at(10)).due_at == at(16)


def test_an_order_opened_outside_hours_does_not_get_zero_delay(limit, hours, given):
    hours()
    limit("settle", 240)
    order = given(at(22))
    assert order.due_at == at(12, day=3)
    assert alarm_due_orders(at=at(22.1)) == 0


def test_an_answer_by_the_unit_stops_the_first_contact_clock(limit, hours, given, act):
    hours()
    limit("contact", 120)
    order = given(at(9), to="taken")
    assert order.contact_due_at == at(11)
    order = act(order, "contact", "property", at(10), contact_result="unreached")
    assert order.contact_due_at == at(11)
    order = act(order, "contact", "property", at(10.5), contact_result="reached")
    assert (order.contact_due_at, order.contacted_at) == (None, at(10.5))
    assert order.kept[ClockKind.CONTACT].clock.stopped_at == at(10.5)
    prove_columns(order, at(10.5))


def test_settling_is_an_answer_too(limit, hours, given, act):
    hours()
    limit("contact", 120)
    order = act(given(at(9), to="taken"), "settle", "property", at(10), note="已修好")
    assert order.kept[ClockKind.CONTACT].clock.stopped_at == at(10)
    assert (order.due_at, order.alarm_at) == (None, None)


def test_nothing_is_sent_at_midnight_or_on_a_holiday_except_red_cases(limit, hours, given, cast):
    hours()
    limit("settle", 5, "hours")
    plain = given(at(20, day=6))  # a Friday; due on Saturday at 01:00
    cast.categories["wall"].is_urgent = True
    red = given(at(20, day=6), category=cast.categories["wall"])
    assert alarm_due_orders(at=at(1.5, day=7)) == 1
    assert (verbs_of(plain), verbs_of(red)) == (["report"], ["report", "overdue"])
    assert alarm_due_orders(at=at(10, day=8)) == 0  # a Sunday
    assert alarm_due_orders(at=at(8.5, day=9)) == 1
    assert verbs_of(plain) == ["report", "overdue"]


def test_changing_category_recomputes_the_deadline_and_says_so_in_the_history(limit, hours, given, act, cast):
    hours()
    limit("settle", 240)
    limit("settle", 60, category=cast.categories["lamp"])
    order = given(at(9))
    order = act(order, "recategorise", "desk", at(9.5), category=cast.categories["lamp"])
    assert order.due_at == order.promised_at == at(10)
    payload = events_of(order)[-1].payload
    assert payload["moved"] == [{"clock": "settle", "before": at(13).isoformat(), "after": at(10).isoformat()}]
    prove_columns(order, at(9.5))


def test_reopening_restarts_only_the_settle_clock(limit, hours, given, act):
    hours()
    for kind, amount in (("take", 60), ("contact", 120), ("settle", 240)):
        limit(kind, amount)
    order = given(at(9), to="taken")
    order = act(order, "settle", "property", at(10), note="已修好")
    order = act(order, "report_back", "desk", at(10), answer="已修好")
    stopped = {kind: kept.clock for kind, kept in order.kept.items() if kind is not ClockKind.SETTLE}
    order = act(order, "reopen", "device", at(11), reason="还在漏")
    assert order.settle_due_at == order.due_at == at(15)
    assert {kind: kept.clock for kind, kept in order.kept.items() if kind is not ClockKind.SETTLE} == stopped
    prove_columns(order, at(11))


def test_an_order_waiting_for_the_resident_is_not_overdue(limit, hours, given, act):
    hours()
    limit("settle", 240)
    order = given(at(9), to="taken")
    act(order, "ask_pause", "property", at(10), pause_for="wait", reason="等住户回家")
    order = act(order, "grant_pause", "desk", at(11))
    assert (order.is_waiting, order.paused_at, order.due_at) == (True, at(11), None)
    assert alarm_due_orders(at=at(10, day=10)) == 0
    assert not WorkOrder.objects.late(at(10, day=10)).exists()
    order = act(order, "resume", "property", at(9, day=10))
    assert (order.is_waiting, order.paused_at, order.due_at) == (False, None, at(11, day=10))
    prove_columns(order, at(9, day=10))


def test_the_word_of_the_resident_lets_time_go_on(limit, hours, given, act):
    hours()
    limit("settle", 240)
    order = act(given(at(9), to="taken"), "pause", "desk", at(10), pause_for="wait", reason="等照片")
    order = act(order, "comment", "device", at(11), words="照片发来了")
    assert (order.is_waiting, order.due_at) == (False, at(14))
    prove_columns(order, at(11))


def test_an_order_on_the_shelf_is_not_overdue(limit, hours, given, act):
    hours()
    limit("settle", 240)
    order = given(at(9), to="taken")
    facts = {"explanation": "要等汛期过后才能施工", "review_date": date(2026, 3, 20)}
    order = act(order, "shelve", "desk", at(11), **facts)
    assert (order.due_at, order.alarm_at) == (None, None)
    order = act(order, "unshelve", "desk", at(9, day=10))
    assert order.due_at == at(11, day=10)
    prove_columns(order, at(9, day=10))


def test_the_hours_of_the_unit_decide_when_it_has_to_sign(limit, hours, given, cast):
    hours()
    hours((0, 1440), unit=cast.units["property_unit"])
    limit("take", 120)
    assert given(at(20), to="dispatched").take_due_at == at(22)
    assert given(at(20), to="dispatched", unit="department_unit").take_due_at == at(10, day=3)


def test_another_unit_gets_a_clock_of_its_own_to_sign(limit, hours, given, act, cast):
    hours()
    limit("take", 60)
    order = act(given(at(9), to="dispatched"), "send_back", "property", at(9.5), reason="不归我们")
    assert (order.take_due_at, ClockKind.TAKE in order.kept) == (None, False)
    order = act(order, "dispatch", "desk", at(10), unit=cast.units["department_unit"])
    assert order.take_due_at == at(11)
    prove_columns(order, at(10))


def test_without_a_limit_the_plain_promise_of_the_category_holds(given, cast):
    order = given(at(9))
    assert order.due_at == order.promised_at == at(9) + timedelta(hours=cast.categories["leak"].promised_hours)


def test_whoever_asks_for_a_pause_does_not_grant_it(limit, hours, given, act):
    order = given(at(9), to="taken")
    act(order, "ask_pause", "property", at(10), pause_for="pause", reason="等配件")
    with pytest.raises(NotYours):
        act(order, "grant_pause", "property", at(10))
    with pytest.raises(NotYours):
        act(order, "pause", "chief", at(10), pause_for="pause", reason="等配件")
    assert now(order).paused_at is None


def test_a_pause_that_is_refused_stops_nothing(limit, hours, given, act):
    order = given(at(9), to="taken")
    due = order.due_at
    act(order, "ask_pause", "property", at(10), pause_for="pause", reason="等配件")
    order = act(order, "refuse_pause", "desk", at(11), reason="配件店里有")
    assert (order.asked, order.paused_at, order.due_at) == ("", None, due)
    with pytest.raises(TransitionRefused):
        act(order, "grant_pause", "desk", at(12))


def test_an_extension_is_granted_up_to_its_cap(limit, hours, given, act):
    hours()
    limit("settle", 5, "working_days", cap=10)
    order = given(at(9), to="taken")
    assert order.due_at == at(18, day=9)
    with pytest.raises(InputRefused, match="最多还能延长 10 个工作日"):
        act(order, "ask_extension", "property", at(10), amount=11, reason="要招标")
    act(order, "ask_extension", "property", at(10), amount=4, reason="要招标")
    order = act(order, "grant_extension", "desk", at(11))
    assert (order.due_at, order.promised_at, order.asked_amount) == (at(18, day=13), at(18, day=13), None)
    act(order, "ask_extension", "property", at(12), amount=6, reason="还要招标")
    order = act(order, "grant_extension", "desk", at(12), amount=5)
    with pytest.raises(InputRefused, match="最多还能延长 1 个工作日"):
        act(order, "ask_extension", "property", at(13), amount=2, reason="还要招标")
    prove_columns(order, at(13))


def test_without_a_cap_nothing_is_extended(given, act):
    order = given(at(9), to="taken")
    with pytest.raises(TransitionRefused):
        act(order, "ask_extension", "property", at(10), amount=1, reason="人手不够")


def test_an_extension_that_is_refused_moves_nothing(limit, given, act):
    limit("settle", 5, "hours", cap=5)
    order = given(at(9), to="taken")
    act(order, "ask_extension", "property", at(10), amount=4, reason="要招标")
    order = act(order, "refuse_extension", "desk", at(11), reason="已经够了")
    assert (order.asked, order.due_at) == ("", at(14))


def test_what_a_unit_asked_falls_when_it_gives_the_order_back(limit, given, act):
    limit("settle", 5, "hours", cap=5)
    order = given(at(9), to="taken")
    act(order, "ask_extension", "property", at(10), amount=4, reason="要招标")
    order = act(order, "send_back", "property", at(11), reason="不归我们")
    assert (order.asked, order.asked_amount) == ("", None)


def test_overdue_goes_up_one_level_by_itself_once(limit, hours, given, act, cast):
    hours()
    limit("settle", 240)
    order = given(at(9), to="taken")
    assert alarm_due_orders(at=at(12.3)) == 1  # a fifth of the time is left
    assert verbs_of(order)[-1] == "remind"
    assert alarm_due_orders(at=at(12.4)) == 0
    assert alarm_due_orders(at=at(13)) == 0  # done at the due moment itself is in time
    assert alarm_due_orders(at=at(13.1)) == 1
    order = now(order)
    assert (order.overdue_area, verbs_of(order)[-1]) == (cast.areas["street"], "overdue")
    assert alarm_due_orders(at=at(17)) == 0
    assert verbs_of(order).count("overdue") == 1
    prove_columns(order, at(17))
    prove_journal()


def test_a_change_of_calendar_moves_open_orders_and_says_so_once(limit, hours, given, cast, keeper):
    hours()
    limit("settle", 2, "working_days")
    order, done = given(at(9)), given(at(9), to="taken")
    assert order.due_at == at(18, day=4)
    change_day(day=date(2026, 3, 3), kind="holiday", reason="停电", actor=keeper, at=at(9.5))
    moved, after = recompute_open_orders(at=at(10), most=1)
    assert (moved, after) == (1, order.pk)
    assert recompute_open_orders(at=at(10), after=order.pk) == (1, None)
    assert {now(each).due_at for each in (order, done)} == {at(18, day=5)}
    assert recompute_open_orders(at=at(10)) == (0, None)
    assert verbs_of(order) == ["report", "recompute"]
    prove_columns(order, at(10))


def test_a_changed_limit_holds_for_orders_in_progress(limit, hours, given, cast, keeper):
    hours()
    policy = limit("settle", 240)
    order = given(at(9))
    change_policy(policy=policy, amount=120, actor=keeper, at=at(9.5))
    assert recompute_open_orders(at=at(9.6)) == (1, None)
    assert now(order).due_at == at(11)
    prove_columns(order, at(9.6))


def test_the_journal_has_open_orders_computed_again(limit, hours, given, cast, keeper):
    hours()
    limit("settle", 2, "working_days")
    order = given(at(9))
    read_new_events(at=at(9.6))
    forget_jobs()
    change_day(day=date(2026, 3, 3), kind="holiday", reason="停电", actor=keeper, at=at(9.5))
    read_new_events(at=at(9.6))
    assert jobs() == [{"after": 0}]
    tasks.recompute_clocks(after=0)
    assert now(order).due_at == at(18, day=5)


def test_the_command_takes_up_what_it_left(limit, hours, given, keeper, capsys):
    hours()
    policy = limit("settle", 240)
    order = given(at(9))
    change_policy(policy=policy, amount=120, actor=keeper, at=at(9.5))
    call_command("recompute_clocks", after=order.pk)
    assert capsys.readouterr().out == "moved 0, parts 0\n"
    call_command("recompute_clocks")
    assert capsys.readouterr().out == "moved 1, parts 0\n"
    assert now(order).due_at == at(11)


def test_an_order_of_before_there_were_clocks_gets_one(given):
    order = given(at(9))
    WorkOrder.objects.filter(pk=order.pk).update(clocks={}, soon_at=None, alarm_at=None)
    assert recompute_open_orders(at=at(10)) == (1, None)
    again = now(order)
    assert (again.due_at, again.soon_at, again.kept) == (order.due_at, order.soon_at, order.kept)


def test_a_promise_stays_when_the_category_promises_something_else(limit, given, cast):
    order = given(at(9))
    Category.objects.filter(pk=order.category_id).update(promised_hours=1)
    assert recompute_open_orders(at=at(10)) == (0, None)


def jobs() -> list[dict[str, Any]]:
    rows = ProcrastinateJob.objects.filter(task_name=TASK, status="todo")
    return list(rows.order_by("id").values_list("args", flat=True))


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_declining_ends_every_clock(limit, given, act):
    limit("settle", 5, "hours")
    order = act(given(at(9)), "decline", "desk", at(10), reason="不归社区管", advice="请找交警")
    assert (order.due_at, order.clocks) == (None, {})


def test_merged_orders_have_no_time_until_they_are_taken_apart(limit, given, act):
    limit("settle", 5, "hours")
    order, other = given(at(9)), given(at(9))
    order = act(order, "merge", "desk", at(10), into=other.number)
    assert (order.due_at, order.alarm_at) == (None, None)
    order = act(order, "unmerge", "desk", at(11))
    assert order.due_at == at(14)
    prove_columns(order, at(11))


def test_a_step_costs_no_query_more_for_its_clocks(limit, given, act, cast, django_assert_num_queries):
    limit("take", 60)
    order = given(at(9), to="accepted")
    given(at(9), to="dispatched")  # what a process remembers is warm
    dispatch: Any = VERBS["dispatch"]
    take: Any = VERBS["take"]
    desk, company = cast.actor("desk"), cast.actor("property")
    with django_assert_num_queries(2):  # lock, with what the clocks rest on; write
        dispatch(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=at(10))
    with django_assert_num_queries(2):
        take(order_id=order.pk, actor=company, at=at(10))
