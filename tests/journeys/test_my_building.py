"""我的楼 on the chief's phone and at the desk: the picture, a home, somebody entered, a number opened."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from louzhang.journal.actor import SYSTEM
from louzhang.register.actions import lay_down_kinds
from louzhang.register.models import Resident
from louzhang.register.tests.conftest import settle_in
from tests.browser.conftest import PHONE


@pytest.fixture
def homes(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


def test_a_chief_enters_a_newcomer_at_the_door(live_server, cast, homes, pages, is_readable):
    chief = pages("chief", PHONE)
    chief.goto(f"{live_server.url}/field/")
    chief.get_by_role("link", name="我的楼").click()
    is_readable(chief)
    chief.get_by_role("link", name="12号楼").click()
    is_readable(chief)
    chief.get_by_role("link", name="列表").click()
    is_readable(chief)
    chief.get_by_role("link", name="立面").click()
    chief.get_by_role("link", name="401").click()
    is_readable(chief)
    chief.get_by_role("link", name="登记住户").click()
    chief.get_by_label("姓名").fill("演示新户")
    chief.get_by_label("证件号码").fill("110105194912310021")
    chief.get_by_role("button", name="登记住户").click()
    expect(chief.get_by_text("最后一位校验不对").first).to_be_visible()
    is_readable(chief)
    chief.get_by_label("证件号码").fill("11010519491231002X")
    chief.get_by_role("button", name="登记住户").click()
    expect(chief.get_by_role("heading", name="演示新户家")).to_be_visible()
    is_readable(chief)
    chief.get_by_role("link", name="演示新户 户主").click()
    is_readable(chief)
    chief.get_by_text("看证件号码或生日").click()
    chief.get_by_role("button", name="核对登记").click()
    expect(chief.get_by_role("status").get_by_text("11010519491231002X")).to_be_visible()
    is_readable(chief)
    assert Resident.objects.get(name="演示新户").birth_year == 1949


def test_the_desk_reads_the_same_building(live_server, cast, homes, pages, is_readable):
    desk = pages("desk")
    desk.goto(f"{live_server.url}/register/")
    is_readable(desk)
    desk.get_by_role("link", name="12号楼").click()
    is_readable(desk)
    desk.get_by_role("link", name="301").click()
    expect(desk.get_by_role("heading", name="演示父亲家")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("link", name="怎么联系").click()
    is_readable(desk)
    desk.get_by_role("radio", name="上门").check()
    desk.get_by_role("radio", name="晚饭后").check()
    desk.get_by_role("button", name="怎么联系").click()
    expect(desk.get_by_text("上门，晚饭后。")).to_be_visible()
