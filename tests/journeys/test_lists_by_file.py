"""An administrator brings lists in by file, and the desk searches for a name: readable at every step."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from louzhang.areas.models import Area, Post, Unit
from louzhang.areas.tests.list_files import sheet_of
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel

SETTINGS = "desk/settings/"
RIGHT = [
    {"名称": "演示第一小学", "类型": "共建单位", "公开电话": "024-12345678", "职责": "助学", "服务范围编码": "C1、C2"},
    {"名称": "演示住建局", "类型": "部门", "职责": "房屋和物业管理"},
]
WRONG = [*RIGHT, {"名称": "甲", "类型": "学校"}, {"名称": "乙", "类型": "部门", "服务范围编码": "X9"}]
LISTS = ("areas", "units", "posts", "titles", "categories")


def send(page, content, name="单位.csv"):
    page.get_by_label("文件", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传并检查").click()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_list_is_looked_at_mended_and_stored(desk_page, live_server, cast, signs_in, is_readable, look):
    signs_in(desk_page, "system_admin")
    desk_page.emulate_media(color_scheme=look)
    desk_page.goto(f"{live_server.url}/{SETTINGS}units/import/")
    is_readable(desk_page)
    send(desk_page, sheet_of(*WRONG))
    expect(desk_page.get_by_role("heading", name="4 行里有 2 行要改")).to_be_visible()
    is_readable(desk_page)
    send(desk_page, sheet_of(*RIGHT))
    expect(desk_page.get_by_role("heading", name="可以新增 1 行，已有的 1 行不改动")).to_be_visible()
    is_readable(desk_page)
    desk_page.get_by_role("button", name="全部导入").click()
    expect(desk_page.get_by_text("新增 1 行")).to_be_visible()
    assert Unit.objects.filter(name="演示第一小学").exists()


def test_the_tree_is_looked_at_before_it_is_stored(desk_page, live_server, cast, signs_in, is_readable):
    signs_in(desk_page, "system_admin")
    desk_page.goto(f"{live_server.url}/{SETTINGS}areas/import/")
    tree = "code,name,parent_code,level\nG8,8号网格,C1,网格\nG1,三号网格,C1,网格\n"
    send(desk_page, tree.encode(), "区划.csv")
    expect(desk_page.get_by_role("heading", name="可以新增 1 个地点，已有的 1 个不改动")).to_be_visible()
    desk_page.get_by_text("有些行和本区现在的不同").click()
    expect(desk_page.get_by_text("文件里叫“三号网格”，没有改动")).to_be_visible()
    is_readable(desk_page)
    assert not Area.objects.filter(code="G8").exists()
    desk_page.get_by_role("button", name="全部导入").click()
    expect(desk_page.get_by_text("新增 1 个地点，已有的 1 个没有改动。")).to_be_visible()
    assert Area.objects.filter(code="G8").exists()


@pytest.mark.parametrize("name", LISTS)
def test_every_list_and_its_import_is_readable(desk_page, live_server, cast, signs_in, is_readable, name):
    signs_in(desk_page, "system_admin")
    for path in (f"{name}/", f"{name}/import/"):
        desk_page.goto(f"{live_server.url}/{SETTINGS}{path}")
        menu = desk_page.locator("summary", has_text="导出")
        if menu.count():
            menu.click()
        is_readable(desk_page)
        wide = desk_page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


def test_a_post_is_filled_with_somebody_beside(desk_page, live_server, cast, signs_in, is_readable):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/{SETTINGS}posts/new/?area={cast.areas['next_grid'].pk}")
    desk_page.locator("summary", has_text="还没有登记的人").click()
    desk_page.locator("input[name=name]").fill("王小芳")
    desk_page.locator("input[name=phone]").fill("13800000001")
    desk_page.locator("summary", has_text="替岗人").click()
    desk_page.locator("[name=stand_in-words]").fill("网格长")
    desk_page.locator("[name=look_stand_in]").click()
    expect(desk_page.get_by_text("演示网格长")).to_be_visible()
    is_readable(desk_page)
    assert desk_page.locator("input[name=name]").input_value() == "王小芳"
    desk_page.get_by_role("button", name="任命", exact=True).click()
    expect(desk_page.get_by_role("heading", name="王小芳，网格员")).to_be_visible()
    assert Post.objects.get(user__name="王小芳").stand_in == cast.people["grid_lead"]


def test_a_name_is_searched_for_and_stands_in_no_address(desk_page, live_server, cast, signs_in, is_readable):
    draft = Draft(
        channel=Channel.CALL,
        category=cast.categories["lamp"],
        area=cast.areas["stairwell"],
        words="王小芳家门口的灯不亮。",
        is_for_another=True,
    )
    report_workorder(draft=draft, actor=cast.actor("desk"), at=cast.at)
    asked = []
    desk_page.on("request", lambda request: asked.append(request.url))
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/")
    desk_page.get_by_text("筛选", exact=True).first.click()
    desk_page.get_by_label("内容或地点").fill("王小芳")
    desk_page.get_by_role("button", name="筛选", exact=True).click()
    expect(desk_page.get_by_role("link", name="含“王小芳”")).to_be_visible()
    expect(desk_page.get_by_role("link", name="王小芳家门口的灯不亮。")).to_be_visible()
    is_readable(desk_page)
    desk_page.get_by_role("link", name="看地图").click()
    expect(desk_page.get_by_role("link", name="含“王小芳”")).to_be_visible()
    assert [url for url in asked if "王小芳" in unquote(url)] == []
    assert "found=" in desk_page.url
