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
    chief.get_by_role("link", name="楼栋", exact=True).click()
    is_readable(chief)
    chief.get_by_role("link", name="12号楼").click()
    is_readable(chief)
    chief.get_by_role("link", name="401").click()
    sheet = chief.get_by_role("dialog")
    expect(sheet.get_by_text("没有人住。")).to_be_visible()
    is_readable(chief)
    sheet.get_by_role("link", name="全部内容和修改").click()
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


def test_the_sheet_opens_over_the_picture_and_back_esc_and_cross_close_it(live_server, cast, homes, pages, is_readable):
    chief = pages("chief", PHONE)
    faults = []
    chief.on("pageerror", lambda error: faults.append(str(error)))
    url = f"{live_server.url}/register/places/{cast.areas['building'].pk}/"
    chief.goto(url)
    sheet = chief.get_by_role("dialog")
    home = chief.get_by_role("link", name="301")

    home.click()
    expect(sheet.get_by_role("link", name="演示父亲 户主")).to_be_visible()
    expect(chief.locator("#home-title")).to_be_focused()
    chief.go_back()
    expect(sheet).to_be_hidden()
    expect(home).to_be_focused()
    assert chief.url == url

    chief.keyboard.press("Enter")
    sheet.get_by_role("link", name="演示父亲 户主").click()
    chief.get_by_text("打电话").click()
    chief.get_by_role("button", name="上门前联系").click()
    expect(chief.get_by_role("status").get_by_text("13911110001")).to_be_visible()
    is_readable(chief)
    chief.goto(url)

    home.click()
    expect(chief.locator("#home-title")).to_be_focused()
    chief.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(home).to_be_focused()
    home.click()
    sheet.get_by_role("button", name="关闭").click()
    expect(sheet).to_be_hidden()
    expect(chief).to_have_url(url)
    home.click()
    sheet.get_by_role("link", name="上门登记").click()
    expect(chief.get_by_label("哪一户", exact=True)).to_have_value(str(homes.dwellings["own"].uid))
    chief.go_back()
    expect(sheet.get_by_role("link", name="演示父亲 户主")).to_be_visible()  # back where one was
    assert faults == []


def test_the_picture_goes_by_keyboard_and_the_table_says_the_same(live_server, cast, homes, pages, is_readable):
    chief = pages("chief", PHONE)
    chief.emulate_media(color_scheme="dark")
    chief.goto(f"{live_server.url}/register/places/{cast.areas['building'].pk}/")
    is_readable(chief)
    top = chief.get_by_role("link", name="401")
    top.focus()
    chief.keyboard.press("ArrowDown")
    expect(chief.get_by_role("link", name="301")).to_be_focused()
    chief.keyboard.press("ArrowRight")
    expect(chief.get_by_role("link", name="302")).to_be_focused()
    chief.keyboard.press("ArrowRight")
    expect(chief.get_by_role("link", name="302")).to_be_focused()
    assert chief.locator('a[data-home][tabindex="0"]').count() == 1
    chief.keyboard.press("Enter")
    expect(chief.get_by_role("dialog").get_by_role("link", name="演示租客 户主")).to_be_visible()
    is_readable(chief)
    chief.keyboard.press("Escape")

    chief.get_by_role("link", name="列表").click()
    expect(chief.get_by_role("row", name="302 长租 演示租客 1")).to_be_visible()
    is_readable(chief)


def test_without_a_script_the_home_is_a_page(browser, live_server, cast, homes, signs_in):
    context = browser.new_context(**PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/register/places/{cast.areas['building'].pk}/")
    page.get_by_role("link", name="301").click()
    expect(page.get_by_role("heading", name="演示父亲家")).to_be_visible()
    assert page.url.endswith(f"/register/dwellings/{homes.dwellings['own'].uid}/")
    context.close()


def test_the_desk_reads_the_same_building(live_server, cast, homes, pages, is_readable):
    desk = pages("desk")
    desk.goto(f"{live_server.url}/register/")
    is_readable(desk)
    desk.get_by_role("link", name="12号楼").click()
    is_readable(desk)
    desk.get_by_role("link", name="301").click()
    expect(desk.get_by_role("dialog").get_by_role("heading", name="演示父亲家")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("link", name="全部内容和修改").click()
    is_readable(desk)
    desk.get_by_role("link", name="怎么联系").click()
    is_readable(desk)
    desk.get_by_role("radio", name="上门").check()
    desk.get_by_role("radio", name="晚饭后").check()
    desk.get_by_role("button", name="怎么联系").click()
    expect(desk.get_by_text("上门，晚饭后。")).to_be_visible()
