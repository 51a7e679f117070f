"""Where it is: a worker taps the place and gets the map, other maps by link; tiles of another datum are drawn true."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from louzhang.areas.actions import change_setting
from louzhang.kit import clock
from louzhang.kit.coordinates import Datum, distance_m, to_wgs84
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel, Report

# The example of wandergis/coordtransform, (longitude, latitude).
TIANANMEN, IN_GCJ02 = (116.404, 39.915), (116.41024449916938, 39.91640428150164)
MARKS = """element => {
  const found = [];
  element.map.eachLayer((layer) => layer.getLatLng && found.push([layer.getLatLng().lng, layer.getLatLng().lat]));
  return found;
}"""


@pytest.fixture
def order(cast):
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories["lamp"],
        area=cast.areas["stairwell"],
        words="三楼灯不亮。",
        longitude=TIANANMEN[0],
        latitude=TIANANMEN[1],
    )
    return report_workorder(draft=draft, actor=cast.device, at=clock.now()).order


@pytest.fixture
def tiles(cast, live_server):
    """Tiles of our own address, drawn in the datum a test names."""

    def choose(datum: str) -> None:
        values = {"map_tiles": f"{live_server.url}/static/{{z}}/{{x}}/{{y}}.png", "map_datum": datum}
        for key, value in values.items():
            change_setting(key=key, value=value, actor=cast.actor("system_admin"), at=clock.now())

    return choose


@pytest.mark.parametrize(("datum", "drawn"), [("wgs84", TIANANMEN), ("gcj02", IN_GCJ02)])
def test_a_tap_on_the_place_opens_the_map_there(page, live_server, signs_in, is_readable, order, tiles, datum, drawn):
    tiles(datum)
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/orders/{order.number}/")
    expect(page.locator(".leaflet-container")).to_have_count(0)
    page.get_by_role("definition").get_by_role("link", name="2单元").click()
    expect(page.locator("lz-map .leaflet-marker-icon")).to_be_visible()
    (mark,) = page.locator("lz-map").evaluate(MARKS)
    assert distance_m(tuple(mark), drawn) < 0.2
    is_readable(page)


def test_other_maps_open_it_without_javascript(browser, live_server, signs_in, order):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/orders/{order.number}/")
    links = page.get_by_role("list", name="用别的地图导航").get_by_role("link")
    expect(links).to_have_count(3)
    expect(links.first).to_have_attribute("href", re.compile(r"position=116\.410244,39\.916404&"))
    expect(page.get_by_text("反映时标的位置。")).to_be_visible()
    context.close()


def test_a_tap_on_shifted_tiles_is_kept_as_it_truly_is(page, live_server, cast, tiles):
    tiles("gcj02")
    page.goto(f"{live_server.url}/report/")
    page.get_by_label("发生了什么").fill("井盖松了。")
    page.get_by_role("button", name="自己选类别").or_(page.get_by_text("自己选类别")).click()
    page.get_by_text("设施", exact=True).click()
    page.locator(".lz-kinds").get_by_label("楼道灯").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="在地图上点").click()
    expect(page.get_by_text("在地图上点一下出事的地方")).to_be_visible()  # the map is fetched and drawn
    page.locator("lz-map").evaluate("(element, at) => element.map.setView([at[1], at[0]], 18)", list(IN_GCJ02))
    page.locator(".leaflet-container").click(position={"x": 120, "y": 90})
    (mark,) = page.locator("lz-map").evaluate(MARKS)
    page.get_by_label("地点补充").fill("路口")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已经收到了")).to_be_visible()
    order = Report.objects.get().order
    assert order.longitude is not None
    assert order.latitude is not None
    kept = (order.longitude, order.latitude)
    assert distance_m(kept, to_wgs84(mark[0], mark[1], Datum.GCJ02)) < 0.2
    assert distance_m(kept, TIANANMEN) < 300
