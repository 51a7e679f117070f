"""A contact card from its making to the door: printed on A6, scanned, checked; the page of a building; sites."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from louzhang.areas.models import Unit
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.actions.sites import enter_site
from louzhang.register.models import Card, Site
from louzhang.register.tests.conftest import settle_in

PHONE = {"viewport": {"width": 390, "height": 844}}
A6 = (298, 420)


@pytest.fixture
def office(cast) -> None:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle_in(cast)
    Unit.objects.filter(office_area=cast.areas["community"]).update(phone="024-55501010")


def test_a_chief_makes_a_card_and_a_resident_knows_by_the_digits_that_the_visitor_is_real(
    pages, live_server, cast, office, is_readable
):
    chief = pages("chief", PHONE)
    chief.goto(f"{live_server.url}/register/cards/")
    is_readable(chief)
    digits = chief.locator(".lz-code").inner_text()
    chief.get_by_role("link", name="做联系卡").click()
    chief.get_by_label("什么时候方便").fill("晚饭后")
    is_readable(chief)
    chief.get_by_role("button", name="做联系卡").click()
    expect(chief.get_by_text("联系卡已做好。")).to_be_visible()
    chief.get_by_role("link", name="打印").click()
    expect(chief.get_by_text("024-55501010")).to_be_visible()
    sizes = re.findall(rb"MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", chief.pdf(prefer_css_page_size=True))
    assert [(round(float(width)), round(float(height))) for width, height in sizes] == [A6]

    resident = pages("", PHONE)
    resident.goto(f"{live_server.url}/card/{Card.objects.get().uid}/")
    expect(resident.get_by_role("heading", name="楼长 演示楼长")).to_be_visible()
    is_readable(resident)
    resident.get_by_label("来人说的六位数").fill("000 000" if digits != "000 000" else "111111")
    resident.get_by_role("button", name="核对").click()
    expect(resident.get_by_text("六位数对不上。请不要开门，先打下面的社区电话核实。")).to_be_visible()
    resident.get_by_label("来人说的六位数").fill(digits)
    resident.get_by_role("button", name="核对").click()
    expect(resident.get_by_text("六位数对得上，今天持有这张卡的就是本人或替岗人。")).to_be_visible()
    is_readable(resident)

    desk = pages("desk")
    desk.goto(f"{live_server.url}/register/visitor/")
    desk.get_by_label("来人说的六位数").fill(digits)
    desk.get_by_role("button", name="核对").click()
    expect(desk.get_by_text("楼长 演示楼长")).to_be_visible()
    is_readable(desk)


def test_the_code_at_the_door_of_a_building_leads_to_who_looks_after_it_and_to_a_report_there(
    pages, live_server, cast, office, is_readable
):
    resident = pages("", PHONE)
    resident.goto(f"{live_server.url}/house/{cast.areas['building'].uid}/")
    expect(resident.get_by_role("heading", name="彩虹社区 12号楼")).to_be_visible()
    expect(resident.get_by_text("这里从不要您付钱")).to_be_visible()
    is_readable(resident)
    resident.get_by_role("link", name="在这里反映").click()
    resident.get_by_label("发生了什么").fill("楼道灯不亮")
    resident.get_by_role("button", name="下一步").click()
    expect(resident.get_by_label("楼栋")).to_have_value(str(cast.areas["building"].pk))


def test_a_hydrant_is_entered_at_the_desk_found_on_the_map_and_checked_on_the_phone(
    pages, live_server, cast, office, is_readable
):
    enter_site(
        area=cast.areas["building"], kind="hydrant", name="东侧消火栓", check_days=30, longitude=123.77,
        latitude=41.3, actor=cast.actor("desk"), at=clock.now(),
    )  # fmt: skip
    desk = pages("desk")
    desk.goto(f"{live_server.url}/register/sites/")
    expect(desk.get_by_role("button", name="东侧消火栓")).to_be_visible()
    is_readable(desk)
    chief = pages("chief", PHONE)
    chief.goto(f"{live_server.url}/register/notebook/")
    chief.get_by_role("link", name="检查 东侧消火栓").click()
    is_readable(chief)
    chief.get_by_role("link", name="检查过了").click()
    chief.get_by_role("button", name="检查过了").click()
    expect(chief.get_by_text("检查已记下。")).to_be_visible()
    assert Site.objects.get().checked_on == clock.local_date(clock.now())
