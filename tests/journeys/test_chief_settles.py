"""A chief's phone: a neighbour's matter is written down and settled on the spot, an order is taken and settled."""

from __future__ import annotations

from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import Draft, accept_workorder, dispatch_workorder, report_workorder
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import AnswerWay, Channel, Report, WorkOrder


def test_a_neighbours_matter_is_settled_on_the_spot(page, live_server, cast, signs_in, is_readable):
    signs_in(page, "stairwell_head")
    page.goto(f"{live_server.url}/field/")
    is_readable(page)
    page.get_by_role("link", name="现场办结").click()

    page.get_by_label("帮邻居反映").check()
    page.get_by_label("什么事").fill("楼道灯不亮，奶奶看不清台阶。")
    expect(page.get_by_role("radio", name="楼道灯")).to_be_checked()
    page.get_by_text("自己选类别").click()
    page.get_by_text("设施", exact=True).click()
    page.locator(".lz-kinds").get_by_label("楼道灯").check()
    page.get_by_label("凭查询码自己看").check()
    page.get_by_role("button", name="已当场处理好了。").click()
    expect(page.get_by_label("怎么办好的")).to_have_value("已当场处理好了。")
    is_readable(page)
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_role("heading", name="已现场办结")).to_be_visible()
    is_readable(page)
    order, voice = WorkOrder.objects.get(), Report.objects.get()
    assert (order.status, order.is_settled_on_spot, order.area) == (State.SETTLED, True, cast.areas["stairwell"])
    assert (voice.reporter, voice.entered_by) == (None, cast.people["stairwell_head"])


def test_a_grid_worker_writes_down_a_complaint_that_the_accused_chief_never_finds(
    page, live_server, cast, signs_in, is_readable
):
    signs_in(page, "grid_worker")
    page.goto(f"{live_server.url}/field/report/")
    page.get_by_label("帮邻居反映").check()
    page.get_by_label("什么事").fill("十二号楼楼长一直不理人。")
    page.get_by_text("自己选类别").click()
    page.get_by_text("设施", exact=True).click()
    page.locator(".lz-kinds").get_by_label("投诉人员或单位").check()
    expect(page.get_by_text("先选哪栋楼")).to_be_visible()
    page.get_by_label("哪栋楼").select_option(str(cast.areas["building"].pk))
    page.get_by_label("您要投诉谁").select_option(f"post:{cast.posts['chief'].pk}")
    page.get_by_label("凭查询码自己看").check()
    is_readable(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已上报")).to_be_visible()
    is_readable(page)

    order = WorkOrder.objects.get()
    assert order.about_user == cast.people["chief"]
    page.context.clear_cookies()
    signs_in(page, "chief")
    answer = page.goto(f"{live_server.url}/field/orders/{order.number}/")
    assert answer.status == 404
    page.goto(f"{live_server.url}/field/")
    assert order.summary not in page.content()


def test_an_order_is_taken_called_about_and_settled(page, live_server, cast, signs_in, is_readable):
    at, desk = clock.now(), cast.actor("desk")
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories["lamp"],
        area=cast.areas["stairwell"],
        words="三楼灯不亮。",
        phone="13900009999",
        answer_way=AnswerWay.PHONE,
    )
    order = report_workorder(draft=draft, actor=cast.device, at=at).order
    accept_workorder(order_id=order.pk, actor=desk, at=at)
    office, chief = cast.units["community_office"], cast.posts["chief"]
    dispatch_workorder(order_id=order.pk, unit=office, seat=chief, actor=desk, at=at)

    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/")
    page.get_by_role("link", name="三楼灯不亮。").click()
    is_readable(page)
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_text("已签收。")).to_be_visible()

    page.get_by_text("打电话").click()
    page.get_by_role("button", name="了解情况").click()
    expect(page.get_by_role("link", name="拨打 13900009999")).to_have_attribute("href", "tel:13900009999")
    is_readable(page)

    page.get_by_role("link", name="办结").click()
    page.get_by_role("button", name="已更换坏件，试用正常。").click()
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_text("已办结，等待反馈。")).to_be_visible()
    order.refresh_from_db()
    assert order.status == State.SETTLED


def test_a_message_of_the_group_becomes_a_report_with_the_number_in_its_place(
    page, live_server, cast, signs_in, is_readable
):
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/report/paste/")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("请先把群里的消息粘贴到这里")).to_be_visible()
    is_readable(page)
    page.get_by_label("把群里的消息粘贴到这里").fill("李阿姨：12号楼2单元灯不亮，打13900001111")
    expect(page.get_by_text("请先把群里的消息粘贴到这里")).to_have_count(0)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="消息里的 13900001111 填到这里").click()
    expect(page.get_by_label("邻居的电话")).to_have_value("13900001111")
    expect(page.get_by_label("什么事")).to_have_value("12号楼2单元灯不亮，打")
    assert "13900001111" not in page.url
    is_readable(page)
