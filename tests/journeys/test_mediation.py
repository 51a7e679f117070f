"""矛盾调解 on the chief's phone: begun, talked about, agreed to, printed; the side reads it by the own code."""

from __future__ import annotations

from playwright.sync_api import expect

from louzhang.kit import codes
from louzhang.mediation.lifecycle import MediationState
from louzhang.mediation.models import Mediation, Party
from tests.browser.conftest import PHONE


def press(page, label):
    """Press what may be done now, also what lies under 更多."""
    button = page.get_by_role("link", name=label)
    if not button.is_visible():
        page.get_by_text("更多", exact=True).click()
    button.click()


def test_a_chief_mediates_until_the_agreement_is_printed(live_server, cast, pages, is_readable):
    chief, side = pages("chief", PHONE), pages("", PHONE)
    chief.goto(f"{live_server.url}/mediations/")
    is_readable(chief)
    chief.get_by_role("link", name="发起调解").click()
    chief.get_by_label("在哪里").select_option(str(cast.areas["building"].pk))
    chief.get_by_label("为了什么事").fill("楼上夜里有噪声。")
    is_readable(chief)
    chief.get_by_role("button", name="开始调解").click()
    for name in ("王大明", "李小红"):
        press(chief, "加当事人")
        chief.get_by_label("姓名或称呼").fill(name)
        is_readable(chief)
        chief.get_by_role("button", name="加当事人").click()
    press(chief, "记一次谈话")
    chief.get_by_label("谈了什么").fill("双方都说了话，互相道了歉。")
    chief.get_by_role("button", name="记一次谈话").click()
    press(chief, "达成协议")
    chief.get_by_label("双方同意").fill("十点以后不动家具。")
    is_readable(chief)
    chief.get_by_role("button", name="达成协议").click()
    expect(chief.get_by_text("十点以后不动家具。")).to_be_visible()
    is_readable(chief)
    chief.get_by_role("button", name="打印协议书，双方签字").click()
    expect(chief.get_by_role("heading", name="调解协议书")).to_be_visible()
    for words in ("王大明", "李小红", "十点以后不动家具。", "当事人甲签字："):
        expect(chief.get_by_text(words).first).to_be_visible()
    assert Mediation.objects.get().status == MediationState.AGREED

    side.goto(f"{live_server.url}/mediation/")
    is_readable(side)
    code = Party.objects.get(position=1).open_field("code")
    side.get_by_label("查询码").fill(codes.shown_tracking_code(code))
    side.get_by_role("button", name="打开").click()
    expect(side.get_by_text("十点以后不动家具。")).to_be_visible()
    is_readable(side)
