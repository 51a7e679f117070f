"""Lines of an inbox: alike within minutes is one, a burst is capped, opened lines stay as they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.journal.refusals import NotThere
from louzhang.notices.actions import mark_all_read, mark_read, purge_notices
from louzhang.notices.models import Notice
from louzhang.notices.queries import count_unread, inbox
from louzhang.notices.timing import BURST_LINES
from louzhang.workorders.actions import accept_workorder, dispatch_workorder


def lines(cast, key):
    return [(notice.title, notice.count) for notice in inbox(cast.actor(key))]


def test_new_reports_within_five_minutes_are_one_line_that_counts(cast, report, read, later):
    for minute in (0, 1, 4):
        report(at=later(minute))
    read()
    assert lines(cast, "desk") == [("3 件新反映等待受理", 3)]
    assert inbox(cast.actor("desk")).get().url == "/desk/"


def test_the_next_interval_begins_a_new_line(cast, report, read, later):
    report(at=later(0))
    report(at=later(6))
    read()
    assert len(lines(cast, "desk")) == 2


def test_a_line_read_by_then_is_left_alone(cast, report, read, later):
    report(at=later(0))
    read()
    mark_all_read(actor=cast.actor("desk"), at=later(1))
    report(at=later(2))
    read()
    assert [count for _, count in lines(cast, "desk")] == [1, 1]
    assert count_unread(cast.actor("desk")) == 1


def test_it_makes_no_difference_how_the_events_come_in_batches(cast, report, read, later):
    for minute in (0, 1, 2):
        report(at=later(minute))
        read()
    assert lines(cast, "desk") == [("3 件新反映等待受理", 3)]


def test_a_reporter_reads_the_last_step_of_several_at_once(cast, report, read, later):
    order = report().order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=later(1))
    dispatch_workorder(order_id=order.pk, unit=cast.units["department_unit"], actor=desk, at=later(2))
    read()
    (notice,) = inbox(cast.device)
    assert notice.title == "您反映的“漏水”（12号楼 2单元）已交给演示住建局。"
    assert notice.url == f"/mine/{order.number}/"


def test_a_red_case_stands_alone(cast, report, read, later):
    report(at=later(0))
    red = report(at=later(1), category=cast.categories["guarded"]).order
    read()
    notice = inbox(cast.actor("desk")).get(is_red=True)
    assert (notice.count, notice.url) == (1, f"/desk/orders/{red.number}/")


def test_a_burst_of_red_cases_is_capped_and_stays_red(cast, report, read, later):
    for number in range(BURST_LINES + 5):
        report(at=later(number / 2), category=cast.categories["guarded"])
    read()
    found = lines(cast, "desk")
    assert len(found) == BURST_LINES + 1
    assert found[0] == ("一小时里还有 5 条消息，请到列表里看", 5)
    assert inbox(cast.actor("desk"))[0].is_red


def test_a_busy_week_read_at_once_is_no_burst(cast, report, read, later):
    for number in range(30):
        report(at=later(180 * number))
    read()
    assert lines(cast, "desk") == [("新反映等待受理：“漏水”（12号楼 2单元）", 1)] * 30


def test_three_hundred_reports_in_ten_minutes_are_a_few_lines(cast, report, read, later):
    for number in range(300):
        report(at=later(number / 30))
    read()
    found = lines(cast, "desk")
    assert len(found) == 2
    assert sum(count for _, count in found) == 300


def test_nobody_opens_a_line_of_somebody_else(cast, report, read, later):
    report()
    read()
    notice = inbox(cast.actor("desk")).get()
    for key in set(cast.people) - {"desk"}:
        with pytest.raises(NotThere):
            mark_read(notice_id=notice.pk, actor=cast.actor(key), at=later(1))
    assert mark_read(notice_id=notice.pk, actor=cast.actor("desk"), at=later(1)).url == notice.url
    assert Notice.objects.get(pk=notice.pk).read_at == later(1)


def test_scope_refuses_none_and_shows_the_clock_and_a_phone_without_a_cookie_nothing(cast, report, read):
    report()
    accept_workorder(order_id=report().order.pk, actor=cast.actor("desk"), at=cast.at)
    read()
    with pytest.raises(TypeError):
        Notice.objects.visible_to(None)  # type: ignore[arg-type]  # what a mistake would hand over
    assert not Notice.objects.visible_to(SYSTEM).exists()
    assert not Notice.objects.visible_to(Actor(kind=ActorKind.DEVICE)).exists()


def test_old_lines_are_removed_and_young_ones_are_not(cast, report, read, later):
    report()
    read()
    held = Notice.objects.count()
    assert purge_notices(at=cast.at + timedelta(days=89)) == 0
    assert purge_notices(at=cast.at + timedelta(days=91)) == held
