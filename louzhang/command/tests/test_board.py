"""The numbers of the board, counted for each who may look."""

from datetime import timedelta

import pytest

from louzhang.command.queries import Share, count_board, count_streets, oldest_open
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    rate_workorder,
    report_back_workorder,
    report_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import Channel
from tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


def file(cast, at, area="stairwell"):
    draft = Draft(channel=Channel.RESIDENT, category=cast.categories["leak"], area=cast.areas[area], words="楼道漏水")
    return report_workorder(draft=draft, actor=cast.device, at=at).order


def settle(cast, order, at, stars):
    desk, unit = cast.actor("desk"), cast.actor("property")
    accept_workorder(order_id=order.pk, actor=desk, at=at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=at)
    take_workorder(order_id=order.pk, actor=unit, at=at)
    settle_workorder(order_id=order.pk, note="修好了", actor=unit, at=at)
    report_back_workorder(order_id=order.pk, answer="修好了", actor=desk, at=at)
    rate_workorder(order_id=order.pk, stars=stars, solved=True, actor=cast.device, at=at)


def test_the_board_counts_what_the_actor_may_see(cast):
    now = cast.at + timedelta(days=20)
    file(cast, now - timedelta(days=7, hours=1))
    file(cast, now - timedelta(hours=1))
    file(cast, now - timedelta(hours=1), area="other_building")
    for stars, days in ((5, 1), (2, 1), (4, 9)):
        settle(cast, file(cast, now - timedelta(days=days, hours=3)), now - timedelta(days=days), stars)
    district, street, stranger = (
        count_board(cast.actor(key), now) for key in ("commander", "street", "stranger_street")
    )
    assert (district.today, street.today, stranger.today) == (2, 1, 1)
    assert (district.open, district.late) == (3, 1)
    assert (stranger.open, stranger.late) == (1, 0)
    assert (street.settled, street.settled_before) == (Share(2, 2), Share(1, 1))
    assert (street.satisfied, street.satisfied_before) == (Share(1, 2), Share(1, 1))
    assert stranger.satisfied == Share(0, 0)


def test_streets_are_ranked_by_what_is_open_in_scope(cast):
    for area in ("stairwell", "stairwell", "other_building"):
        file(cast, cast.at, area)
    later = cast.at + timedelta(days=5)
    lines = [(line.area.name, line.open, line.late) for line in count_streets(cast.actor("commander"), later)]
    assert lines == [("东风街道", 2, 2), ("西岭街道", 1, 1)]
    mine = [(line.area.name, line.open) for line in count_streets(cast.actor("street"), later)]
    assert mine == [("东风街道", 2)]


def test_the_oldest_promise_comes_first(cast):
    late, early = file(cast, cast.at + timedelta(hours=5)), file(cast, cast.at)
    assert [order.pk for order in oldest_open(cast.actor("commander"))] == [early.pk, late.pk]


def test_nobody_without_an_office_counts_anything(cast):
    file(cast, cast.at)
    assert count_board(cast.actor("nobody"), cast.at + timedelta(hours=1)).open == 0
    assert count_board(cast.actor("audit_admin"), cast.at + timedelta(hours=1)).open == 0
