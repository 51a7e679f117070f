"""Long lists at the desk: headings, search and navigation stay in sight, the row one is on is never hidden."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel

TOP = "element => element.getBoundingClientRect().top"

CLEAR = """() => {
  const heading = document.querySelector("thead th").getBoundingClientRect();
  return document.querySelector("tr:focus-within").getBoundingClientRect().top >= heading.bottom;
}"""

CUT = """() => {
  const edge = document.querySelector(".lz-table-wrap").getBoundingClientRect();
  const verbs = [...document.querySelectorAll(".lz-orders tbody .lz-btn")].map((verb) => verb.getBoundingClientRect());
  return verbs.filter(({ left, right }) => left < edge.left || right > edge.right).length;
}"""


@pytest.fixture
def sixty(cast):
    for place in range(60):
        draft = Draft(
            channel=Channel.RESIDENT,
            category=cast.categories["lamp"],
            area=cast.areas["stairwell"],
            words=f"第{place}件",
        )
        report_workorder(draft=draft, actor=cast.device, at=clock.now())


def test_headings_and_navigation_stay_in_sight_of_a_long_list(desk_page, live_server, sixty, signs_in):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/")
    for _ in range(40):
        desk_page.keyboard.press("j")
    desk_page.wait_for_function("() => scrollY > 500")
    assert desk_page.locator(".lz-side").evaluate(TOP) == 0
    assert desk_page.locator(".lz-bar").evaluate(TOP) == 0
    heading = desk_page.get_by_role("columnheader", name="类别")
    assert heading.evaluate(TOP) == 60
    for _ in range(25):
        desk_page.keyboard.press("k")
    row = desk_page.locator("tr:focus-within")
    expect(row).to_be_in_viewport()
    expect(row).to_contain_text("第45件")
    desk_page.wait_for_function(CLEAR)


@pytest.mark.parametrize("width", [390, 768, 1024, 1200, 1366, 1440])
def test_no_next_step_of_the_list_is_cut_at_any_width(desk_page, live_server, sixty, signs_in, width):
    desk_page.set_viewport_size({"width": width, "height": 900})
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/")
    expect(desk_page.locator(".lz-orders tbody .lz-btn")).to_have_count(50)
    assert desk_page.evaluate(CUT) == 0
    assert desk_page.evaluate("document.documentElement.scrollWidth") <= width
