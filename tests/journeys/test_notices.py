"""What happened stands in the inbox and is counted until it is read; one says when one wants to be reminded."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from louzhang.journal.actions import read_new_events
from louzhang.kit import clock
from louzhang.notices.models import Preference
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel


def test_a_new_matter_is_counted_opened_and_no_longer_counted(desk_page, live_server, cast, signs_in, is_readable):
    draft = Draft(
        channel=Channel.RESIDENT, category=cast.categories["leak"], area=cast.areas["stairwell"], words="楼道漏水。"
    )
    order = report_workorder(draft=draft, actor=cast.device, at=clock.now()).order
    read_new_events(at=clock.now())
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/")
    entry = desk_page.get_by_role("navigation", name="主导航").get_by_role("link", name="消息")
    expect(entry).to_contain_text("1")
    entry.click()
    expect(desk_page.get_by_text("未读")).to_have_count(1)
    is_readable(desk_page)
    desk_page.get_by_role("button", name="新反映等待受理").click()
    expect(desk_page).to_have_url(re.compile(f"/desk/orders/{order.number}/"))
    expect(entry).not_to_contain_text("1")


def test_quiet_hours_and_a_digest_are_chosen_on_the_phone(page, live_server, cast, signs_in, is_readable, settings):
    settings.CONSOLE_CHANNEL = True
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/inbox/")
    expect(page.get_by_text("还没有消息")).to_be_visible()
    is_readable(page)
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="消息怎么收").click()
    is_readable(page)
    page.get_by_label("运行日志").check(force=True)
    page.get_by_label("什么时候发").select_option("18")
    page.get_by_label("免打扰从").select_option("21")
    page.get_by_label("免打扰到").select_option("8")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("消息设置已保存。")).to_be_visible()
    kept = Preference.objects.get(user=cast.people["chief"])
    assert (kept.channels, kept.digest_hour, kept.quiet_from, kept.quiet_to) == (["console"], 18, 21, 8)
