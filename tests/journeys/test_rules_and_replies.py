"""A rule proposes, the desk follows it by keyboard, the reply comes from a template; the keeper orders the rules."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    add_reply,
    add_rule,
    dispatch_workorder,
    report_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Channel, RoutingRule


@pytest.fixture
def leak(cast):
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories["leak"],
        area=cast.areas["stairwell"],
        words="楼道水管漏水，流到一楼。",
    )
    order = report_workorder(draft=draft, actor=cast.device, at=clock.now()).order
    return accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=clock.now())


@pytest.fixture
def rules(cast):
    keeper, at = cast.actor("system_admin"), clock.now()
    leak = cast.categories["leak"]
    return [
        add_rule(unit=cast.units["department_unit"], category=cast.categories["lamp"], actor=keeper, at=at),
        add_rule(unit=cast.units["property_unit"], category=leak, area=cast.areas["community"], actor=keeper, at=at),
        add_rule(unit=cast.units["owners_unit"], category=leak, actor=keeper, at=at),
    ]


def test_the_desk_follows_a_proposal_by_two_keys(desk_page, live_server, cast, signs_in, is_readable, leak, rules):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/")
    desk_page.keyboard.press("d")
    dialog = desk_page.get_by_role("dialog")
    expect(dialog.get_by_text("按第 2 条规则，“设施 › 漏水”在彩虹社区由演示安居物业承办。")).to_be_visible()
    expect(dialog.get_by_role("radio", name="演示安居物业")).to_be_checked()
    expect(dialog.locator("#preview")).to_contain_text("演示安居物业")
    is_readable(desk_page)
    desk_page.keyboard.press("Control+Enter")
    expect(desk_page.get_by_text("按第 2 条派单规则的建议")).to_be_visible()
    leak.refresh_from_db()
    assert (leak.status, leak.lead_unit) == (State.DISPATCHED, cast.units["property_unit"])
    event = Event.objects.get(subject_kind="workorder", subject_id=leak.pk, verb="dispatch")
    assert event.payload["proposal"]["followed"] is True


def test_a_template_is_picked_by_keyboard_filled_changed_and_sent(
    desk_page, live_server, cast, signs_in, is_readable, leak
):
    desk, unit, at = cast.actor("desk"), cast.actor("property"), clock.now()
    dispatch_workorder(order_id=leak.pk, unit=cast.units["property_unit"], actor=desk, at=at)
    take_workorder(order_id=leak.pk, actor=unit, at=at)
    settle_workorder(order_id=leak.pk, note="换了阀门。", actor=unit, at=at)
    add_reply(
        step="report_back", category=None, name="修好了", words="您反映的{类别}已由{承办单位}修好，请放心。",
        actor=cast.actor("system_admin"), at=at,
    )  # fmt: skip
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/report_back/")
    chosen = desk_page.get_by_label("答复模板")
    chosen.focus()
    desk_page.keyboard.press("ArrowDown")
    answer = desk_page.get_by_label("给反映人的答复")
    expect(answer).to_have_value("您反映的漏水已由演示安居物业修好，请放心。")
    preview = desk_page.locator("#reply-preview")
    expect(preview).to_contain_text("您反映的漏水已由演示安居物业修好，请放心。")
    expect(preview).to_contain_text("没有留电话")
    answer.focus()
    desk_page.keyboard.press("Control+End")
    desk_page.keyboard.type("有疑问请打 024-12345678。")
    expect(preview).to_contain_text("024-12345678")
    expect(preview).not_to_contain_text("没有留电话")
    is_readable(desk_page)
    desk_page.keyboard.press("Control+Enter")
    expect(desk_page.get_by_text("已反馈。")).to_be_visible()
    leak.refresh_from_db()
    assert leak.status == State.ANSWERED


def in_order():
    return list(RoutingRule.objects.in_force().values_list("pk", flat=True))


def test_rules_are_ordered_by_keyboard_and_by_dragging(desk_page, live_server, cast, signs_in, is_readable, rules):
    first, second, third = (rule.pk for rule in rules)
    signs_in(desk_page, "system_admin")
    desk_page.goto(f"{live_server.url}/desk/settings/routing/")
    is_readable(desk_page)
    up = desk_page.get_by_role("button", name=re.compile(r"上移\s*第 3 条"))
    up.focus()
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_text("现在是第 2 条。")).to_be_visible()
    assert in_order() == [first, third, second]
    expect(desk_page.get_by_text("第 2 条已经管了这些，轮不到这一条。")).to_be_visible()
    expect(desk_page.get_by_role("button", name=re.compile(r"上移\s*第 2 条"))).to_be_focused()
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_text("现在是第 1 条。")).to_be_visible()
    assert in_order() == [third, first, second]
    desk_page.locator(f"#rule-{third}").drag_to(desk_page.locator(f"#rule-{second}"))
    expect(desk_page.get_by_text("现在是第 3 条。")).to_be_visible()
    assert in_order() == [first, second, third]
    is_readable(desk_page)


def test_a_rule_is_tried_before_it_is_kept(desk_page, live_server, cast, signs_in, is_readable, leak):
    dispatch_workorder(order_id=leak.pk, unit=cast.units["owners_unit"], actor=cast.actor("desk"), at=clock.now())
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/settings/routing/")
    desk_page.get_by_role("link", name="试算").first.click()
    desk_page.get_by_label("类别").select_option(str(cast.categories["leak"].pk))
    desk_page.get_by_label("交给哪个承办单位").select_option(label="演示安居物业")
    desk_page.get_by_role("button", name="试算").click()
    expect(desk_page.get_by_role("cell", name="演示彩虹业委会")).to_be_visible()
    expect(desk_page.get_by_role("link", name=leak.number)).to_be_visible()
    is_readable(desk_page)
    assert not RoutingRule.objects.exists()
    desk_page.get_by_role("link", name="提出这条规则").click()
    desk_page.get_by_role("button", name="提出").click()
    expect(desk_page.get_by_text("已提出，等系统管理员采用。")).to_be_visible()
    assert RoutingRule.objects.proposed().count() == 1
