"""The desk looks for a family, opens the home, finds somebody entered twice, merges and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import ResidentDraft, register_resident
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.models import Merge, Stay
from louzhang.register.tests.conftest import Homes, settle_in


@pytest.fixture
def homes(cast) -> Homes:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


@pytest.fixture
def twin(cast, homes):
    return register_resident(
        household_id=homes.households["let"].pk,
        draft=ResidentDraft("演示父亲", phone="13911110001"),
        on=clock.local_date(clock.now()),
        actor=cast.actor("desk"),
        at=clock.now(),
    )


def test_a_family_is_found_and_somebody_entered_twice_merged_and_taken_apart(
    desk_page, live_server, signs_in, is_readable, homes, twin
):
    faults = []
    desk_page.on("pageerror", lambda error: faults.append(str(error)))
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/register/")
    desk_page.get_by_role("link", name="查找", exact=True).click()
    desk_page.get_by_label("姓名、拼音首字母、地址").fill("12号楼 母亲")
    desk_page.get_by_role("button", name="查找").click()
    expect(desk_page).to_have_url(re.compile(r"/register/search/\?found="))
    assert "母亲" not in desk_page.url
    people = desk_page.get_by_role("region", name="居民")
    expect(people.get_by_role("link", name="演示母亲")).to_be_visible()
    is_readable(desk_page)
    people.get_by_role("link", name="看这一户").click()
    expect(desk_page.get_by_role("heading", name="演示父亲家").first).to_be_visible()

    desk_page.goto(f"{live_server.url}/register/quality/")
    is_readable(desk_page)
    desk_page.get_by_role("link", name=re.compile("可能重复的登记")).click()
    is_readable(desk_page)
    desk_page.get_by_role("link", name=re.compile("对照看")).first.click()
    expect(desk_page.get_by_role("heading", name="是不是同一个人")).to_be_visible()
    is_readable(desk_page)
    desk_page.get_by_role("button", name="合并成一条").click()
    expect(desk_page.get_by_text("已合并成一条。")).to_be_visible()
    is_readable(desk_page)
    assert Merge.objects.standing().count() == 1
    assert Stay.objects.as_of(clock.local_date(clock.now())).filter(resident=twin).count() == 0

    desk_page.goto(f"{live_server.url}/register/duplicates/")
    desk_page.get_by_text("撤销合并").click()
    desk_page.get_by_role("button", name="撤销", exact=True).click()
    expect(desk_page.get_by_text("已撤销合并，两条登记都回来了。")).to_be_visible()
    assert Merge.objects.standing().count() == 0
    assert Stay.objects.get(resident=twin).ends_on is None
    assert faults == []


def test_coverage_and_numbers_are_readable_for_a_street(desk_page, live_server, signs_in, is_readable, homes):
    signs_in(desk_page, "street")
    desk_page.goto(f"{live_server.url}/register/coverage/")
    expect(desk_page.get_by_role("heading", name="三张网")).to_be_visible()
    is_readable(desk_page)
    desk_page.get_by_role("link", name="数字", exact=True).last.click()
    expect(desk_page.get_by_role("heading", name="人房数字")).to_be_visible()
    expect(desk_page.get_by_text("＊").first).to_be_visible()
    is_readable(desk_page)
