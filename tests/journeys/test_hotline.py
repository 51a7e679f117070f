"""12345: a sheet of the hotline becomes orders, the answers leave as one file, and come back when it got lost."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import expect

from louzhang.journal.actions import read_new_events
from louzhang.kit import clock
from louzhang.workorders.actions import decline_workorder
from louzhang.workorders.imports.sheets import COLUMNS
from louzhang.workorders.models import HotlineReply, WorkOrder

NUMBER = "HL-2026-0042"
LINE = {"热线工单号": NUMBER, "类别": "漏水", "楼栋": "12号楼", "单元": "2单元", "内容": "楼道漏水，请处理。"}


def sheet():
    """One line as the hotline's export has it."""
    kept = io.StringIO()
    writer = csv.DictWriter(kept, COLUMNS)
    writer.writeheader()
    writer.writerow(LINE)
    return {"name": "热线.csv", "mimeType": "text/csv", "buffer": kept.getvalue().encode("gb18030")}


def test_an_order_comes_from_the_hotline_and_its_answer_goes_back(desk_page, live_server, cast, signs_in, is_readable):
    page = desk_page
    signs_in(page, "desk")
    page.goto(f"{live_server.url}/desk/hotline/")
    expect(page.get_by_text("没有要回传的答复")).to_be_visible()
    is_readable(page)
    page.get_by_role("link", name="导入热线工单").click()
    page.get_by_label("文件", exact=True).set_input_files(sheet())
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="可以登记 1 件")).to_be_visible()
    is_readable(page)
    page.get_by_role("button", name="全部登记").click()
    order = WorkOrder.objects.get()
    assert order.source_number == NUMBER
    decline_workorder(
        order_id=order.pk, reason="不属于本区。", advice="请找邻区。", actor=cast.actor("desk"), at=clock.now()
    )
    read_new_events(at=clock.now())

    page.goto(f"{live_server.url}/desk/hotline/")
    expect(page.get_by_role("cell", name=NUMBER)).to_be_visible()
    is_readable(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出并记为已回传").click()
    assert taken.value.suggested_filename.startswith("热线回传-")
    assert HotlineReply.objects.get().sent_at is not None
    page.reload()
    expect(page.get_by_text("我最近导出的")).to_be_visible()
    is_readable(page)
    page.get_by_role("button", name="放回待回传").click()
    expect(page.get_by_text("1 条答复放回了待回传。")).to_be_visible()
    expect(page.get_by_role("cell", name=NUMBER)).to_be_visible()
