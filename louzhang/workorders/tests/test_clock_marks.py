"""What pages say of the clocks of an order: what is due first, what stands still, what is asked of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from louzhang.kit import clock
from louzhang.workorders.actions import VERBS, add_policy
from louzhang.workorders.actions.alarming import alarm_due_orders
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.clocks import columns_of, ground_now, read_anew
from louzhang.workorders.timekeeping import unpacked

HOUR = timedelta(hours=1)


@pytest.fixture
def taken(cast: Any, report: Any) -> WorkOrder:
    """An order that a unit has just taken, to be settled within ten hours, with eight hours of extension."""
    cast.at = at = clock.now() - HOUR
    facts = {"category": None, "is_urgent": None, "actor": cast.actor("system_admin"), "at": at}
    add_policy(kind="take", amount=4, measure="hours", **facts)
    add_policy(kind="settle", amount=10, measure="hours", cap=8, **facts)
    order: WorkOrder = report().order
    act(cast, order, "accept", "desk", at)
    act(cast, order, "dispatch", "desk", at, unit=cast.units["property_unit"])
    act(cast, order, "take", "property", at)
    return order


def act(cast: Any, order: WorkOrder, verb: str, person: str, at: Any, **given: Any) -> None:
    action: Any = VERBS[verb]
    action(order_id=order.pk, actor=cast.actor(person), at=at, **given)


def page(sign_in: Any, person: str, url: str) -> str:
    response = sign_in(person).get(url)
    assert response.status_code == 200, response.content[:200]
    text: str = response.content.decode()
    return text


def test_the_page_names_each_clock_with_what_is_left(taken, sign_in):
    text = page(sign_in, "property", f"/desk/orders/{taken.number}/")
    assert "按时完成" in text
    assert "还剩 8 小时" in text
    assert "限 10 小时" in text


def test_a_worker_reads_the_clocks_on_the_phone(taken, sign_in):
    assert "还剩 8 小时" in page(sign_in, "grid_worker", f"/field/orders/{taken.number}/")


def test_the_desk_reads_what_is_asked_beside_the_buttons_that_answer(taken, cast, sign_in):
    act(cast, taken, "ask_extension", "property", clock.now(), amount=4, reason="要等鉴定单位。")
    text = page(sign_in, "desk", f"/desk/orders/{taken.number}/")
    for words in ("申请延期 4 小时", "要等鉴定单位。", "同意延期", "不同意延期"):
        assert words in text
    assert "同意延期" not in page(sign_in, "property", f"/desk/orders/{taken.number}/")
    assert taken.number in page(sign_in, "desk", "/desk/orders/?step=asking")
    assert taken.number in page(sign_in, "desk", "/desk/orders/?is_mine=1")


def test_the_form_says_how_much_more_time_there_is(taken, sign_in):
    text = page(sign_in, "property", f"/desk/orders/{taken.number}/ask_extension/")
    assert "最多还能延长 8 小时" in text


def test_an_extension_is_asked_and_granted_on_the_pages(taken, sign_in):
    unit, desk = sign_in("property"), sign_in("desk")
    asked = unit.post(f"/desk/orders/{taken.number}/ask_extension/", {"amount": "9", "reason": "要等鉴定"})
    assert (asked.status_code, "最多还能延长 8 小时" in asked.content.decode()) == (400, True)
    asked = unit.post(f"/desk/orders/{taken.number}/ask_extension/", {"amount": "4", "reason": "要等鉴定"})
    assert asked.status_code == 302
    granted = desk.post(f"/desk/orders/{taken.number}/grant_extension/", {})
    assert granted.status_code == 302
    again = WorkOrder.objects.get(pk=taken.pk)
    assert again.promised_at == cast_at(taken) + 14 * HOUR
    assert "办结时限从" in page(sign_in, "desk", f"/desk/orders/{taken.number}/")


def cast_at(order: WorkOrder) -> Any:
    return WorkOrder.objects.get(pk=order.pk).reported_at


def test_waiting_for_the_resident_is_grey_and_the_resident_reads_it(taken, cast, sign_in):
    act(cast, taken, "pause", "desk", clock.now(), pause_for="wait", reason="等住户回家")
    assert "等反映人" in page(sign_in, "desk", "/desk/orders/?step=paused")
    assert "等反映人" in page(sign_in, "desk", f"/desk/orders/{taken.number}/")
    assert taken.number not in page(sign_in, "desk", "/desk/orders/?step=late")


def test_what_is_overdue_stands_first_and_in_the_list_of_the_office_above(cast, taken, sign_in):
    WorkOrder.objects.filter(pk=taken.pk).update(is_urgent=True)
    rewind(taken, 11 * HOUR)
    assert alarm_due_orders(at=clock.now()) == 1
    assert "超期" in page(sign_in, "desk", "/desk/orders/?step=late")
    above = page(sign_in, "street", "/desk/orders/?step=raised")
    assert taken.number in above
    assert "报到本级的超期" in above
    assert taken.number not in page(sign_in, "stranger_street", "/desk/orders/?step=raised")
    assert "下级超期" not in page(sign_in, "stranger_street", "/desk/")


def rewind(order: WorkOrder, by: timedelta) -> None:
    """Have the clocks of an order begun earlier."""
    row = WorkOrder.objects.get(pk=order.pk)
    moved = {kind: dict(known) for kind, known in row.clocks.items()}
    for known in moved.values():
        known["at"] = (row.reported_at - by).isoformat()
    clocks = read_anew(unpacked(moved), ground_now().calendar, clock.now())
    WorkOrder.objects.filter(pk=order.pk).update(**columns_of(clocks, counts=True))


def test_a_list_by_a_clock_shows_only_orders_on_which_it_runs(taken, report, sign_in):
    other = report().order
    listed = page(sign_in, "desk", "/desk/orders/?clock=settle")
    assert taken.number in listed
    assert other.number in listed
    listed = page(sign_in, "desk", "/desk/orders/?clock=take")
    assert taken.number not in listed
    assert "在走“签收”时限的" in listed


def test_a_former_unit_does_not_read_the_clocks_of_the_next_one(taken, cast, sign_in):
    act(cast, taken, "send_back", "property", clock.now(), reason="不归我们")
    act(cast, taken, "dispatch", "desk", clock.now(), unit=cast.units["department_unit"])
    assert "限 10 小时" in page(sign_in, "department", f"/desk/orders/{taken.number}/")
    assert "限 10 小时" not in page(sign_in, "property", f"/desk/orders/{taken.number}/")
