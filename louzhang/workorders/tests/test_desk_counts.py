"""What the desk counts: by step, whose turn it is, and what sounds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Q

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.workorders.actions import (
    accept_workorder,
    decline_workorder,
    dispatch_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.lifecycle import OPEN
from louzhang.workorders.models import AnswerWay, WorkOrder
from louzhang.workorders.queries import Filters, counting, list_orders
from louzhang.workorders.queries.counting import count_steps
from louzhang.workorders.queries.place_lines import find_places, spoken_places
from tests.cast import Cast


@pytest.fixture
def dispatched(cast: Cast, report: Callable[..., Any], later: Callable[[float], Any]) -> Any:
    order = report(answer_way=AnswerWay.PHONE, phone="13800000001").order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    return dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=later(2))


def test_a_new_report_waits_for_the_desk_and_not_for_the_street_above(cast: Cast, report: Callable[..., Any]) -> None:
    report()
    assert count_steps(cast.actor("desk"), cast.at).mine["reported"] == 1
    above = count_steps(cast.actor("street"), cast.at)
    assert (above.here["reported"], above.mine["reported"]) == (1, 0)


def test_the_other_street_counts_nothing(cast: Cast, report: Callable[..., Any]) -> None:
    report()
    counts = count_steps(cast.actor("stranger_desk"), cast.at)
    assert not any(counts.here.values())
    assert not any(counts.mine.values())


def test_an_order_given_to_a_unit_waits_for_the_unit_and_no_longer_for_the_desk(cast: Cast, dispatched: Any) -> None:
    assert count_steps(cast.actor("property"), cast.at).mine["dispatched"] == 1
    desk = count_steps(cast.actor("desk"), cast.at)
    assert desk.all_mine == 0
    assert desk.here["dispatched"] == 1


def test_a_settled_order_is_to_be_told_by_the_desk_alone(
    cast: Cast, dispatched: Any, later: Callable[[float], Any]
) -> None:
    unit = cast.actor("property")
    take_workorder(order_id=dispatched.pk, actor=unit, at=later(3))
    settle_workorder(order_id=dispatched.pk, note="换好了。", actor=unit, at=later(4))
    assert count_steps(cast.actor("desk"), cast.at).mine["to_tell"] == 1
    assert count_steps(unit, cast.at).mine["to_tell"] == 0


def test_an_urgent_matter_sounds_until_somebody_has_signed_for_it(
    cast: Cast, report: Callable[..., Any], later: Callable[[float], Any]
) -> None:
    order = report(category=cast.categories["guarded"]).order
    desk = cast.actor("desk")
    assert count_steps(desk, cast.at).urgent == 1
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    dispatch_workorder(order_id=order.pk, unit=cast.units["community_office"], actor=desk, at=later(1))
    assert count_steps(desk, cast.at).urgent == 1
    take_workorder(order_id=order.pk, actor=desk, at=later(2))
    assert count_steps(desk, cast.at).urgent == 0


def test_every_count_is_the_length_of_the_list_it_leads_to(
    cast: Cast, report: Callable[..., Any], dispatched: Any
) -> None:
    report()
    report(area=cast.areas["district"], is_unplaced=True)
    desk = cast.actor("commander")
    counts = count_steps(desk, clock.now())
    for step, count in counts.here.items():
        assert list_orders(desk, Filters(step=step)).count() == count, step
    assert list_orders(desk, Filters(is_mine=True)).count() == counts.all_mine


def test_counting_costs_one_query(cast: Cast, report: Callable[..., Any], django_assert_num_queries: Any) -> None:
    report()
    actor = cast.actor("desk")
    with django_assert_num_queries(1):
        count_steps(actor, cast.at)


def test_ties_looked_up_one_by_one_find_what_all_together_find(
    cast: Cast, report: Callable[..., Any], dispatched: Any, later: Callable[[float], Any]
) -> None:
    report(cast.actor("resident"))
    report(area=cast.areas["other_building"])
    report(category=cast.categories["guarded"])
    report(category=cast.categories["complaint"], target=Target(unit=cast.units["property_unit"]))
    decline_workorder(
        order_id=report().order.pk, reason="不归我们管。", advice="请找街道。", actor=cast.actor("desk"), at=later(1)
    )
    is_open = Q(status__in=sorted(OPEN))
    for key, actor in cast.everyone().items():
        together = set(WorkOrder.objects.visible_to(actor).filter(is_open).values_list("number", flat=True))
        one_by_one = set(WorkOrder.objects.visible_among(actor, is_open).values_list("number", flat=True))
        assert one_by_one == together, key


def test_counts_of_a_large_place_are_kept_for_a_moment_and_for_nobody_else(
    cast: Cast, report: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(counting, "COUNTED_ANEW_AT_MOST", 0)
    report()
    street, stranger = cast.actor("street"), cast.actor("stranger_street")
    assert count_steps(street, cast.at).here["reported"] == 1
    report()
    with django_assert_num_queries(0):
        assert count_steps(street, cast.at).here["reported"] == 1
    assert count_steps(stranger, cast.at).here["reported"] == 0
    assert count_steps(cast.actor("secretary"), cast.at).here["reported"] == 2
    cache.clear()
    assert count_steps(street, cast.at).here["reported"] == 2


def test_nothing_but_the_clock_is_counted_for_the_clock(cast: Cast, report: Callable[..., Any]) -> None:
    report()
    assert count_steps(SYSTEM, cast.at).here["reported"] == 1


def test_a_place_is_told_from_the_community_down_without_the_grid(cast: Cast, django_assert_num_queries: Any) -> None:
    areas = [cast.areas["stairwell"], cast.areas["street"], cast.areas["grid"]]
    with django_assert_num_queries(1):
        lines = spoken_places(areas)
    assert lines[areas[0].pk] == "彩虹社区 12号楼 2单元"
    assert lines[areas[1].pk] == "东风街道"
    assert lines[areas[2].pk] == "彩虹社区 3号网格"


@pytest.mark.parametrize("words", ["彩虹12", "12号楼 彩虹", "彩虹社区12号楼", "12号", "12"])
def test_a_building_is_found_by_two_characters_and_more(cast: Cast, words: str) -> None:
    assert find_places(words, cast.actor("desk"))[0].area_id == cast.areas["building"].pk


def test_one_character_finds_no_place(cast: Cast) -> None:
    assert find_places("彩", cast.actor("desk")) == []


def test_places_of_the_own_office_come_first(cast: Cast) -> None:
    found = find_places("号楼", cast.actor("stranger_desk"))
    assert found[0].area_id == cast.areas["other_building"].pk
    assert [place.is_near for place in found] == [True, False, False]
