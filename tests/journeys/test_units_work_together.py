"""Several units on one order: asked, each replies, the lead settles; a dispute decided above; a meeting on the spot."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import (
    Draft,
    accept_workorder,
    dispatch_workorder,
    report_workorder,
    send_back_workorder,
    take_workorder,
)
from louzhang.workorders.lifecycle import PartState, State
from louzhang.workorders.models import Channel, DutyClause, Meeting, Motion, Part, RoutingRule, WorkOrder


@pytest.fixture
def accepted(cast):
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories["leak"],
        area=cast.areas["stairwell"],
        words="主管道漏水，水流到路面结冰。",
    )
    order = report_workorder(draft=draft, actor=cast.device, at=clock.now()).order
    return accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=clock.now())


@pytest.fixture
def switches(signs_in):
    """Go on as somebody else in the same browser."""

    def switch(page, key, url):
        page.context.clear_cookies()
        signs_in(page, key)
        return page.goto(url)

    return switch


def dispatches_with_helpers(desk_page):
    """The desk names the lead and two helpers in one dialog."""
    desk_page.keyboard.press("d")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_role("searchbox", name="承办单位").fill("住建")
    dialog.locator("#units").get_by_label("演示住建局").check()
    dialog.get_by_text("协办单位（选填）").click()
    dialog.locator("#pick-assists").get_by_label("演示安居物业").check()
    dialog.locator("#pick-assists").get_by_label("演示东风执法队").check()
    dialog.get_by_label("交办说明").fill("请一起到现场。")
    return dialog.get_by_role("button", name="交办")


def replies_at_the_desk(desk_page, is_readable):
    """A helping unit signs for its part and replies, both by a key."""
    expect(desk_page.get_by_text("请一起到现场。").first).to_be_visible()
    desk_page.keyboard.press("t")
    desk_page.get_by_role("dialog").get_by_role("button", name="签收协办").click()
    expect(desk_page.get_by_text("已签收协办。").first).to_be_visible()
    desk_page.keyboard.press("s")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("回复").fill("楼内的水排完了。")
    is_readable(desk_page)
    dialog.get_by_role("button", name="回复协办").click()
    expect(desk_page.get_by_text("协办已回复。").first).to_be_visible()


def replies_on_the_phone(page, is_readable):
    """The other helper does the same on the phone."""
    is_readable(page)
    page.get_by_role("button", name="签收协办").click()
    page.get_by_role("link", name="回复协办").click()
    page.get_by_role("button", name="已到现场配合完成。").click()
    is_readable(page)
    page.get_by_role("button", name="回复协办").click()
    expect(page.get_by_text("协办已回复。").first).to_be_visible()


def test_a_joint_order_from_the_dispatch_to_the_end(
    desk_page, page, live_server, switches, signs_in, is_readable, accepted
):
    url = f"{live_server.url}/desk/orders/{accepted.number}/"
    switches(desk_page, "desk", url)
    button = dispatches_with_helpers(desk_page)
    is_readable(desk_page)
    button.click()
    expect(desk_page.get_by_role("heading", name="协办（2 项还没回复）")).to_be_visible()
    is_readable(desk_page)

    switches(desk_page, "department", url)
    desk_page.keyboard.press("t")
    desk_page.get_by_role("dialog").get_by_role("button", name="签收").click()
    expect(desk_page.get_by_text("已签收，开始办理。").first).to_be_visible()
    desk_page.keyboard.press("s")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("办理情况").fill("主管道换好了，路面除冰。")
    dialog.get_by_role("button", name="办结").click()
    expect(dialog).to_contain_text("还有协办单位没有回复：演示安居物业、演示东风执法队")
    expect(dialog).to_contain_text("主管道换好了，路面除冰。")

    switches(desk_page, "property", f"{live_server.url}/desk/")
    desk_page.get_by_role("link", name="主管道漏水，水流到路面结冰。").click()
    replies_at_the_desk(desk_page, is_readable)
    signs_in(page, "enforcement")
    page.goto(f"{live_server.url}/field/orders/{accepted.number}/")
    replies_on_the_phone(page, is_readable)
    assert set(Part.objects.values_list("status", flat=True)) == {PartState.REPLIED}

    switches(desk_page, "department", url)
    desk_page.keyboard.press("s")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("办理情况").fill("主管道换好了，路面除冰。")
    dialog.get_by_role("button", name="办结").click()
    expect(desk_page.get_by_text("待反馈").first).to_be_visible()
    assert WorkOrder.objects.get().status == State.SETTLED


@pytest.fixture
def contested(cast, accepted):
    """Sent back by the property company and by the department."""
    DutyClause.objects.create(
        code="QZ-7",
        title="楼内漏水维修",
        unit=cast.units["property_unit"],
        category=cast.categories["leak"],
        starts_on=clock.local_date(clock.now()),
    )
    turns = (("property_unit", "property", "主管道不归物业。"), ("department_unit", "department", "楼内的事归物业。"))
    for key, who, why in turns:
        at = clock.now()
        dispatch_workorder(order_id=accepted.pk, unit=cast.units[key], actor=cast.actor("desk"), at=at)
        take_workorder(order_id=accepted.pk, actor=cast.actor(who), at=at)
        send_back_workorder(order_id=accepted.pk, reason=why, actor=cast.actor(who), at=at)
    return accepted


def test_two_send_backs_are_decided_by_the_level_above_on_a_clause(
    desk_page, live_server, cast, switches, is_readable, contested
):
    url = f"{live_server.url}/desk/orders/{contested.number}/"
    switches(desk_page, "desk", url)
    expect(desk_page.get_by_text("只能由上一级会商决定由谁办")).to_be_visible()
    expect(desk_page.get_by_role("link", name="交办", exact=False).filter(has_text="交办 d")).to_have_count(0)

    switches(desk_page, "street", f"{live_server.url}/desk/disputes/")
    is_readable(desk_page)
    desk_page.get_by_role("link", name="主管道漏水，水流到路面结冰。").click()
    desk_page.get_by_role("link", name="会商决定").click()
    dialog = desk_page.get_by_role("dialog")
    expect(dialog.get_by_text("主管道不归物业。")).to_be_visible()
    expect(dialog.get_by_text("楼内的事归物业。")).to_be_visible()
    dialog.locator("#pick-unit").get_by_label("演示安居物业").check()
    dialog.get_by_label("依据权责清单").select_option(label="权责清单 QZ-7“楼内漏水维修”（演示安居物业）")
    dialog.get_by_label("会商决定").fill("按清单由物业维修，住建局提供图纸。")
    is_readable(desk_page)
    dialog.get_by_role("button", name="会商决定").click()
    expect(desk_page.get_by_text("会商决定交给：演示安居物业，依据权责清单 QZ-7“楼内漏水维修”").first).to_be_visible()

    order = WorkOrder.objects.get()
    assert (order.status, order.lead_unit) == (State.DISPATCHED, cast.units["property_unit"])
    assert RoutingRule.objects.proposed().get().origin == order
    switches(desk_page, "property", url)
    expect(desk_page.get_by_role("link", name="签收 t")).to_be_visible()
    expect(desk_page.get_by_role("link", name="退回", include_hidden=True)).to_have_count(0)


def test_a_meeting_on_the_spot_leaves_promises_and_a_motion(
    desk_page, live_server, cast, switches, is_readable, accepted
):
    switches(desk_page, "desk", f"{live_server.url}/desk/orders/{accepted.number}/")
    expect(desk_page.get_by_role("link", name="召集现场办公")).to_have_count(0)
    desk_page.get_by_text("更多", exact=True).click()
    is_readable(desk_page)
    desk_page.get_by_role("link", name="召集现场办公").click()
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("演示安居物业").check()
    dialog.get_by_label("地点").fill("12号楼2单元门口")
    dialog.get_by_label("时间").fill("2030-03-03T14:30")
    is_readable(desk_page)
    dialog.get_by_role("button", name="召集现场办公").click()
    desk_page.get_by_role("link", name="记录", exact=True).click()
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("记录").fill("三方到场。")
    dialog.get_by_label("第 1 项承诺的单位").select_option(label="演示安居物业")
    dialog.get_by_label("第 1 项承诺做什么").fill("一周内换阀门")
    is_readable(desk_page)
    dialog.get_by_role("button", name="记录现场办公").click()
    expect(desk_page.get_by_text("一周内换阀门")).to_be_visible()
    assert Part.objects.get().meeting == Meeting.objects.get()

    desk_page.get_by_text("更多", exact=True).click()
    desk_page.get_by_role("link", name="提出议案建议").click()
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("标题").fill("老管网改造")
    dialog.get_by_label("要解决什么").fill("建议列入民生实事。")
    dialog.get_by_role("button", name="提出议案建议").click()
    desk_page.get_by_role("link", name="老管网改造").click()
    desk_page.get_by_label("提交给").fill("区人大代表联络站")
    desk_page.get_by_role("button", name="提交").click()
    expect(desk_page.get_by_text("提交给：区人大代表联络站")).to_be_visible()
    is_readable(desk_page)
    assert Motion.objects.get().status == "submitted"
    for path in ("parts", "meetings", "motions"):
        desk_page.goto(f"{live_server.url}/desk/{path}/")
        is_readable(desk_page)
