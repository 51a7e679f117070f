"""选任: from a vacancy to the certificate; the nominee answers on a phone, a resident looks, somebody objects."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from louzhang.areas.models import Post
from louzhang.kit import clock
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.tests.choosing_stage import SAID, set_stage
from tests.browser.conftest import PHONE

MONTH = timedelta(days=30)


@pytest.fixture
def stage(cast):
    """The chief's term ends in a month; homes of the building are registered and bound."""
    stage = set_stage(cast)
    Post.objects.filter(pk=cast.posts["chief"].pk).update(ends_on=clock.local_date(cast.at) + MONTH)
    return stage


def test_from_a_vacancy_to_the_certificate(live_server, stage, pages, is_readable):
    desk = pages("desk")
    announce(live_server, desk, is_readable)
    code = name_somebody(desk, is_readable)
    answer_on_the_phone(live_server, pages, is_readable, code)
    look_as_a_resident(live_server, pages, is_readable)
    review(live_server, desk, pages, is_readable)
    object_and_answer(live_server, desk, pages, is_readable)
    appoint(live_server, desk, pages, is_readable)


def announce(live_server, desk, is_readable):
    desk.goto(f"{live_server.url}/desk/choosing/")
    expect(desk.get_by_role("cell", name="任期快满")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("link", name="选中这一页全部").click()
    desk.get_by_role("button", name="对选中的发起选任").click()
    is_readable(desk)
    desk.get_by_role("button", name="公布选任").click()
    expect(desk.get_by_text("请写一句为什么选任").first).to_be_visible()
    desk.get_by_label("为什么选、选什么样的人").fill("楼长任期快满，请大家推荐。")
    desk.get_by_role("button", name="公布选任").click()
    expect(desk.get_by_role("heading", name="彩虹社区楼长选任")).to_be_visible()
    expect(desk.get_by_text("这次没有", exact=True)).to_be_visible()
    is_readable(desk)


def name_somebody(desk, is_readable):
    desk.get_by_role("link", name="记一位人选").click()
    desk.get_by_label("推荐谁").fill("演示王姐")
    desk.get_by_label("怎么联系他").fill("13911118888")
    desk.get_by_label("为什么推荐他").fill("热心，认得全楼的人。")
    send(desk)
    expect(desk.get_by_role("heading", name="演示王姐")).to_be_visible()
    is_readable(desk)
    return desk.locator(".lz-code").inner_text()


def answer_on_the_phone(live_server, pages, is_readable, code):
    phone = pages("", PHONE)
    phone.goto(f"{live_server.url}/choosing/")
    is_readable(phone)
    phone.get_by_role("link", name="有人推荐我").click()
    phone.get_by_label("查询码").fill(code.lower())
    send(phone)
    expect(phone.get_by_text("愿不愿意，由您自己定")).to_be_visible()
    is_readable(phone)
    phone.get_by_role("link", name="同意参加").click()
    phone.get_by_label("自我介绍").fill("住了二十年，愿意为大家跑腿。")
    is_readable(phone)
    send(phone)
    expect(phone.get_by_text("本人同意", exact=True).first).to_be_visible()


def look_as_a_resident(live_server, pages, is_readable):
    phone = pages("resident", PHONE)
    phone.goto(f"{live_server.url}/choosing/")
    phone.get_by_role("link", name="彩虹社区楼长选任").click()
    expect(phone.get_by_text("住了二十年，愿意为大家跑腿。")).to_be_visible()
    is_readable(phone)
    phone.get_by_role("link", name="推荐一位邻居").click()
    is_readable(phone)


def send(page):
    page.locator("#act button:visible, button[form=act]:visible").first.click()


def step(desk, link, *, exact=True):
    desk.get_by_role("link", name=link, exact=exact).first.click()
    send(desk)


def review(live_server, desk, pages, is_readable):
    row = Round.objects.get()
    desk.goto(f"{live_server.url}/desk/choosing/rounds/{row.uid}/")
    step(desk, "结束推荐")
    step(desk, "进入下一步", exact=False)
    expect(desk.get_by_text("考察中", exact=True).first).to_be_visible()
    nominee = Nominee.objects.get()
    for page in (desk, pages("grid_worker", PHONE)):
        page.goto(f"{live_server.url}/choosing/reviews/")
        is_readable(page)
        page.get_by_role("link", name="演示王姐").click()
        for key, words in SAID.items():
            page.locator(f"#id_{key}").fill(words)
        is_readable(page)
        send(page)
        expect(page.get_by_text("考察意见记下了").first).to_be_visible()
    desk.goto(f"{live_server.url}/desk/choosing/nominees/{nominee.uid}/")
    is_readable(desk)
    desk.get_by_role("link", name="考察通过", exact=True).click()
    desk.get_by_label("写一句").fill("两位都认可。")
    send(desk)
    desk.goto(f"{live_server.url}/desk/choosing/rounds/{row.uid}/")
    step(desk, "进入下一步", exact=False)
    expect(desk.get_by_role("link", name="打印公示")).to_be_visible()
    is_readable(desk)


def object_and_answer(live_server, desk, pages, is_readable):
    row = Round.objects.get()
    phone = pages("", PHONE)
    phone.goto(f"{live_server.url}/choosing/")
    phone.get_by_role("link", name="彩虹社区楼长公示").click()
    expect(phone.get_by_text("演示王姐")).to_be_visible()
    is_readable(phone)
    phone.get_by_role("link", name="提意见").click()
    phone.get_by_label("您的意见").fill("他上个月才搬来。")
    is_readable(phone)
    send(phone)
    expect(phone.locator(".lz-code")).to_be_visible()
    is_readable(phone)
    desk.reload()
    desk.get_by_role("link", name="等答复").click()
    desk.get_by_label("不成立").check()
    desk.locator("#id_answer").fill("核实过，他住了二十年。")
    is_readable(desk)
    send(desk)
    phone.reload()
    expect(phone.get_by_text("核实过，他住了二十年。")).to_be_visible()
    desk.goto(f"{live_server.url}/choosing/notices/{row.uid}/sheet/")
    expect(desk.get_by_role("heading", name="公示")).to_be_visible()
    is_readable(desk)


def appoint(live_server, desk, pages, is_readable):
    row = Round.objects.get()
    Round.objects.filter(pk=row.pk).update(notice_until=clock.now())
    desk.goto(f"{live_server.url}/desk/choosing/rounds/{row.uid}/")
    step(desk, "公示结束")
    step(desk, "聘任")
    expect(desk.get_by_text("已聘任", exact=True).first).to_be_visible()
    desk.get_by_role("link", name="打印聘书").click()
    expect(desk.get_by_text("聘任您为彩虹社区 12号楼楼长")).to_be_visible()
    is_readable(desk)
    place = row.vacancies.get()
    phone = pages("", PHONE)
    phone.goto(f"{live_server.url}/choosing/check/{place.uid}/")
    expect(phone.get_by_role("heading", name="核对聘书")).to_be_visible()
    is_readable(phone)
