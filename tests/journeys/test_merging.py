"""One leak reported twice: compared side by side, merged by one key, undone; a neighbour says that they see it too."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from louzhang.journal.actions import receive_attachment
from louzhang.journal.actor import Actor, ActorKind
from louzhang.journal.models import Attachment
from louzhang.kit import clock
from louzhang.workorders.actions import Draft, announce_workorder, report_workorder
from louzhang.workorders.models import Channel, PublicLine, WorkOrder

NEIGHBOUR = Actor(kind=ActorKind.DEVICE, device="c" * 64)


def photo_of_a_leak(colour: tuple[int, int, int]) -> bytes:
    picture = Image.new("RGB", (1600, 1200), colour)
    pen = ImageDraw.Draw(picture)
    for drop in range(14):
        pen.ellipse(
            (120 + drop * 100, 300 + drop % 4 * 120, 180 + drop * 100, 400 + drop % 4 * 120), fill=(150, 190, 220)
        )
    pen.ellipse((700, 200, 900, 450), fill=(224, 190, 160))  # somebody's face
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=88)
    return kept.getvalue()


@pytest.fixture
def files(cast, worker_runs):
    """File a report with a photo that the worker has made small."""

    def file(actor, words, colour, **more):
        content = photo_of_a_leak(colour)
        at = clock.now()
        photo = receive_attachment(
            stream=io.BytesIO(content), declared_type="image/jpeg", size=len(content), actor=actor, at=at
        )
        facts = {"category": cast.categories["leak"], "area": cast.areas["stairwell"], "photos": [photo.uid]} | more
        filed = report_workorder(draft=Draft(channel=Channel.RESIDENT, words=words, **facts), actor=actor, at=at)
        worker_runs()
        return filed.order

    return file


@pytest.fixture
def pair(cast, files):
    first = files(cast.device, "2 单元一楼楼道水管漏水，地上全是水，老人走路要滑倒。", (70, 80, 92))
    second = files(NEIGHBOUR, "楼道里一直在滴水，墙都湿了，请尽快来看看。", (96, 88, 80), area=cast.areas["building"])
    return first, second


def test_the_desk_compares_two_reports_and_merges_them_by_keyboard(
    desk_page, live_server, cast, signs_in, is_readable, pair
):
    first, second = pair
    faults = []
    desk_page.on("pageerror", lambda error: faults.append(str(error)))
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{second.number}/")
    card = desk_page.get_by_role("region", name=re.compile("可能是同一件事"))
    expect(card).to_contain_text("同类别，同一栋楼")
    is_readable(desk_page)
    card.get_by_role("link", name="对照看").click()

    expect(desk_page.get_by_role("heading", name="是不是同一件事")).to_be_visible()
    expect(desk_page.locator(".lz-side-photo")).to_have_count(2)
    expect(desk_page.get_by_text("老人走路要滑倒")).to_be_visible()
    expect(desk_page.get_by_text("墙都湿了")).to_be_visible()
    is_readable(desk_page)

    desk_page.keyboard.press("m")
    expect(desk_page.get_by_role("radio", name=re.compile(first.number))).to_be_checked()
    is_readable(desk_page)
    desk_page.keyboard.press("Enter")

    expect(desk_page).to_have_url(re.compile(f"/desk/orders/{first.number}/"))
    expect(desk_page.get_by_role("region", name="其他人怎么说")).to_contain_text("墙都湿了")
    assert WorkOrder.objects.get(pk=first.pk).report_count == 2
    is_readable(desk_page)

    desk_page.get_by_role("region", name="并入本件的工单").get_by_role("link", name=second.number).click()
    expect(desk_page.get_by_role("region", name="已并入")).to_contain_text(first.number)
    desk_page.keyboard.press("u")
    desk_page.get_by_role("dialog").get_by_role("button", name="撤销并入").click()
    expect(desk_page.get_by_text("撤销了并入，单独办理").first).to_be_visible()
    assert [WorkOrder.objects.get(pk=order.pk).report_count for order in pair] == [1, 1]
    assert faults == []


def test_the_desk_draws_over_a_face_and_releases_the_copy(
    desk_page, live_server, cast, signs_in, is_readable, worker_runs, pair
):
    first, _ = pair
    leak = cast.categories["leak"]
    leak.is_public_space = True
    leak.save(update_fields=["is_public_space"])
    original = Attachment.objects.get(subject_id=first.pk, subject_kind="workorder")
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{first.number}/")
    desk_page.get_by_role("link", name="遮挡照片").click()
    canvas = desk_page.locator(".lz-canvas")
    expect(canvas.locator("img")).to_have_js_property("complete", True)
    desk_page.wait_for_load_state()  # the script that draws listens from then on
    frame = canvas.bounding_box()
    desk_page.mouse.move(frame["x"] + frame["width"] * 0.4, frame["y"] + frame["height"] * 0.1)
    desk_page.mouse.down()
    desk_page.mouse.move(frame["x"] + frame["width"] * 0.6, frame["y"] + frame["height"] * 0.4, steps=4)
    desk_page.mouse.up()
    expect(desk_page.get_by_label("离左边").first).to_have_value(re.compile(r"^(39|40)"))
    is_readable(desk_page)
    desk_page.get_by_role("button", name="遮挡并另存").click()
    expect(desk_page.get_by_text("遮挡了照片里的人脸或车牌").first).to_be_visible()
    worker_runs()
    copy = Attachment.objects.exclude(pk=original.pk).get(subject_id=first.pk, subject_kind="workorder")

    desk_page.reload()
    desk_page.get_by_role("link", name="公开给邻居").click()
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("给邻居看的一句话").fill("2 单元楼道漏水，已交物业。")
    dialog.locator(f'label:has(input[value="{copy.uid}"])').click()
    is_readable(desk_page)
    dialog.get_by_role("button", name="公开给邻居").click()
    expect(desk_page.get_by_text("邻居可以点“我也遇到”").first).to_be_visible()
    assert PublicLine.objects.get().photo == copy.uid


def test_a_neighbour_sees_it_too(page, live_server, cast, is_readable, files):
    lamp = cast.categories["lamp"]
    lamp.keywords, lamp.is_public_space = "灯 不亮", True
    lamp.save()
    order = files(cast.device, "灯坏了，我是 301 的王芳。", (40, 44, 50), category=lamp)
    photo = Attachment.objects.get(subject_id=order.pk, subject_kind="workorder")
    announce_workorder(
        order_id=order.pk, words="2 单元三楼楼道灯不亮，已交物业。", photo=photo.uid, actor=cast.actor("desk"),
        at=clock.now(),
    )  # fmt: skip
    page.goto(f"{live_server.url}/report/")
    page.get_by_label("发生了什么").fill("三楼灯不亮。")
    expect(page.get_by_role("radio", name="楼道灯", exact=True)).to_be_checked()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("社区（村）").select_option("彩虹社区")
    page.get_by_label("楼栋").select_option("12号楼")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("附近有人反映过，是同一件事吗？")).to_be_visible()
    page.get_by_role("radio", name=re.compile("我也遇到")).check()
    is_readable(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("这件事已有邻居反映")).to_be_visible()
    page.get_by_role("link", name="看办到哪一步").click()
    expect(page.get_by_text("另有 1 位居民也反映了这件事")).to_be_visible()
    expect(page.get_by_text("王芳")).to_have_count(0)
    is_readable(page)
    assert WorkOrder.objects.get().report_count == 2
