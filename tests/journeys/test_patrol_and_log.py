"""A day in the field: a round by plate, by the phone's own comparison and with a reason; an errand; the log."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from louzhang.fieldwork.actions.deeds import tell_deed
from louzhang.fieldwork.actions.errands import ErrandDraft, ask_errand
from louzhang.fieldwork.actions.routes import RouteDraft, add_point, lay_route
from louzhang.fieldwork.models import Confirmation, Errand, Patrol, Point, WorkLog
from louzhang.kit import clock
from louzhang.workorders.models import WorkOrder
from tests.browser.conftest import PHONE
from tests.journeys.test_without_a_signal import is_ready_for_no_signal

THERE = {"longitude": 123.40001, "latitude": 41.80001}
ELSEWHERE = {"longitude": 123.41, "latitude": 41.81}


@pytest.fixture
def points(cast: Any) -> list[Point]:
    """Three points: two on the map, one nowhere."""
    at, worker = clock.now(), cast.actor("grid_worker", clock.now())
    route = lay_route(area=cast.areas["grid"], draft=RouteDraft("夜间安全巡查", every_days=1), actor=worker, at=at)
    for name, place in (("大门口", (123.4, 41.8)), ("自行车棚", (123.4, 41.8)), ("配电箱", (None, None))):
        add_point(uid=route.uid, name=name, longitude=place[0], latitude=place[1], actor=worker, at=at)
    return list(route.points.order_by("position"))


def test_a_round_is_walked_by_plate_by_position_and_with_a_reason(live_server, points, pages, is_readable):
    phone = pages("grid_worker", PHONE)
    phone.goto(f"{live_server.url}/patrols/")
    is_readable(phone)
    phone.get_by_role("link", name="夜间安全巡查").click()
    is_readable(phone)

    phone.goto(f"{live_server.url}/patrols/at/{points[0].code}/")
    expect(phone.get_by_label("牌上的六位码")).to_have_value(points[0].code)
    is_readable(phone)
    phone.get_by_role("button", name="到了").click()
    expect(phone.get_by_text("到点位，已记下。")).to_be_visible()

    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(ELSEWHERE)
    phone.get_by_role("link", name="下一处：自行车棚").click()
    phone.get_by_role("radio", name="手机定位").check()
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.post_data or ""))
    phone.get_by_role("button", name="看看离多远").click()
    expect(phone.get_by_text("还没有到")).to_be_visible()
    phone.get_by_role("button", name="到了", exact=True).click()
    assert Confirmation.objects.count() == 1
    phone.context.set_geolocation(THERE)
    phone.get_by_role("button", name="看看离多远").click()
    expect(phone.get_by_text("误差约")).to_contain_text("算到了")
    phone.get_by_role("button", name="到了", exact=True).click()
    expect(phone.get_by_text("到点位，已记下。")).to_be_visible()
    assert not [body for body in sent if "123.4" in body or "41.8" in body]

    phone.get_by_role("link", name="下一处：配电箱").click()
    phone.get_by_role("radio", name="写明原因").check()
    phone.get_by_label("为什么没有扫码").fill("牌子掉了")
    phone.get_by_role("button", name="到了", exact=True).click()
    expect(phone.get_by_text("走完了").first).to_be_visible()
    is_readable(phone)
    assert Patrol.objects.get().status == "whole"
    assert set(Confirmation.objects.values_list("way", flat=True)) == {"code", "position", "reason"}


def test_without_a_signal_a_point_and_a_fault_wait_and_go_out_once(live_server, points, pages, is_readable):
    phone = pages("grid_worker", PHONE)
    phone.goto(f"{live_server.url}/patrols/out/")
    is_readable(phone)
    is_ready_for_no_signal(phone)
    phone.wait_for_function("async () => !!(await caches.match('/patrols/out/?blank=1'))")
    phone.context.set_offline(offline=True)
    phone.reload()
    expect(phone.get_by_role("heading", name="巡查到点位")).to_be_visible()
    phone.get_by_label("哪一处").select_option(str(points[0].uid))
    phone.get_by_label("牌上的六位码").fill(points[0].code)
    phone.get_by_role("button", name="记下").click()
    expect(phone.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    expect(phone.get_by_text("大门口 到了")).to_be_visible()
    assert not Confirmation.objects.exists()
    phone.context.set_offline(offline=False)
    expect(phone.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert Confirmation.objects.get().point == points[0]


def test_without_a_signal_a_point_is_confirmed_by_position_and_nothing_of_it_leaves(live_server, points, pages):
    phone = pages("grid_worker", PHONE)
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(THERE)
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.post_data or ""))
    phone.goto(f"{live_server.url}/patrols/out/")
    phone.get_by_role("radio", name="手机定位").check()
    expect(phone.get_by_text("请先选是哪一处。")).to_be_visible()
    phone.get_by_role("button", name="记下").click()
    phone.get_by_label("哪一处").select_option(str(points[2].uid))
    expect(phone.get_by_text("这处没有登记位置")).to_be_visible()
    phone.get_by_label("哪一处").select_option(str(points[1].uid))
    phone.get_by_role("button", name="记下").click()
    expect(phone.get_by_text("请先点“看看离多远”")).to_be_visible()
    assert not Confirmation.objects.exists()
    phone.get_by_role("button", name="看看离多远").click()
    expect(phone.get_by_text("算到了。", exact=False).last).to_contain_text("误差约")
    phone.get_by_role("button", name="记下").click()
    phone.wait_for_url(f"**/patrols/{points[1].route.uid}/")
    assert Confirmation.objects.get().way == "position"
    assert not [body for body in sent if "123.4" in body or "41.8" in body]


def test_an_errand_from_asking_to_the_tap_that_it_is_well(live_server, cast, pages, is_readable):
    chief, resident = pages("chief", PHONE), pages("resident", PHONE)
    asker = cast.actor("resident", clock.now())
    draft = ErrandDraft(kind="papers", area=cast.areas["stairwell"], words="把医保材料交到窗口", phone="19900001111")
    errand = ask_errand(draft=draft, actor=asker, at=clock.now())
    resident.goto(f"{live_server.url}/errands/ask/")
    is_readable(resident)

    chief.goto(f"{live_server.url}/errands/run/")
    is_readable(chief)
    chief.get_by_role("link", name="把医保材料交到窗口").click()
    is_readable(chief)
    chief.get_by_role("link", name="我来办").click()
    chief.get_by_role("button", name="我来办").click()
    chief.goto(f"{live_server.url}/errands/run/{errand.uid}/collect/")
    chief.get_by_label("收了什么，一行一样").fill("医保卡\n申请表")
    chief.get_by_role("button", name="收材料，开收条").click()
    chief.get_by_role("link", name="打印收条").click()
    expect(chief.get_by_text("申请表")).to_be_visible()
    chief.goto(f"{live_server.url}/errands/run/{errand.uid}/hand_over/")
    is_readable(chief)
    chief.get_by_label("办得怎么样、交回了什么").fill("交好了，回执给您。")
    chief.get_by_role("button", name="办好了，交回").click()
    resident.goto(f"{live_server.url}/errands/own/{errand.uid}/")
    is_readable(resident)
    resident.get_by_role("button", name="办好了", exact=True).click()
    expect(resident.get_by_text("本人已确认")).to_be_visible()
    assert Errand.objects.get().status == "confirmed"


def test_a_log_goes_from_the_phone_to_the_desk_and_a_fault_in_it_is_an_order(live_server, cast, pages, is_readable):
    chief, desk = pages("chief", PHONE), pages("desk")
    deed = {"area": cast.areas["building"], "day": clock.local_date(clock.now()), "words": "替老人抬水上楼"}
    tell_deed(actor=cast.actor("chief", clock.now()), at=clock.now(), **deed)
    chief.goto(f"{live_server.url}/logs/")
    is_readable(chief)
    chief.get_by_role("link", name="今天的纪实").click()
    expect(chief.get_by_text("记下好人好事 1 件")).to_be_visible()
    chief.get_by_label("想补充的").fill("三楼灯坏了，看不清台阶。")
    is_readable(chief)
    chief.get_by_role("button", name="发给社区").click()
    expect(chief.get_by_text("已发给社区。")).to_be_visible()
    chief.get_by_role("link", name="有问题，变成工单").click()
    chief.get_by_label("哪类事").select_option("lamp")
    chief.get_by_label("在哪里").select_option(str(cast.areas["building"].pk))
    is_readable(chief)
    chief.get_by_role("button", name="变成工单").click()
    assert WorkOrder.objects.get().area == cast.areas["building"]

    desk.goto(f"{live_server.url}/logs/sent/")
    is_readable(desk)
    desk.get_by_role("link", name="演示楼长").click()
    desk.get_by_label("批一句").fill("辛苦了")
    is_readable(desk)
    desk.get_by_role("button", name="批给本人").click()
    desk.get_by_role("button", name="办结").click()
    assert WorkLog.objects.get().status == "closed"


def test_leaves_deeds_and_scenes_are_readable(live_server, cast, points, pages, is_readable):
    chief, desk, admin = pages("chief", PHONE), pages("desk"), pages("system_admin")
    for page, address in (
        (chief, "/handing/"),
        (chief, f"/handing/posts/{cast.posts['chief'].pk}/"),
        (chief, "/deeds/add/"),
        (chief, "/deeds/"),
        (desk, "/handing/"),
        (desk, "/patrols/"),
        (desk, f"/patrols/{points[0].route.uid}/points/"),
        (desk, "/errands/run/add/"),
        (admin, "/patrols/scenes/"),
    ):
        page.goto(f"{live_server.url}{address}")
        is_readable(page)
