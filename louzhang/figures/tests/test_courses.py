"""What single courses add to the figures: merging, handing on, explaining, pausing, answering."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from louzhang.areas.actions.hours import set_hours
from louzhang.figures.actions import rebuild_figures
from louzhang.figures.actions.rolling_up import stored_rows
from louzhang.figures.buckets import BOUNDS, COUNT, Percentile, bucket_of, percentile
from louzhang.figures.elapsed import minutes_between
from louzhang.figures.models import PlaceDay, UnitDay
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.workorders.actions import VERBS, accept_workorder, add_policy, close_workorder, dispatch_workorder
from louzhang.workorders.models import AnswerWay, WorkOrder
from tests.cast import Cast


@pytest.fixture
def do(cast: Cast, read) -> Any:
    """Do a verb as somebody, some hours after the morning, have it read, and prove that a replay agrees."""

    verbs: Any = VERBS

    def act(order: WorkOrder, verb: str, person: str, hours: float = 0, **given: Any) -> None:
        at = cast.at + timedelta(hours=hours)
        actor = cast.device if person == "device" else cast.actor(person, at)
        verbs[verb](order_id=order.pk, actor=actor, at=at, **given)
        read()
        followed = list(stored_rows())
        rebuild_figures()
        assert list(stored_rows()) == followed

    return act


@pytest.fixture
def at_property(cast: Cast, file) -> Any:
    def dispatched(**more: Any) -> WorkOrder:
        order: WorkOrder = file(**more)
        desk = cast.actor("desk")
        accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
        dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=cast.at)
        return order

    return dispatched


def total(name: str, model: Any = PlaceDay) -> int:
    return sum(getattr(row, name) for row in model.objects.all())


def buckets(name: str) -> list[int]:
    return [sum(column) for column in zip(*(getattr(row, name) for row in PlaceDay.objects.all()), strict=True)]


def test_merged_orders_count_once_until_they_are_taken_apart(cast, file, do):
    one, same = file(), file()
    do(same, "merge", "desk", into=one.number)
    assert total("orders") == 1
    do(same, "unmerge", "desk")
    assert total("orders") == 2


def test_a_unit_that_hands_on_keeps_that_it_did_and_no_more(cast, at_property, do):
    order = at_property()
    do(order, "transfer", "property", 1, unit=cast.units["enforcement_unit"], reason="占道经营归执法队。")
    rows = {row.unit_id: (row.orders, row.sent_back) for row in UnitDay.objects.all()}
    assert rows == {cast.units["property_unit"].pk: (0, 1), cast.units["enforcement_unit"].pk: (1, 0)}
    do(order, "take", "enforcement", 2)
    assert buckets("take_time")[bucket_of(60)] == 1


def test_what_is_settled_by_explanation_is_counted_apart(cast, at_property, do):
    order = at_property()
    do(order, "take", "property", 1)
    do(order, "settle_by_explanation", "property", 2, explanation="墙在红线以内。", basis="物业管理条例")
    assert (total("settled"), total("explained")) == (0, 0)
    do(order, "confirm_explanation", "desk", 3)
    assert (total("settled"), total("explained")) == (1, 1)
    assert PlaceDay.objects.get().settled_rank == 3
    do(order, "report_back", "desk", 4, answer="请看说明。")
    do(order, "rate", "device", 5, stars=5, solved=True)
    assert (total("asked"), total("satisfied"), total("judged"), total("solved")) == (1, 1, 0, 0)


def test_time_stands_still_while_an_order_is_paused(cast, at_property, do):
    order = at_property()
    do(order, "take", "property", 1)
    do(order, "pause", "desk", 2, pause_for="pause", reason="等配件。")
    do(order, "resume", "desk", 50)
    do(order, "settle", "property", 51, note="换好了。")
    assert buckets("settle_time")[bucket_of(3 * 60)] == 1


@pytest.mark.parametrize(("person", "rank"), [("grid_worker", 4), ("chief", 4)])
def test_what_a_keeper_settles_on_the_spot_stays_in_the_grid(cast, file, do, person, rank):
    do(file(), "settle_on_spot", person, 1, note="当场换好了。")
    row = PlaceDay.objects.get()
    assert (row.settled_rank, row.settled, row.on_spot) == (rank, 1, 1)


def test_an_answer_of_not_solved_stays_though_the_order_is_opened_again(cast, at_property, do):
    order = at_property()
    do(order, "take", "property", 1)
    do(order, "settle", "property", 2, note="好了。")
    do(order, "report_back", "desk", 3, answer="好了。")
    do(order, "rate", "device", 4, stars=1, solved=False)
    assert (total("judged"), total("solved"), total("reopened"), total("settled")) == (1, 0, 1, 0)
    assert sum(buckets("settle_time")) == 0
    do(order, "settle", "property", 5, note="重新修好了。")
    assert buckets("settle_time")[bucket_of(60)] == 1


def test_what_the_clock_closes_was_not_asked(cast, at_property, do, read):
    order = at_property()
    do(order, "take", "property", 1)
    do(order, "settle", "property", 2, note="好了。")
    do(order, "report_back", "desk", 3, answer="好了。")
    close_workorder(order_id=order.pk, actor=SYSTEM, at=cast.at + timedelta(days=30))
    read()
    assert (PlaceDay.objects.get().step, total("asked"), total("satisfied")) == ("closed", 0, 0)


def test_an_answer_by_phone_counts_and_one_not_asked_for_does_not(cast, at_property, do):
    for result, asked in (("acceptable", 1), ("not_asked", 1), ("unsatisfied", 2)):
        order = at_property(answer_way=AnswerWay.PHONE, phone="13911112222")
        do(order, "take", "property", 1)
        do(order, "settle", "property", 2, note="好了。")
        do(order, "report_back", "desk", 3, answer="好了。")
        do(order, "tell", "desk", 4, call_result=result)
        assert (total("asked"), total("satisfied")) == (asked, 1)


def test_percentiles_lie_in_the_bucket_where_the_case_is():
    counts = [0] * COUNT
    assert percentile(counts, 50) is None
    counts[bucket_of(40)] = 10
    assert percentile(counts, 50) == Percentile(45.0)
    assert percentile(counts, 90) == Percentile(57.0)
    counts[bucket_of(10**6)] = 90
    assert percentile(counts, 50) == Percentile(float(BOUNDS[-1]), is_open=True)


@pytest.mark.parametrize(("minutes", "place"), [(0, 0), (15, 0), (16, 1), (43_200, 14), (43_201, 15)])
def test_a_bound_belongs_to_the_bucket_below_it(minutes, place):
    assert bucket_of(minutes) == place


def test_a_pause_takes_away_what_of_it_lies_inside(cast):
    at = cast.at

    def after(hours: float) -> Any:
        return at + timedelta(hours=hours)

    assert minutes_between(at, after(4), [(after(-1), after(1)), (after(3), None)]) == 120
    assert minutes_between(after(4), at) == 0


@pytest.fixture
def office_hours(cast: Cast) -> Any:
    """Work from 8 to 18 and sign within a day, settle within five days of it; the district's hours can be set again."""
    keeper = cast.actor("system_admin")
    facts: dict[str, Any] = {"category": None, "is_urgent": None, "actor": keeper, "at": cast.at}
    for kind, amount in (("take", 600), ("settle", 3000)):
        add_policy(kind=kind, amount=amount, measure="working_minutes", **facts)

    def work(begin: int, end: int, since: date) -> None:
        set_hours(
            unit=None, weekdays=[1, 2, 3, 4, 5], spans=((begin * 60, end * 60),), starts_on=since, reason="办公时间",
            actor=keeper, at=cast.at - timedelta(days=1),
        )  # fmt: skip

    work(8, 18, date(2026, 3, 1))
    return work


def test_lengths_are_the_working_minutes_that_the_clocks_counted(cast, office_hours, at_property, do):
    # Monday at 10 plus 24 hours is ten working hours, not twenty-four.
    order = at_property()
    do(order, "take", "property", hours=24)
    assert buckets("take_time")[bucket_of(600)] == 1
    assert buckets("take_time")[bucket_of(24 * 60)] == 0
    do(order, "pause", "desk", hours=25, pause_for="wait", reason="反映人出差")
    do(order, "resume", "desk", hours=49)
    do(order, "settle", "property", hours=50, note="换好了")
    # Ten hours up to Tuesday at 10, one before the pause, one after it.
    assert buckets("settle_time")[bucket_of(12 * 60)] == 1
    facts = order_facts(order, "settle")
    assert [fact["ran"] for fact in facts if fact["do"] == "stop" and fact["clock"] == "settle"] == [12 * 60]


def order_facts(order: WorkOrder, verb: str) -> list[dict[str, Any]]:
    event = Event.objects.get(subject_kind="workorder", subject_id=order.pk, verb=verb)
    return list(event.payload["clocks"])


def test_a_calendar_corrected_afterwards_changes_no_figure_and_no_replay(cast, office_hours, at_property, do):
    order = at_property()
    do(order, "take", "property", hours=24)
    followed = list(stored_rows())
    office_hours(8, 20, date(2026, 3, 2))
    rebuild_figures()
    assert list(stored_rows()) == followed


def test_opened_again_the_settling_time_begins_anew_in_working_minutes(cast, office_hours, at_property, do):
    order = at_property()
    do(order, "take", "property")
    do(order, "settle", "property", hours=1, note="好了")
    assert buckets("settle_time")[bucket_of(60)] == 1
    do(order, "report_back", "desk", hours=2, answer="好了")
    do(order, "reopen", "device", hours=3, reason="还在漏")
    assert sum(buckets("settle_time")) == 0
    do(order, "settle", "property", hours=24, note="真的好了")
    # From 13:00 on Monday to 10:00 on Tuesday: seven working hours.
    assert buckets("settle_time")[bucket_of(7 * 60)] == 1
