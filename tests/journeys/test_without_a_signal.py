"""No signal: what was written and photographed is still there after a reload, goes out once, and can be thrown away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from louzhang.accounts.actions import end_device
from louzhang.accounts.models import Device
from louzhang.journal.models import Attachment
from louzhang.kit import clock
from louzhang.workorders.models import Report
from tests.journeys.test_resident_reports import photo_of_a_dark_stairwell

STORED = """() => new Promise((done) => {
  const asked = indexedDB.open("louzhang");
  asked.onsuccess = () => {
    const found = {}, deal = asked.result.transaction(["entries", "photos"]);
    for (const name of ["entries", "photos"]) {
      deal.objectStore(name).getAll().onsuccess = (told) => (found[name] = told.target.result);
    }
    deal.oncomplete = () => { asked.result.close(); done(found); };
  };
})"""
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) kept.push(...(await (await caches.open(name)).keys()));
  return kept.map((one) => new URL(one.url).pathname);
}"""
SEND = """async (form) => {
  const headers = { Accept: "application/json" };
  return (await fetch(form.action, { method: "POST", body: new FormData(form), headers })).status;
}"""


@pytest.fixture
def lamp(cast):
    lamp = cast.categories["lamp"]
    lamp.keywords = "灯 不亮"
    lamp.save()
    return lamp


def stored(page: Page) -> Any:
    return page.evaluate(STORED)


def write(page: Page, words: str = "三楼灯不亮，老人下楼看不清。") -> None:
    page.get_by_label("发生了什么").fill(words)


def photograph(page: Page) -> None:
    photo = FilePayload(name="楼道.jpg", mimeType="image/jpeg", buffer=photo_of_a_dark_stairwell())
    page.locator("lz-photos input[type=file]").set_input_files(photo)
    expect(page.locator(".lz-shot")).to_have_count(1)


def choose_place(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("社区（村）").select_option("彩虹社区")
    page.get_by_label("楼栋").select_option("12号楼")
    page.get_by_label("单元").select_option("2单元")
    page.get_by_label("地点补充").fill("三楼拐角")


def is_ready_for_no_signal(page: Page) -> None:
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")


def test_words_choices_and_waiting_photos_outlive_a_reload(browser, browser_context_args, live_server, cast, lamp):
    """Without a service worker, as in WeChat on an iPhone."""
    context = browser.new_context(**browser_context_args, service_workers="block")
    page = context.new_page()
    context.route("**/attachments/", lambda route: route.abort())
    page.goto(f"{live_server.url}/report/")
    write(page)
    expect(page.get_by_role("radio", name="楼道灯", exact=True)).to_be_checked()
    photograph(page)
    choose_place(page)
    entry_id = page.locator("input[name=entry_id]").input_value()
    page.wait_for_timeout(600)

    page.reload()
    expect(page.get_by_text("上次没写完的内容还在，已经填好了。")).to_be_visible()
    expect(page.get_by_text("第 2 步，共 3 步")).to_be_visible()
    expect(page.get_by_label("单元")).to_have_value(str(cast.areas["stairwell"].pk))
    expect(page.get_by_label("地点补充")).to_have_value("三楼拐角")
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_label("发生了什么")).to_have_value("三楼灯不亮，老人下楼看不清。")
    expect(page.locator(".lz-shot")).to_have_attribute("data-state", "waiting")
    assert Attachment.objects.count() == 0

    context.unroute("**/attachments/")
    expect(page.locator(".lz-shot")).to_have_attribute("data-state", "done", timeout=20000)
    for _ in range(2):
        page.get_by_role("button", name="下一步").click()
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/report/")) as sent:
        page.get_by_role("button", name="提交").click()
    assert entry_id in (sent.value.post_data_buffer or b"").decode("utf-8", "replace")
    expect(page.get_by_role("heading", name="已经收到了")).to_be_visible()
    report = Report.objects.get()
    assert report.order.area == cast.areas["stairwell"]
    assert Attachment.objects.exclude(subject_id=None).count() == 1
    page.wait_for_timeout(300)
    assert stored(page) == {"entries": [], "photos": []}
    context.close()


def test_a_report_written_without_a_signal_goes_out_when_there_is_one(page, live_server, cast, lamp, is_readable):
    page.goto(f"{live_server.url}/report/")
    is_ready_for_no_signal(page)
    page.context.set_offline(True)
    page.reload()
    write(page)
    photograph(page)
    expect(page.get_by_text("照片已经存在这台手机里")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("社区（村）").select_option("彩虹社区")
    expect(page.get_by_text("没有信号，名单出不来。")).to_be_visible()
    page.get_by_label("地点补充").fill("12号楼三楼拐角")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("textbox", name="电话").fill("13900008888")
    page.wait_for_timeout(600)
    assert "13900008888" not in json.dumps(stored(page), ensure_ascii=False)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    expect(page.get_by_text("没有信号，已经存在这台手机里，有信号时自动发出。")).to_be_visible()
    is_readable(page)

    page.goto(f"{live_server.url}/mine/")
    expect(page.get_by_role("heading", name="没有信号")).to_be_visible()
    expect(page.get_by_text("已写的内容都在，有信号时再发。")).to_be_visible()
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    is_readable(page)
    assert Report.objects.count() == 0

    page.context.set_offline(False)
    expect(page.get_by_text("已经发出：三楼灯不亮")).to_be_visible(timeout=20000)
    page.get_by_role("link", name="看回执").click()
    expect(page.get_by_role("heading", name="已经收到了")).to_be_visible()
    report = Report.objects.get()
    assert (report.order.category, report.order.area) == (lamp, cast.areas["community"])
    assert report.masked_phone.startswith("139")
    assert Attachment.objects.exclude(subject_id=None).count() == 1
    assert stored(page) == {"entries": [], "photos": []}


def test_a_report_whose_answer_was_lost_is_sent_again_and_stored_once(page, live_server, lamp):
    def lose(route):
        body = route.request.post_data_buffer or b""
        if b'name="step"' in body and b'name="go"' not in body and not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    lost: list[Any] = []
    page.goto(f"{live_server.url}/report/")
    page.route("**/report/", lose)
    write(page)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("地点补充").fill("小区门口")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="现在发").click()
    expect(page.get_by_text("已经发出：")).to_be_visible()
    assert lost
    assert Report.objects.count() == 1


def test_what_was_changed_after_a_lost_answer_is_kept_beside_what_arrived(page, live_server, lamp):
    page.goto(f"{live_server.url}/report/")
    write(page)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("地点补充").fill("小区门口")
    page.get_by_role("button", name="下一步").click()
    first = page.locator("form#report").evaluate(SEND)
    assert (first, Report.objects.count()) == (200, 1)
    page.get_by_role("textbox", name="电话").fill("13900008888")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("这件事先前已经收到一次")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已经收到了")).to_be_visible()
    assert Report.objects.count() == 2


def test_a_refused_report_comes_back_with_the_sentence_by_its_field(page, live_server, lamp):
    page.goto(f"{live_server.url}/report/")
    write(page)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("地点补充").fill("小区门口")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("radio", name="电话").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("选了电话或短信答复，请留下电话号码。")).to_be_visible()
    page.get_by_role("textbox", name="电话").fill("13900008888")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已经收到了")).to_be_visible()
    assert Report.objects.count() == 1


def test_a_draft_is_thrown_away_only_when_asked_twice(page, live_server, lamp):
    page.goto(f"{live_server.url}/report/")
    write(page)
    page.wait_for_timeout(600)
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="接着写")).to_be_visible()
    page.get_by_role("button", name="扔掉").click()
    assert len(stored(page)["entries"]) == 1
    page.get_by_role("button", name="真的不要了？再点一次").click()
    expect(page.locator("#lz-outbox")).to_have_count(0)
    assert stored(page) == {"entries": [], "photos": []}


def test_the_phone_keeps_forms_and_no_page_about_anybody(page, live_server, cast, signs_in):
    signs_in(page, "chief")
    for path in ("/field/", "/field/orders/", "/mine/", "/field/report/", "/account/"):
        page.goto(f"{live_server.url}{path}")
    is_ready_for_no_signal(page)
    pages = {path for path in page.evaluate(KEPT) if not path.startswith("/static/")}
    own = {"/register/door/", "/field/today/", "/field/today/visit/", "/patrols/out/", "/duties/when/"}
    assert pages == {"/offline/", "/report/", "/field/report/", *own}
    kept = page.evaluate("async () => (await (await caches.match('/field/report/?blank=1')).text())")
    assert "楼长" not in kept.split("<main")[1]
    assert "default-src 'self'" in page.evaluate(
        "async () => (await caches.match('/field/report/?blank=1')).headers.get('Content-Security-Policy')"
    )
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/field/report/")
    expect(page.get_by_role("heading", name="上报一件事")).to_be_visible()
    page.goto(f"{live_server.url}/field/")
    expect(page.get_by_role("heading", name="没有信号")).to_be_visible()
    page.context.set_offline(False)


def test_a_worker_writes_two_reports_in_a_cellar_and_both_go_out(page, live_server, cast, signs_in, lamp):
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/report/")
    is_ready_for_no_signal(page)
    page.context.set_offline(True)
    for words in ("地下室灯不亮。", "地下室漏水。"):
        page.get_by_label("什么事").fill(words)
        page.get_by_label("哪栋楼").select_option(str(cast.areas["stairwell"].pk))
        page.get_by_role("button", name="提交").click()
        expect(page.locator("#lz-outbox").get_by_text(words)).to_be_visible()
        expect(page.locator(".lz-toast-error")).to_have_count(0)
        page.get_by_role("link", name="再写一件").click()
        expect(page.get_by_label("什么事")).to_have_value("")
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="看回执")).to_have_count(2, timeout=20000)
    expect(page.get_by_role("heading", name="都发出去了")).to_be_visible()
    assert set(Report.objects.values_list("order__summary", flat=True)) == {"地下室灯不亮。", "地下室漏水。"}
    assert stored(page) == {"entries": [], "photos": []}


LOCKED = """() => new Promise((done) => {
  const asked = indexedDB.open("louzhang");
  asked.onsuccess = () => {
    const found = {}, deal = asked.result.transaction(["keys", "pocket"]);
    for (const name of ["keys", "pocket"]) {
      deal.objectStore(name).getAllKeys().onsuccess = (told) => (found[name] = told.target.result.length);
    }
    deal.oncomplete = () => { asked.result.close(); done(found); };
  };
})"""
OUT_OF_KEY = """() => new Promise((done) => {
  const asked = indexedDB.open("louzhang");
  asked.onsuccess = () => {
    asked.result.transaction("keys").objectStore("keys").getAll().onsuccess = (told) => {
      asked.result.close();
      const [{ key }] = told.target.result;
      crypto.subtle.exportKey("raw", key).then(() => done("given"), (refused) => done(refused.name));
    };
  };
})"""


def has_its_key(page: Page) -> None:
    """Wait for the key that closes what this person writes here."""
    page.wait_for_function(
        """() => {
          window.lzVault.keyOf(window.lzVault.owner).then((key) => (window.hasItsKey = !!key));
          return window.hasItsKey;
        }"""
    )


def test_signing_out_leaves_nothing_to_read_and_the_writer_goes_on_after_signing_in_again(
    page, live_server, cast, signs_in
):
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/report/")
    has_its_key(page)
    assert page.evaluate(OUT_OF_KEY) == "InvalidAccessError"
    page.get_by_label("什么事").fill("三楼灯不亮。")
    is_ready_for_no_signal(page)
    page.wait_for_timeout(600)
    page.goto(f"{live_server.url}/account/")
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("还有 1 件没有发出，退出后封存在这台手机里")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="您好，有事找楼长")).to_be_visible()
    page.wait_for_function("() => !document.cookie.includes('lz_forget')")
    (left,) = stored(page)["entries"]
    assert sorted(left) == ["at", "id", "owner", "sealed", "state"]
    assert page.evaluate(LOCKED) == {"keys": 0, "pocket": 0}
    page.wait_for_timeout(1500)
    assert "/field/report/" not in page.evaluate(KEPT)

    signs_in(page, "grid_worker")
    page.goto(f"{live_server.url}/field/report/")
    has_its_key(page)
    page.reload()
    expect(page.get_by_label("什么事")).to_have_value("")
    expect(page.locator("#lz-outbox")).to_have_count(0)

    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/")
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    page.get_by_role("link", name="接着写").click()
    expect(page.get_by_label("什么事")).to_have_value("三楼灯不亮。")


def test_what_waits_is_sent_before_the_writer_is_signed_out(page, live_server, cast, signs_in, lamp):
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/report/")
    has_its_key(page)
    page.route("**/field/report/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("什么事").fill("地下室灯不亮。")
    page.get_by_label("哪栋楼").select_option(str(cast.areas["stairwell"].pk))
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    page.goto(f"{live_server.url}/account/")
    expect(page.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    page.unroute("**/field/report/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="您好，有事找楼长")).to_be_visible(timeout=20000)
    assert Report.objects.get().order.summary == "地下室灯不亮。"
    assert stored(page) == {"entries": [], "photos": []}


def test_a_phone_ended_at_the_desk_loses_its_key_and_another_person_never_sees_its_drafts(
    page, live_server, cast, signs_in
):
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/report/")
    has_its_key(page)
    page.get_by_label("什么事").fill("三楼灯不亮。")
    page.wait_for_timeout(600)
    ended = Device.objects.get(user=cast.people["chief"], ended_at=None)

    signs_in(page, "grid_worker")
    page.goto(f"{live_server.url}/field/report/")
    expect(page.get_by_label("什么事")).to_have_value("")
    assert len(stored(page)["entries"]) == 1

    signs_in(page, "chief")
    page.goto(f"{live_server.url}/field/report/")
    expect(page.get_by_label("什么事")).to_have_value("三楼灯不亮。")
    lost = Device.objects.filter(user=cast.people["chief"], ended_at=None).exclude(pk=ended.pk).get()
    end_device(device=lost, actor=cast.actor("desk"), at=clock.now())
    page.goto(f"{live_server.url}/field/")
    page.wait_for_function("() => !document.cookie.includes('lz_forget')")
    (left,) = stored(page)["entries"]
    assert "fields" not in left
    assert page.evaluate(LOCKED)["keys"] == 1
