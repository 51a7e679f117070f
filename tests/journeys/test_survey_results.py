"""What comes of a survey: paper typed in by keyboard, a call that follows, results read, printed and taken away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from louzhang.journal.actions import read_new_events
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.surveys.models import Answer, FollowUp
from louzhang.surveys.tests.crowd import answer_all, asked_from_street, settle
from louzhang.surveys.tests.ground import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def survey(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle(cast)
    return opened(cast)


def test_paper_is_typed_in_by_keyboard_and_a_reload_loses_nothing(
    cast, survey, desk_page, live_server, signs_in, is_readable
):
    faults = []
    desk_page.on("pageerror", lambda error: faults.append(str(error)))
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/surveys/{survey.uid}/")
    desk_page.get_by_role("link", name="各楼进度和纸质表").click()
    is_readable(desk_page)
    desk_page.get_by_role("link", name=re.compile("录入.*2单元")).click()
    is_readable(desk_page)
    keys = desk_page.keyboard
    # 601: somebody lives there, three people, both wishes, some words; the first field has the focus.
    for text in ("1", "3", "12", "楼道灯不亮"):
        keys.type(text)
        keys.press("Enter")
    expect(desk_page.get_by_role("status").filter(has_text="601 已保存。")).to_be_visible()
    expect(desk_page.locator("[data-typed]")).to_have_text("1 / 12")
    # 602: how many is missing, the field says so; a reload in the middle keeps what was typed.
    keys.type("1")
    keys.press("Enter")
    desk_page.reload()
    row = desk_page.get_by_role("row", name=re.compile("^602"))
    expect(row.get_by_role("textbox").first).to_have_value("1")
    row.get_by_role("textbox").last.press("Enter")
    expect(desk_page.get_by_text("602：请回答这一题")).to_be_visible()
    expect(row.get_by_role("textbox").nth(1)).to_be_focused()
    keys.type("2")
    for _ in range(3):
        keys.press("Enter")
    expect(desk_page.get_by_text("602 已保存。")).to_be_visible()
    # 501 would rather not answer at all; it was the wrong line and is taken back.
    keys.type("--")
    keys.press("Enter")
    expect(desk_page.get_by_text("501 已保存。")).to_be_visible()
    desk_page.get_by_role("button", name="撤回上一行").click()
    expect(desk_page.get_by_text("上一行已撤回。")).to_be_visible()
    expect(desk_page.locator("[data-typed]")).to_have_text("2 / 12")
    assert Answer.objects.filter(taken_back_at=None).count() == 2
    is_readable(desk_page)
    desk_page.get_by_role("link", name="各楼进度和纸质表").click()
    desk_page.get_by_role("link", name="12号楼", exact=True).click()
    expect(desk_page.get_by_role("table").locator(".sv-home-done")).to_have_count(2)
    is_readable(desk_page)
    desk_page.get_by_role("link", name="列表").click()
    is_readable(desk_page)
    assert faults == []


def test_blank_forms_of_a_building_take_one_page_each(cast, survey, desk_page, live_server, signs_in, is_readable):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/survey-paper/{survey.uid}/{cast.areas['stairwell'].pk}/print/")
    expect(desk_page.get_by_text("“不愿回答”和别的回答一样").first).to_be_visible()
    is_readable(desk_page)
    printed = desk_page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 12


def test_an_answer_that_needs_somebody_is_called_on(cast, survey, desk_page, pages, live_server, signs_in, is_readable):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/follow-ups/rules/{survey.uid}/")
    desk_page.get_by_label("题目").select_option(label="住几个人")
    desk_page.get_by_role("button", name="选这一题").click()
    desk_page.get_by_label("从几起").fill("3")
    desk_page.get_by_label("要做什么").fill("人多，去看看住得下吗")
    is_readable(desk_page)
    desk_page.get_by_role("button", name="加上这条规则").click()
    expect(desk_page.get_by_role("cell", name="3 或更多")).to_be_visible()
    is_readable(desk_page)
    desk_page.goto(f"{live_server.url}/survey-paper/{survey.uid}/{cast.areas['stairwell'].pk}/")
    for text in ("1", "5", "", ""):
        desk_page.keyboard.type(text)
        desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_text("601 已保存。")).to_be_visible()
    read_new_events(at=clock.now())
    assert FollowUp.objects.count() == 1
    phone = pages("chief", {"viewport": {"width": 390, "height": 844}})
    phone.goto(f"{live_server.url}/follow-ups/")
    is_readable(phone)
    phone.get_by_role("link", name=re.compile("人多，去看看住得下吗")).click()
    is_readable(phone)
    phone.get_by_role("button", name="记下").click()
    expect(phone.get_by_text("没有要跟进的")).to_be_visible()


def test_results_are_read_printed_and_taken_away_for_a_purpose(
    cast, survey, desk_page, live_server, signs_in, is_readable
):
    asked = asked_from_street(cast)
    answer_all(cast, asked)
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/survey-results/{asked.uid}/")
    expect(desk_page.get_by_role("heading", name=re.compile("愿不愿意加装电梯"))).to_be_visible()
    is_readable(desk_page)
    desk_page.get_by_role("table", name="愿不愿意加装电梯").get_by_role("link").first.click()
    expect(desk_page.get_by_role("heading", name="愿不愿意加装电梯：愿意", exact=True)).to_be_visible()
    is_readable(desk_page)
    desk_page.go_back()
    desk_page.get_by_role("link", name="看写了什么").first.click()
    desk_page.get_by_label("用来做什么").fill("汇总居民的意见")
    desk_page.get_by_role("button", name="查看").click()
    expect(desk_page.get_by_text("第0户想说的话")).to_be_visible()
    is_readable(desk_page)
    signs_in(desk_page, "street")
    desk_page.goto(f"{live_server.url}/survey-results/{asked.uid}/")
    expect(desk_page.get_by_text("＊").first).to_be_visible()
    is_readable(desk_page)
    assert desk_page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    desk_page.get_by_role("link", name="导出").click()
    desk_page.get_by_label("用来做什么").fill("报街道会议研究")
    with desk_page.expect_download() as taken:
        desk_page.get_by_role("button", name="导出 Excel").click()
    assert taken.value.suggested_filename.startswith("电梯和车位-东风街道")
