"""我的登记 on a resident's phone: recognised by the chief, read, who looked, corrected by the desk, taken along."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import Batch, ResidentDraft
from louzhang.register.models import CareTag, Resident, Tie
from louzhang.register.tests.lawful import put_in_use
from tests.browser.conftest import PHONE


def live_in(cast):
    """A home behind a door of the chief's building."""
    batch = Batch(actor=SYSTEM, at=cast.at)
    home = batch.add_dwelling(area=cast.areas["stairwell"], door="301", floor=3)
    family = batch.add_household(dwelling=home, starts_on=clock.local_date(cast.at) - timedelta(days=900))
    draft = ResidentDraft("演示奶奶", Tie.HEAD, "f", birth_year=1948, phone="13911110009")
    batch.add_resident(household=family, draft=draft)
    batch.store()
    put_in_use(cast, "living_alone")
    return Resident.objects.get()


def is_recognised(own, chief, url, is_readable):
    """Says who she is; the chief has met her."""
    own.goto(f"{url}/mine/register/")
    is_readable(own)
    own.get_by_role("link", name="认证本人").click()
    own.get_by_label("姓名").fill("演示奶奶")
    own.get_by_label("登记过的电话").fill("13911110009")
    is_readable(own)
    own.get_by_role("button", name="提交").click()
    expect(own.get_by_text("演示奶奶")).to_have_count(0)

    chief.goto(f"{url}/register/care/bindings/")
    is_readable(chief)
    chief.get_by_role("button", name="确认是本人").click()
    expect(chief.get_by_text("没有待认证的")).to_be_visible()


def is_looked_after(chief, url, uid, is_readable):
    """The chief writes down what for, opens it again with a reason, sees it among what is due."""
    chief.goto(f"{url}/register/residents/{uid}/")
    chief.get_by_role("link", name="关").click()
    is_readable(chief)
    chief.get_by_role("link", name="记关爱标记").click()
    chief.get_by_role("radio", name="独居").check()
    chief.get_by_label("为这位居民做什么").fill("每周探访一次")
    until = clock.local_date(clock.now()) + timedelta(days=20)
    chief.get_by_label("到哪天为止").fill(until.isoformat())
    is_readable(chief)
    chief.get_by_role("button", name="记关爱标记").click()
    expect(chief.get_by_text("独居")).to_have_count(0)
    chief.get_by_role("button", name="上门探访").click()
    expect(chief.get_by_role("heading", name="独居")).to_be_visible()
    is_readable(chief)
    chief.get_by_role("link", name="记单独同意").click()
    is_readable(chief)
    chief.goto(f"{url}/register/care/")
    expect(chief.get_by_text("演示奶奶")).to_be_visible()
    is_readable(chief)


def reads_and_asks(own, is_readable):
    """Reads the own entry and who looked, and asks to have the number corrected."""
    own.reload()
    expect(own.get_by_role("heading", name="演示奶奶")).to_be_visible()
    own.get_by_text("关爱和同意").click()
    expect(own.get_by_text("每周探访一次")).to_be_visible()
    is_readable(own)
    own.get_by_role("link", name="谁看过我的登记").click()
    expect(own.get_by_text("为什么：上门探访")).to_be_visible()
    is_readable(own)
    own.get_by_role("link", name="我的登记").first.click()
    own.get_by_role("link", name="我的权利：更正、复制、删除").click()
    own.get_by_role("link", name="请求更正").click()
    own.get_by_role("radio", name="电话").check()
    own.get_by_label("应该是").fill("13911110010")
    is_readable(own)
    own.get_by_role("button", name="提交").click()
    expect(own.get_by_text("等答复")).to_be_visible()
    is_readable(own)


def is_answered(desk, url, is_readable):
    """The office carries it out without reading the number."""
    desk.goto(f"{url}/desk/rights/")
    is_readable(desk)
    desk.get_by_role("link", name="演示奶奶").click()
    expect(desk.get_by_text("139****0010")).to_be_visible()
    is_readable(desk)
    desk.get_by_role("button", name="照办", exact=True).click()
    expect(desk.get_by_text("没有等答复的请求")).to_be_visible()
    is_readable(desk)


def test_a_resident_knows_what_is_held_and_who_looked_and_has_it_corrected(live_server, cast, pages, is_readable):
    grandmother, url = live_in(cast), live_server.url
    own, chief, desk = pages("", PHONE), pages("chief", PHONE), pages("desk")
    is_recognised(own, chief, url, is_readable)
    is_looked_after(chief, url, grandmother.uid, is_readable)
    reads_and_asks(own, is_readable)
    is_answered(desk, url, is_readable)
    own.reload()
    expect(own.get_by_text("已办好")).to_be_visible()
    with own.expect_download() as packed:
        own.get_by_role("button", name="复制一份带走").click()
    assert packed.value.suggested_filename == "my-entry.zip"
    grandmother.refresh_from_db()
    assert grandmother.open_field("phone") == "13911110010"
    assert CareTag.objects.get().purpose == "每周探访一次"


HEALTH = "右腿不方便，要两个人扶"


def consents_and_is_noted(chief, url, uid, is_readable):
    """By word she consents; only then the chief writes down what to heed, and opens it by a tap of its own."""
    chief.goto(f"{url}/register/care/of/{uid}/consent/")
    chief.get_by_role("radio", name="失能").check()
    chief.get_by_role("radio", name="口头").check()
    chief.get_by_role("button", name="记单独同意").click()
    chief.get_by_role("link", name="记关爱标记").click()
    chief.get_by_role("radio", name="失能").check()
    chief.get_by_label("为这位居民做什么").fill("每周上门一次")
    chief.get_by_label("健康情况：照看时要注意什么").fill(HEALTH)
    chief.get_by_label("到哪天为止").fill((clock.local_date(clock.now()) + timedelta(days=20)).isoformat())
    is_readable(chief)
    chief.get_by_role("button", name="记关爱标记").click()
    chief.get_by_role("button", name="上门探访").click()
    expect(chief.get_by_text(HEALTH)).to_have_count(0)
    is_readable(chief)
    chief.get_by_role("button", name="打开健康情况").click()
    expect(chief.get_by_text(HEALTH)).to_be_visible()
    is_readable(chief)


def reads_it_and_takes_it_back(own, is_readable):
    """She reads what is noted and who opened it, and takes her consent back in one tap."""
    own.reload()
    own.get_by_text("关爱和同意").click()
    own.get_by_role("button", name="看健康情况").click()
    expect(own.get_by_text(HEALTH)).to_be_visible()
    is_readable(own)
    own.get_by_role("link", name="谁看过我的登记").click()
    expect(own.get_by_text("健康情况").first).to_be_visible()
    is_readable(own)
    own.get_by_role("link", name="我的登记").first.click()
    own.get_by_text("关爱和同意").click()
    own.get_by_role("button", name="撤回同意").click()


def test_what_is_noted_of_health_goes_with_the_consent_in_one_tap(live_server, cast, pages, is_readable):
    grandmother, url = live_in(cast), live_server.url
    put_in_use(cast, "disabled_care")
    own, chief = pages("", PHONE), pages("chief", PHONE)
    is_recognised(own, chief, url, is_readable)
    consents_and_is_noted(chief, url, grandmother.uid, is_readable)
    assert CareTag.objects.get().open_field("health") == HEALTH
    reads_it_and_takes_it_back(own, is_readable)
    expect(own.get_by_role("button", name="撤回同意")).to_have_count(0)
    assert CareTag.objects.get().health_sealed == ""
    chief.reload()
    expect(chief.get_by_text(HEALTH)).to_have_count(0)


def test_the_administrator_assesses_and_the_office_drafts_the_notices_of_a_leak(live_server, cast, pages, is_readable):
    admin, desk, url = pages("system_admin"), pages("desk"), live_server.url
    put_in_use(cast, "living_alone")
    admin.goto(f"{url}/desk/settings/protection/")
    is_readable(admin)
    admin.get_by_role("row", name="高龄").get_by_role("link", name="评估").click()
    is_readable(admin)
    desk.goto(f"{url}/desk/settings/protection/breach/")
    is_readable(desk)
