"""A resident's phone: a photo and a few words become a number, a code and steps to follow."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from louzhang.workorders.models import WorkOrder


def photo_of_a_dark_stairwell() -> bytes:
    picture = Image.new("RGB", (2400, 1800), (38, 42, 48))
    pen = ImageDraw.Draw(picture)
    for step in range(12):
        pen.rectangle((200, 1600 - step * 110, 2200 - step * 60, 1660 - step * 110), fill=(90, 92, 96))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=90)
    return kept.getvalue()


def test_a_photo_becomes_a_code_and_steps_to_follow(page, live_server, cast, is_readable, worker_runs):
    lamp = cast.categories["lamp"]
    lamp.keywords = "灯 不亮"
    lamp.save()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(live_server.url)
    is_readable(page)
    page.get_by_role("link", name="随手拍").first.click()

    page.locator("input[type=file]").set_input_files(
        {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": photo_of_a_dark_stairwell()}
    )
    expect(page.locator("input[name=photos]")).to_have_count(1)
    page.get_by_label("发生了什么").fill("三楼灯不亮，老人下楼看不清。")
    expect(page.get_by_role("radio", name="楼道灯", exact=True)).to_be_checked()
    is_readable(page)
    page.get_by_role("button", name="下一步").click()

    page.get_by_label("社区（村）").select_option("彩虹社区")
    page.get_by_label("楼栋").select_option("12号楼")
    page.get_by_label("单元").select_option("2单元")
    is_readable(page)
    page.get_by_role("button", name="下一步").click()

    expect(page.get_by_role("heading", name="怎么联系您？")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("单元")).to_have_value(str(cast.areas["stairwell"].pk))
    page.go_forward()
    is_readable(page)
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_role("heading", name="已经收到了")).to_be_visible()
    expect(page.locator(".lz-copy-text")).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    order = WorkOrder.objects.get()
    expect(page.get_by_text(order.number)).to_be_visible()
    is_readable(page)

    worker_runs()
    page.get_by_role("link", name="看办到哪一步").click()
    expect(page.get_by_role("listitem").filter(has_text="第一步，共四步，受理中")).to_be_visible()
    picture = page.locator(".lz-photos img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    is_readable(page)
    assert faults == []


def test_an_open_question_is_told_where_it_stands_and_goes_away_when_answered(page, live_server, cast, is_readable):
    lamp = cast.categories["lamp"]
    lamp.keywords = "灯 不亮"
    lamp.questions = [{"key": "dark", "label": "整栋楼都不亮吗", "choices": ["是", "不是"], "required": True}]
    lamp.save()
    page.goto(f"{live_server.url}/report/")
    page.get_by_label("发生了什么").fill("三楼灯不亮。")
    question = page.get_by_role("group", name="整栋楼都不亮吗")
    expect(question).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    expect(question.get_by_text("请回答：整栋楼都不亮吗。")).to_be_visible()
    is_readable(page)
    question.get_by_label("不是").check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="在哪里？")).to_be_visible()


def test_a_photo_chosen_before_the_page_is_whole_is_taken(page, live_server, cast):
    late = []

    def hold(route):
        late.append(route)

    page.route("**/photos*.js", hold)
    page.goto(f"{live_server.url}/report/", wait_until="commit")
    page.locator("input[type=file]").set_input_files(
        {"name": "楼道.jpg", "mimeType": "image/jpeg", "buffer": photo_of_a_dark_stairwell()}
    )
    expect(page.locator(".lz-shot")).to_have_count(0)
    (script,) = late
    script.continue_()
    expect(page.locator("input[name=photos]")).to_have_count(1)
    expect(page.locator(".lz-shot")).to_have_count(1)
