"""A community's Excel: upload, what each column is, what would become of it, carried in, lines handed back, undone."""

from __future__ import annotations

import io
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from playwright.sync_api import Page, expect

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.assessing import lay_down_assessments
from louzhang.register.actions.importing import go_on
from louzhang.register.models import ImportBatch, ImportPiece, Resident
from tests.cast import Cast

ROWS = (
    ("楼栋", "单元", "房号", "关系", "姓名", "身份证号", "电话", "政治面貌"),
    ("12栋", "2单元", "501", "户主", "演示甲", "11010519491231002X", "13911112222", "某"),
    ("", "", "", "配偶", "演示乙", "", "13911112223", ""),
    ("12栋", "2单元", "502", "户主", "演示丙", "110105194912310021", "", ""),
    ("99栋", "1单元", "101", "户主", "演示丁", "", "", ""),
)


def book() -> dict[str, Any]:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("住户")
        for line, cells in enumerate(ROWS):
            sheet.write_row(line, 0, cells)
        workbook.add_worksheet("旧底册").hide()
    return {"name": "住户.xlsx", "mimeType": "application/octet-stream", "buffer": kept.getvalue()}


def worker_goes_on() -> ImportBatch:
    """The worker's part, by hand."""
    batch = ImportBatch.objects.get()
    go_on(batch_id=batch.pk, at=clock.now())
    return batch


@pytest.fixture
def assessed(cast: Cast) -> None:
    lay_down_assessments(actor=SYSTEM, at=clock.now(), in_use=True)


def hand_back(page: Page) -> list[list[Any]]:
    """The workbook of wrong lines, read."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载要改的行").click()
    return python_calamine.CalamineWorkbook.from_path(str(taken.value.path())).get_sheet_by_index(0).to_python()


@pytest.mark.usefixtures("assessed")
def test_a_table_comes_in_and_is_taken_back(desk_page, live_server, signs_in, is_readable):
    page = desk_page
    signs_in(page, "desk")
    page.goto(f"{live_server.url}/register/imports/")
    is_readable(page)
    page.get_by_label("表格文件").set_input_files(book())
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("heading", name="正在读文件")).to_be_visible()
    is_readable(page)

    worker_goes_on()
    expect(page.get_by_role("heading", name="等您核对各列")).to_be_visible()
    expect(page.get_by_text("登记里不收的列不读入：“政治面貌”")).to_be_visible()
    expect(page.get_by_label("房号")).to_have_value("door")
    expect(page.get_by_label("政治面貌")).to_have_count(0)
    is_readable(page)
    page.get_by_role("button", name="核对各行").click()
    expect(page.get_by_role("heading", name="正在核对各行")).to_be_visible()

    worker_goes_on()
    expect(page.get_by_role("heading", name="等您确认")).to_be_visible()
    expect(page.get_by_text("隐藏的工作表没有读：“旧底册”").first).to_be_visible()
    expect(page.get_by_role("heading", name="要改的 2 行")).to_be_visible()
    is_readable(page)
    lines = hand_back(page)
    assert [(line[4], line[-1]) for line in lines] == [
        ("姓名", "原因"),
        ("演示丙", "身份证号码的最后一位校验不对，请逐位核对。"),
        ("演示丁", "本社区没有这栋楼，请核对楼栋；新楼请系统管理员先在区划里添加。"),
    ]
    page.get_by_role("button", name="全部导入").click()
    expect(page.get_by_role("heading", name="正在导入")).to_be_visible()

    worker_goes_on()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible()
    expect(page.get_by_text("新增房屋 1、户 1、人 2")).to_be_visible()
    assert set(ImportPiece.objects.values_list("kind", flat=True)) == {"wrong"}
    is_readable(page)
    page.get_by_text("撤销这次导入").click()
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_role("heading", name="正在撤销")).to_be_visible()

    worker_goes_on()
    expect(page.get_by_role("heading", name="已撤销")).to_be_visible()
    assert not Resident.objects.filter(name__startswith="演示", ended_at=None).exists()
    is_readable(page)
    page.get_by_role("link", name="导入住户登记").click()
    expect(page.get_by_role("cell", name="已撤销")).to_be_visible()
    is_readable(page)
