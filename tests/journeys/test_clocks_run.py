"""The time of an order: the unit asks, the desk agrees, the limit moves; what runs out is seen in every list."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    add_policy,
    dispatch_workorder,
    report_workorder,
    take_workorder,
)
from louzhang.workorders.models import Channel, WorkOrder


@pytest.fixture
def taken(cast):
    """Two leaks the property company has had ten hours for: one for an hour, one for eleven."""
    add_policy(
        category=None, is_urgent=None, kind="settle", amount=10, measure="hours", cap=8,
        actor=cast.actor("system_admin"), at=clock.now(),
    )  # fmt: skip
    orders = []
    for hours in (1, 11):
        at = clock.now() - timedelta(hours=hours)
        draft = Draft(
            channel=Channel.RESIDENT,
            category=cast.categories["leak"],
            area=cast.areas["stairwell"],
            words=f"{hours} 小时前开始漏水。",
        )
        order = report_workorder(draft=draft, actor=cast.device, at=at).order
        accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=at)
        dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=cast.actor("desk"), at=at)
        orders.append(take_workorder(order_id=order.pk, actor=cast.actor("property"), at=at))
    return orders


def press(page, label, **fields):
    """Press a verb, also one under 更多, fill in its dialog, send."""
    verbs = page.get_by_role("group", name="现在可以办的")
    button = verbs.get_by_role("link", name=re.compile(f"^{label}"))
    if not button.is_visible():
        verbs.get_by_text("更多").click()
    button.click()
    dialog = page.get_by_role("dialog")
    for field, words in fields.items():
        dialog.get_by_label(field).fill(words)
    dialog.locator(".lz-dialog-verbs .lz-btn").first.click()
    expect(verbs.get_by_role("link", name=re.compile(f"^{label}"), include_hidden=True)).to_have_count(0)


def test_a_pause_and_an_extension_are_asked_agreed_to_and_move_the_limit(live_server, cast, pages, taken, is_readable):
    order = taken[0]
    url = f"{live_server.url}/desk/orders/{order.number}/"
    company, desk = pages("property"), pages("desk")
    company.goto(url)
    company.get_by_role("group", name="现在可以办的").get_by_text("更多").click()
    company.get_by_role("link", name="申请暂停").click()
    dialog = company.get_by_role("dialog")
    dialog.get_by_label("等反映人").check(force=True)
    dialog.get_by_label("理由").fill("反映人出差，后天才能进门。")
    is_readable(company)
    dialog.locator(".lz-dialog-verbs .lz-btn").first.click()
    expect(company.get_by_text("反映人出差，后天才能进门。").first).to_be_visible()

    desk.goto(f"{live_server.url}/desk/orders/?step=asking")
    desk.locator("a[data-row]").click()
    is_readable(desk)
    press(desk, "同意暂停")
    expect(desk.get_by_text("同意暂停计时").first).to_be_visible()
    is_readable(desk)
    assert WorkOrder.objects.get(pk=order.pk).due_at is None
    press(desk, "恢复计时")
    resumed = WorkOrder.objects.get(pk=order.pk).due_at
    assert resumed is not None
    assert resumed > taken[0].due_at

    company.goto(url)
    press(company, "申请延期", 延长多少="8", 理由="要等配件。")
    expect(company.get_by_text("要等配件。").first).to_be_visible()
    desk.goto(url)
    press(desk, "同意延期")
    expect(desk.get_by_text("延长过 8 小时")).to_be_visible()
    is_readable(desk)
    assert WorkOrder.objects.get(pk=order.pk).due_at == resumed + timedelta(hours=8)


def test_what_has_run_out_stands_in_the_menu_the_list_and_the_order(live_server, pages, taken, is_readable):
    desk = pages("desk")
    desk.goto(f"{live_server.url}/desk/")
    desk.get_by_role("navigation", name="主导航").get_by_role("link", name="超期").click()
    rows = desk.locator("a[data-row]")
    expect(rows).to_have_count(1)
    expect(desk.locator("tbody").get_by_text("超期 1 小时")).to_be_visible()
    is_readable(desk)
    rows.click()
    expect(desk.get_by_text("超期 1 小时").first).to_be_visible()
    is_readable(desk)
