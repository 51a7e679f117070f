"""Every page of the desk, as axe reads it: light, dark, in care mode, narrow, empty and full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    report_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import AnswerWay, Channel

LOOKS = [("", "light", 1440), ("", "dark", 1440), ("22", "light", 1440), ("", "light", 768), ("30", "dark", 768)]
LISTS = ("", "orders/", "orders/?step=late&is_urgent=1", "to-tell/", "calls/new/", "orders/map/", "figures/")


@pytest.fixture
def orders(cast):
    """One order new, one in hand and long, one settled and to be told."""
    at, desk, unit = clock.now() - timedelta(days=5), cast.actor("desk"), cast.actor("property")
    made = []
    for words in ("楼道水管漏水。", "漏" * 900, "灯不亮。"):
        draft = Draft(
            channel=Channel.CALL,
            category=cast.categories["lamp"],
            area=cast.areas["stairwell"],
            words=words,
            name="王小芳",
            phone="13800000001",
            door="301",
            place_note="北门" * 40,
            answer_way=AnswerWay.SMS,
            is_for_another=True,
        )
        made.append(report_workorder(draft=draft, actor=desk, at=at).order)
    for order in made[1:]:
        accept_workorder(order_id=order.pk, actor=desk, at=at, note="好的。" * 50)
        dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=at)
        take_workorder(order_id=order.pk, actor=unit, at=at)
    settle_workorder(order_id=made[2].pk, note="换了灯泡。", actor=unit, at=at)
    return made


@pytest.mark.parametrize(("care", "theme", "width"), LOOKS)
def test_every_page_of_the_desk_is_readable(
    desk_page, live_server, cast, signs_in, is_readable, orders, care, theme, width
):
    signs_in(desk_page, "desk")
    desk_page.set_viewport_size({"width": width, "height": 900})
    kept = [("lz_theme", theme), ("lz_care", care)]
    desk_page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in kept if value]
    )
    of_orders = [f"orders/{order.number}/" for order in orders] + [f"orders/{orders[2].number}/report_back/"]
    for path in (*LISTS, *of_orders):
        desk_page.goto(f"{live_server.url}/desk/{path}")
        is_readable(desk_page)
        wide = desk_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {width}"


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_desk_is_readable(desk_page, live_server, cast, signs_in, is_readable, path):
    signs_in(desk_page, "stranger_desk")
    desk_page.goto(f"{live_server.url}/desk/{path}")
    is_readable(desk_page)


def test_the_pages_of_a_unit_and_its_paper_are_readable(desk_page, live_server, cast, signs_in, is_readable, orders):
    signs_in(desk_page, "property")
    number = orders[1].number
    for path in ("", "orders/", f"orders/{number}/", f"orders/{number}/settle/", f"orders/{number}/print/"):
        desk_page.goto(f"{live_server.url}/desk/{path}")
        is_readable(desk_page)


def test_the_map_draws_what_the_list_beside_it_says(desk_page, live_server, cast, signs_in, is_readable, orders):
    building = cast.areas["building"]
    building.longitude, building.latitude = 123.77, 41.3
    building.save(update_fields=["longitude", "latitude"])
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/map/?step=reported")
    expect(desk_page.locator(".lz-dot, .marker-cluster").first).to_be_visible()
    expect(desk_page.get_by_role("link", name="楼道水管漏水。")).to_be_visible()
    is_readable(desk_page)
