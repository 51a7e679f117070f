"""A community asks: written and begun at the desk, asked at the door with and without a signal, answered by phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from louzhang.journal.actor import SYSTEM
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import Homes, settle_in
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Answer, Survey, Target
from louzhang.surveys.tests.ground import assess, opened
from tests.browser.conftest import PHONE
from tests.journeys.test_at_the_door import has_its_pocket
from tests.journeys.test_without_a_signal import is_ready_for_no_signal


@pytest.fixture
def homes(cast) -> Homes:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


@pytest.fixture
def survey(cast, homes) -> Survey:
    row = opened(cast)
    Survey.objects.filter(pk=row.pk).update(ends_at=cast.at + timedelta(days=1))
    return row


def target(door: str) -> Target:
    return Target.objects.get(dwelling__door=door)


def add_question(page: Page, text: str, kind: str, lines: str = "", only: str = "") -> None:
    page.get_by_role("textbox", name="题目", exact=True).fill(text)
    page.get_by_role("radio", name=kind, exact=True).check(force=True)
    if lines:
        page.get_by_label("选项").fill(lines)
    if only:
        page.get_by_label("只在这样回答时问").select_option(label=only)
    page.get_by_role("button", name="加上这一题").click()
    expect(page.get_by_role("link", name=text)).to_be_visible()


def test_the_desk_writes_a_screening_by_keyboard_and_begins_it(cast, homes, pages, live_server, is_readable):
    assess(cast)
    desk = pages("desk")
    desk.goto(f"{live_server.url}/desk/surveys/")
    is_readable(desk)
    desk.get_by_role("link", name="新的排查").first.click()
    desk.get_by_label("名称").fill("供暖前住户摸底")
    desk.get_by_label("为什么问").fill("供暖前把不热、漏水的修好")
    desk.locator("[name=areas]").first.check(force=True)
    is_readable(desk)
    desk.get_by_role("button", name="保存，写题目").click()
    add_question(desk, "现在有人住吗", "是或否")
    add_question(desk, "家里暖和吗", "选一个", "暖和\n不够暖和\n不热", "现在有人住吗：是")
    add_question(desk, "住几个人", "数字")
    is_readable(desk)
    desk.locator("body").click(position={"x": 5, "y": 5})
    for key in ("j", "j", "j", "u"):
        desk.keyboard.press(key)
    expect(desk.locator("tbody tr").nth(1)).to_contain_text("住几个人")
    desk.get_by_role("link", name="看表单").click()
    expect(desk.get_by_text("家里暖和吗")).to_be_hidden()
    desk.get_by_role("radio", name="是", exact=True).check(force=True)
    expect(desk.get_by_text("家里暖和吗")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("navigation", name="位置").get_by_role("link").click()
    expect(desk.get_by_text("开始以前先看")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("link", name="开始", exact=True).click()
    desk.get_by_role("button", name="开始", exact=True).click()
    expect(desk.get_by_text("0 / 3 户")).to_be_visible()
    is_readable(desk)


def test_the_chief_asks_door_by_door_and_without_a_signal(cast, survey, pages, live_server, is_readable):
    chief = pages("chief", PHONE)
    chief.goto(f"{live_server.url}/field/surveys/")
    is_readable(chief)
    chief.get_by_role("link", name="住户摸底").click()
    is_ready_for_no_signal(chief)
    is_readable(chief)
    chief.get_by_role("link", name="301 还没问").click()
    expect(chief.get_by_text("住几个人")).to_be_hidden()
    chief.get_by_role("radio", name="是", exact=True).check(force=True)
    chief.get_by_label("住几个人", exact=True).fill("3")
    is_readable(chief)
    chief.get_by_role("button", name="登记").click()
    expect(chief.get_by_role("heading", name="302")).to_be_visible()
    assert Answer.objects.get().chosen == {"lives": "yes", "heads": 3}
    kept = f"/field/surveys/{survey.uid}/write/"
    chief.goto(live_server.url + kept)
    chief.wait_for_function("async (page) => !!(await caches.match(page))", arg=f"{kept}?blank=1")
    has_its_pocket(chief)
    chief.context.set_offline(True)
    chief.reload()
    chief.get_by_label("哪一户").select_option(str(target("302").uid))
    chief.get_by_role("radio", name="没遇到人").check(force=True)
    chief.get_by_role("button", name="登记").click()
    expect(chief.get_by_text("还有 1 件没有发出")).to_be_visible()
    chief.context.set_offline(False)
    expect(chief.get_by_text("都发出去了")).to_be_visible()
    assert target("302").state == "absent"


def test_a_household_answers_by_its_link_on_the_phone(survey, pages, live_server, is_readable):
    phone = pages("", PHONE)
    home = target("301")
    phone.goto(f"{live_server.url}/ask/{home.uid}/{code_of(home.uid)}/")
    is_readable(phone)
    phone.get_by_role("radio", name="是", exact=True).check(force=True)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("请回答这一题")).to_be_visible()
    phone.get_by_label("住几个人", exact=True).fill("2")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("谢谢您")).to_be_visible()
    is_readable(phone)
    assert target("301").state == "answered"
