"""派驻干部: a team, both sides confirm, leave is covered, a meeting's task is an order, a check, the yearly sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from louzhang.areas.queries import actor_for
from louzhang.fieldwork.actions.deeds import tell_deed
from louzhang.kit import clock
from louzhang.roster.models.posted import Posting, TeamMeeting
from louzhang.workorders.models import WorkOrder
from tests.browser.conftest import PHONE

NAME = "演示部门承办"
SUMMARY = "演示：一年里走遍十二栋楼，办成三件事。"


@pytest.fixture
def street(pages) -> Page:
    page: Page = pages("street")
    return page


@pytest.fixture
def taken(cast, live_server, pages, street):
    """A team is formed, somebody proposed, confirmed by the unit and by the place, and has taken it up."""
    street.goto(f"{live_server.url}/posted/")
    street.get_by_role("link", name="组建队伍").click()
    street.get_by_label("队伍名称").fill("第一书记")
    street.get_by_role("button", name="组建队伍").click()
    street.get_by_role("link", name="派一个人").click()
    street.get_by_label("派谁").select_option(label=NAME)
    street.get_by_label("工作人员").check()
    street.get_by_label("派到哪里").select_option(label="彩虹社区")
    street.get_by_role("button", name="派一个人").click()
    expect(street.get_by_text("等双方确认")).to_be_visible()
    one = street.url
    for key, words in (("department_lead", "派出单位确认"), ("secretary", "接收地确认")):
        page = pages(key)
        page.goto(one)
        press(page, words)
    street.reload()
    press(street, "报到上岗")
    expect(street.get_by_text("在岗", exact=True)).to_be_visible()
    return Posting.objects.select_related("team").get()


def press(page: Page, verb: str) -> None:
    """Open a verb's own page and do it there."""
    page.get_by_role("link", name=verb, exact=True).click()
    page.get_by_role("button", name=verb, exact=True).click()


def test_from_the_team_to_the_sheet_for_the_file(live_server, cast, pages, street, taken, is_readable):
    one = f"{live_server.url}/posted/{taken.uid}/"
    person, secretary = pages("department", PHONE), pages("secretary")
    take_leave(one, person, secretary, is_readable)
    decide_a_task(live_server, cast, taken, street, is_readable)
    draw_one(live_server, cast, taken, street)
    write_home(one, person, secretary, street, is_readable)


def take_leave(one, person, secretary, is_readable):
    """Asked on a phone without a reason, approved by the place, the colleague covers from that day."""
    person.goto(one)
    is_readable(person)
    person.get_by_role("link", name="请假").click()
    person.get_by_label("谁来替岗").select_option(label="演示社区受理（彩虹社区 工作人员）")
    day = clock.local_date(clock.now()) + timedelta(days=2)
    for label in ("从哪天", "到哪天（含）"):
        person.get_by_label(label).fill(day.isoformat())
    person.get_by_role("button", name="请假").click()
    expect(person.get_by_text("等批准", exact=True)).to_be_visible()
    secretary.goto(one)
    press(secretary, "批准")
    expect(secretary.get_by_text("演示社区受理替岗")).to_be_visible()
    person.reload()
    expect(person.get_by_text("已批准")).to_be_visible()


def decide_a_task(live_server, cast, posting, street, is_readable):
    """A meeting is called; what is decided there is an order like any other."""
    street.goto(f"{live_server.url}/posted/teams/{posting.team.uid}/")
    street.get_by_role("link", name="通知开会").click()
    street.get_by_label("说什么事").fill("演示：楼道灯怎么办")
    street.get_by_label("在哪里").fill("街道会议室")
    starts_at = clock.local(clock.now() + timedelta(hours=2))
    street.get_by_label("什么时候").fill(f"{starts_at:%Y-%m-%dT%H:%M}")
    street.get_by_role("button", name="通知开会").click()
    TeamMeeting.objects.update(starts_at=clock.now() - timedelta(minutes=1))
    street.get_by_role("link", name="演示：楼道灯怎么办").click()
    street.get_by_role("link", name="写会议记录").click()
    street.get_by_label(NAME).check()
    street.get_by_label("会议记录").fill("演示：先修三单元的灯。")
    street.get_by_role("button", name="写会议记录").click()
    street.get_by_role("link", name="定一件要办的事").click()
    street.get_by_label("哪类事").select_option(label="楼道灯")
    street.get_by_label("在哪里").select_option(value=str(cast.areas["building"].pk))
    street.get_by_label("定一件要办的事").fill("演示：三单元二楼灯不亮。")
    street.get_by_role("button", name="定一件要办的事").click()
    expect(street.get_by_text(WorkOrder.objects.get().number)).to_be_visible()
    expect(street.get_by_text(f"到会 1 人：{NAME}")).to_be_visible()
    is_readable(street)


def draw_one(live_server, cast, posting, street):
    """A record of the work is drawn by lot and held against what is so."""
    at = clock.now()
    tell_deed(area=cast.areas["building"], words="演示：替邻居抬水", day=clock.local_date(at),
              actor=actor_for(cast.people["department"], at), at=at)  # fmt: skip
    street.goto(f"{live_server.url}/posted/teams/{posting.team.uid}/draw/")
    street.get_by_role("button", name="抽查").click()
    press(street, "属实")
    expect(street.get_by_text("属实", exact=True)).to_be_visible()


def write_home(one, person, secretary, street, is_readable):
    """The yearly text is seen by the person before it goes; the sheet carries the remark."""
    secretary.goto(one)
    secretary.get_by_role("link", name="写给派出单位").click()
    secretary.get_by_label("内容").fill(SUMMARY)
    secretary.get_by_role("button", name="写给派出单位").click()
    press(secretary, "请本人看")
    person.goto(secretary.url)
    person.get_by_role("link", name="我看过了").click()
    person.get_by_label("我的意见").fill("演示：属实。")
    person.get_by_role("button", name="我看过了").click()
    street.goto(secretary.url)
    press(street, "送派出单位")
    street.get_by_role("link", name="打印存档").click()
    for words in (SUMMARY, "演示：属实。", "第一书记"):
        expect(street.get_by_text(words).first).to_be_visible()
    is_readable(street)
