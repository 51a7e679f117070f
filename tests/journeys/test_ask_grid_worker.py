"""微邻里 on two phones: a question, a short answer, and what is not solved by it becomes an order."""

from __future__ import annotations

from playwright.sync_api import expect

from louzhang.inquiries.models import Inquiry
from louzhang.workorders.models import WorkOrder
from tests.browser.conftest import PHONE


def test_a_question_is_answered_in_two_taps_and_becomes_an_order(live_server, cast, pages, is_readable):
    resident, worker = pages("", PHONE), pages("grid_worker", PHONE)
    resident.goto(f"{live_server.url}/ask/")
    resident.get_by_label("想问什么").fill("三楼的灯什么时候修？")
    resident.get_by_label("社区（村）").select_option(str(cast.areas["community"].pk))
    resident.get_by_label("楼栋").select_option(str(cast.areas["building"].pk))
    resident.get_by_label("单元").select_option(str(cast.areas["stairwell"].pk))
    is_readable(resident)
    resident.get_by_role("button", name="问", exact=True).click()
    expect(resident.get_by_role("heading", name="我的提问")).to_be_visible()

    worker.goto(f"{live_server.url}/field/")
    worker.get_by_role("link", name="居民提问").first.click()
    worker.get_by_role("link", name="三楼的灯什么时候修？").click()
    worker.get_by_role("button", name="收到，我去看看，今天给您回话。").click()
    is_readable(worker)
    worker.get_by_role("button", name="发出回答").click()
    expect(worker.get_by_text("回答已经发出。")).to_be_visible()
    expect(worker.get_by_text("都回答了")).to_be_visible()

    resident.reload()
    expect(resident.get_by_text("收到，我去看看，今天给您回话。")).to_be_visible()
    is_readable(resident)
    resident.get_by_role("link", name="没解决，变成工单").click()
    is_readable(resident)
    resident.get_by_text("自己选类别").click()
    resident.get_by_text("设施", exact=True).click()
    resident.locator(".lz-kinds").get_by_label("楼道灯").check()
    resident.get_by_role("button", name="变成工单").click()
    expect(resident.get_by_text("已变成工单，提问到此结束。")).to_be_visible()
    assert Inquiry.objects.get().order == WorkOrder.objects.get()
