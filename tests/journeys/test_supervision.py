"""督办 from the demand to its end: the street asks, the company signs and answers; and a selection settled at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    report_workorder,
    take_workorder,
)
from louzhang.workorders.models import Channel, WorkOrder


@pytest.fixture
def leaks(cast):
    """Three leaks that the property company has taken."""
    at, orders = clock.now(), []
    for number in range(3):
        draft = Draft(
            channel=Channel.RESIDENT,
            category=cast.categories["leak"],
            area=cast.areas["stairwell"],
            words=f"第 {number + 1} 处水管漏水。",
        )
        order = report_workorder(draft=draft, actor=cast.device, at=at).order
        accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=at)
        unit = cast.units["property_unit"]
        dispatch_workorder(order_id=order.pk, unit=unit, actor=cast.actor("desk"), at=at)
        orders.append(take_workorder(order_id=order.pk, actor=cast.actor("property"), at=at))
    return orders


def press(page, key, **fields):
    """Press a verb by its letter, fill in its dialog, send."""
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for label, words in fields.items():
        dialog.get_by_label(label).fill(words)
    dialog.locator(".lz-dialog-verbs .lz-btn").first.click()


def test_a_supervision_from_the_demand_to_its_end(live_server, pages, leaks, is_readable):
    order = leaks[0]
    url = f"{live_server.url}/desk/orders/{order.number}/"
    street, company = pages("street"), pages("property")
    street.goto(url)
    due = clock.local_date(clock.now()) + timedelta(days=3)
    press(street, "v", 督办要求="请三天内修好。", 要求在哪一天以前回复=due.isoformat())
    expect(street.get_by_text("督办。").first).to_be_visible()
    expect(street.get_by_role("heading", name=re.compile("督办 待签收"))).to_be_visible()
    is_readable(street)

    company.goto(f"{live_server.url}/desk/")
    expect(company.locator(".lz-stats").get_by_text("督办")).to_be_visible()
    company.goto(url)
    expect(company.get_by_text("请三天内修好。").first).to_be_visible()
    press(company, "q")
    expect(company.get_by_role("heading", name=re.compile("督办 待回复"))).to_be_visible()
    press(company, "y", 督办回复="材料明天到，后天完工。")
    expect(company.get_by_role("heading", name=re.compile("督办 待解除"))).to_be_visible()
    is_readable(company)

    street.goto(f"{live_server.url}/desk/supervised/")
    expect(street.get_by_role("link", name=re.compile("第 1 处"))).to_be_visible()
    is_readable(street)
    street.get_by_role("link", name=re.compile("第 1 处")).click()
    expect(street.get_by_text("材料明天到，后天完工。").first).to_be_visible()
    press(street, "i", 说明="按期回复。")
    expect(street.get_by_text("解除了督办").first).to_be_visible()
    expect(street.locator(".lz-supervised")).to_have_count(0)
    order.refresh_from_db()
    assert (order.supervision, order.status) == ("", "taken")


def test_a_selection_is_settled_by_keyboard_and_a_lost_connection_doubles_nothing(
    live_server, pages, leaks, is_readable
):
    page = pages("property")
    page.goto(f"{live_server.url}/desk/orders/")
    is_readable(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("已选 1 件")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("已选 3 件")).to_be_visible()
    page.get_by_role("button", name="办结").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("办结 3 件")
    is_readable(page)
    dialog.get_by_label("办理情况").fill("三处一起修好了。")
    page.route("**/orders/many/", lambda route: route.abort())
    dialog.get_by_role("button", name="办结 3 件").click()
    expect(dialog.get_by_text("还剩 3 件")).to_be_visible()
    page.unroute("**/orders/many/")
    dialog.get_by_role("button", name="继续").click()
    expect(dialog.get_by_text("办完了：办好 3 件。")).to_be_visible()
    is_readable(page)
    assert set(WorkOrder.objects.values_list("status", flat=True)) == {"settled"}
    dialog.get_by_role("link", name="回到列表").click()
    expect(page).to_have_url(f"{live_server.url}/desk/orders/")
