"""At the door without a signal: entries outlive a reload, go out together, once; where two met both are kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from louzhang.areas.actions import end_post
from louzhang.areas.models import Post
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions import record_reach
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.forms.syncing import settle
from louzhang.register.models import DoorEntry, Need, Note, Reach
from louzhang.register.tests.conftest import Homes, settle_in
from tests.journeys.test_without_a_signal import KEPT, is_ready_for_no_signal, stored


@pytest.fixture
def homes(cast) -> Homes:
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


@pytest.fixture
def door(page: Page, live_server, homes, signs_in) -> Page:
    """The chief's phone with the form open, and everything kept that it needs without a signal."""
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/register/door/")
    is_ready_for_no_signal(page)
    page.wait_for_function("async () => !!(await caches.match('/register/door/?blank=1'))")
    has_its_pocket(page)
    return page


POCKET = """() => new Promise((done) => {
  const asked = indexedDB.open("louzhang");
  asked.onsuccess = () => {
    asked.result.transaction("pocket").objectStore("pocket").getAll().onsuccess = (told) => {
      asked.result.close();
      done(told.target.result[0] || null);
    };
  };
})"""
AGE_POCKET = """(days) => new Promise((done) => {
  const asked = indexedDB.open("louzhang");
  asked.onsuccess = () => {
    const deal = asked.result.transaction("pocket", "readwrite"), rows = deal.objectStore("pocket");
    rows.getAll().onsuccess = (told) => rows.put({ ...told.target.result[0], at: Date.now() - days * 86400000 });
    deal.oncomplete = () => { asked.result.close(); done(); };
  };
})"""


def has_its_pocket(page: Page) -> None:
    """Wait until the pocket is packed."""
    page.wait_for_function(
        "() => window.lzVault.pocket().then((kept) => (window.isPacked = !!kept)) && window.isPacked"
    )


def write_need(page: Page, homes: Homes, summary: str, door: str = "own") -> None:
    page.get_by_label("哪一户", exact=True).select_option(str(homes.dwellings[door].uid))
    page.get_by_role("radio", name="记需求").check()
    page.get_by_label("需要什么").fill(summary)


def write_reach(page: Page, homes: Homes, way: str) -> None:
    page.get_by_label("哪一户", exact=True).select_option(str(homes.dwellings["own"].uid))
    page.get_by_role("radio", name="怎么联系", exact=True).check()
    page.get_by_role("radio", name=way, exact=True).check()


def submit(page: Page) -> None:
    page.get_by_role("button", name="登记", exact=True).click()


def test_two_entries_written_in_a_cellar_outlive_a_reload_and_go_out_in_one_batch(
    door, homes, live_server, is_readable
):
    door.context.set_offline(True)
    door.reload()
    expect(door.get_by_role("heading", name="上门登记")).to_be_visible()
    is_readable(door)
    write_need(door, homes, "楼道要扶手")
    submit(door)
    expect(door.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    expect(door.get_by_text("12号楼 2单元 301 记需求")).to_be_visible()
    door.get_by_role("link", name="再写一件").click()
    write_reach(door, homes, "打电话")
    submit(door)
    expect(door.get_by_role("heading", name="还有 2 件没有发出")).to_be_visible()
    door.reload()
    expect(door.get_by_role("heading", name="还有 2 件没有发出")).to_be_visible()
    is_readable(door)
    assert (Need.objects.count(), Reach.objects.count()) == (0, 0)

    sent: list[Any] = []
    door.on("request", lambda asked: sent.extend([asked] if asked.url.endswith("/sync/") else []))
    door.context.set_offline(False)
    expect(door.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert [len(json.loads(one.post_data)["entries"]) for one in sent] == [2]
    assert Need.objects.get().household == homes.households["own"]
    assert Reach.objects.get().way == "phone"
    assert stored(door) == {"entries": [], "photos": []}


def test_a_batch_whose_answer_was_lost_is_sent_again_and_carried_out_once(door, homes):
    lost: list[Any] = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    door.route("**/register/sync/", lose)
    write_need(door, homes, "楼道要扶手")
    submit(door)
    expect(door.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    assert (len(lost), Need.objects.count()) == (1, 1)
    door.get_by_role("button", name="现在发").click()
    expect(door.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert (Need.objects.count(), DoorEntry.objects.count()) == (1, 1)


def test_a_batch_that_breaks_the_server_is_sent_one_by_one_so_that_none_stands_in_the_way(door, homes):
    sizes: list[int] = []

    def breaks(route):
        entries = json.loads(route.request.post_data)["entries"]
        sizes.append(len(entries))
        if any("坏" in entry["fields"]["door.need-summary"] for entry in entries):
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    door.route("**/register/sync/", breaks)
    door.context.set_offline(True)
    for summary in ("坏的一条", "楼道要扶手"):
        write_need(door, homes, summary)
        submit(door)
        expect(door.locator("#lz-outbox").get_by_text("301 记需求").first).to_be_visible()
        door.get_by_role("link", name="再写一件").click()
        expect(door.get_by_label("需要什么")).to_have_value("")
    door.context.set_offline(False)
    expect(door.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible(timeout=20000)
    assert sizes[:3] == [2, 1, 1]
    assert Need.objects.get().summary == "楼道要扶手"
    assert len(stored(door)["entries"]) == 1


def test_what_met_another_change_is_kept_twice_and_settled_on_a_page(door, homes, cast, is_readable):
    door.context.set_offline(True)
    write_reach(door, homes, "打电话")
    submit(door)
    expect(door.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    record_reach(
        household_id=homes.households["own"].pk, way="message", actor=cast.actor("grid_worker"), at=clock.now()
    )
    door.context.set_offline(False)
    expect(door.get_by_text("两份都留着")).to_be_visible(timeout=20000)
    assert Reach.objects.get().way == "message"
    door.get_by_role("link", name="去定").click()
    expect(door.get_by_role("heading", name="请您定一下")).to_be_visible()
    expect(door.get_by_text("打电话")).to_be_visible()
    expect(door.get_by_text("发消息")).to_be_visible()
    is_readable(door)
    door.get_by_role("button", name="按我写的改").click()
    expect(door.get_by_text("按您写的改了。")).to_be_visible()
    assert Reach.objects.get().way == "phone"


def test_a_refused_entry_stays_on_the_phone_with_its_sentence(door, homes):
    door.get_by_label("哪一户", exact=True).select_option(str(homes.dwellings["empty"].uid))
    door.get_by_label("需要什么").fill("要扶手")
    submit(door)
    expect(door.get_by_text("这里还没有登记住户，请先登记搬来的住户。")).to_be_visible()
    assert len(stored(door)["entries"]) == 1
    write_need(door, homes, "要扶手")
    submit(door)
    expect(door.get_by_role("heading", name="演示父亲家", level=1)).to_be_visible()
    assert Need.objects.count() == 1
    door.wait_for_timeout(300)
    assert stored(door) == {"entries": [], "photos": []}


def test_the_kept_form_names_no_door_and_the_pocket_is_closed(door, homes):
    pages = {path for path in door.evaluate(KEPT) if not path.startswith("/static/")}
    assert "/register/notebook/" not in pages
    kept = door.evaluate("async () => (await (await caches.match('/register/door/?blank=1')).text())")
    main = kept.split("<main")[1]
    assert [name for name in ("301", "2单元", "演示父亲", "演示母亲", "空置", "139*", "13911") if name in main] == []
    closed = door.evaluate(POCKET)
    assert sorted(closed) == ["at", "closed", "iv", "owner"]
    carried = json.dumps(door.evaluate("async () => (await window.lzVault.pocket()).content"), ensure_ascii=False)
    assert "301" in carried
    assert [name for name in ("演示父亲", "演示母亲", "空置", "139*", "13911", "4405") if name in carried] == []


def test_a_pocket_is_forgotten_after_three_days_and_when_the_clock_was_set_back(door):
    for days in (3.1, -1.1):
        has_its_pocket(door)
        door.evaluate(AGE_POCKET, days)
        door.context.set_offline(True)
        door.reload()
        expect(
            door.get_by_label("哪一户", exact=True).locator("option", has_text="手机里没有存这份名单")
        ).to_have_count(1)
        assert door.evaluate(POCKET) is None
        door.context.set_offline(False)
        door.reload()


def test_a_post_that_ends_takes_the_pocket_along_and_leaves_what_waits_to_the_community(door, homes, cast, live_server):
    door.context.set_offline(True)
    write_need(door, homes, "楼道要扶手")
    submit(door)
    expect(door.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    end_post(post=cast.posts["chief"], actor=cast.actor("desk"), at=clock.now())
    Post.objects.filter(pk=cast.posts["chief"].pk).update(starts_on=clock.local_date(clock.now()) - timedelta(days=9))
    door.context.set_offline(False)
    expect(door.get_by_text("您的任期已经结束，这一条交给社区核对。")).to_be_visible(timeout=20000)
    assert stored(door) == {"entries": [], "photos": []}
    assert Need.objects.count() == 0
    door.goto(f"{live_server.url}/account/")
    door.wait_for_function("() => window.lzVault.pocket().then((kept) => (window.isEmpty = !kept)) && window.isEmpty")
    settle(DoorEntry.objects.get().uid, is_mine=True, actor=cast.actor("desk", clock.now()), at=clock.now())
    assert Need.objects.get().summary == "楼道要扶手"


def test_the_notebook_keeps_a_note_and_ticks_a_need_without_a_signal(
    page, live_server, homes, cast, signs_in, is_readable
):
    from louzhang.register.actions import raise_need

    need = raise_need(
        summary="要轮椅坡道", asking="door", household_id=homes.households["own"].pk, actor=cast.actor("chief"),
        at=clock.now(),
    )  # fmt: skip
    signs_in(page, "chief")
    page.goto(f"{live_server.url}/register/notebook/")
    is_readable(page)
    page.context.set_offline(True)
    page.get_by_label("记一笔").fill("周三给三楼送药")
    page.get_by_role("button", name="记下").click()
    page.get_by_role("button", name="解决了").click()
    expect(page.get_by_role("heading", name="还有 2 件没有发出")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    need.refresh_from_db()
    assert need.ticked_at is not None
    note = Note.objects.get()
    assert (note.words, "送药" in note.words_sealed) == ("周三给三楼送药", False)
    page.goto(f"{live_server.url}/register/notebook/")
    expect(page.get_by_role("link", name="周三给三楼送药")).to_be_visible()
    is_readable(page)


QUEUE = """async ({ many, seen }) => {
  const { newId, owner, put } = window.lzDrafts;
  for (let place = 0; place < many; place += 1) {
    const said = { kind: "note.write", row: newId(), seen_at: seen, "note.write-words": `第${place + 1}条` };
    const fields = Object.entries(said).map(([name, value]) => ({ name, value, label: "" }));
    await put({
      id: newId(), kind: "door", owner, state: "waiting", says: "", at: Date.now(), action: "/register/door/",
      page: "/register/door/", batch: "/register/sync/", title: "笔记", step: 1, fields, withheld: 0,
    });
  }
}"""


def test_a_batch_that_was_half_sent_goes_on_where_it_stopped(door):
    """More than fits one batch; the line breaks after the first."""
    arrived: list[int] = []

    def breaks_after_the_first(route):
        if arrived:
            route.abort()
        else:
            arrived.append(len(json.loads(route.request.post_data)["entries"]))
            route.continue_()

    door.route("**/register/sync/", breaks_after_the_first)
    door.evaluate(QUEUE, {"many": 203, "seen": clock.now().isoformat()})
    door.reload()
    expect(door.get_by_role("heading", name="还有 3 件没有发出")).to_be_visible(timeout=30000)
    assert (arrived, Note.objects.count()) == ([200], 200)
    door.reload()
    expect(door.get_by_role("heading", name="还有 3 件没有发出")).to_be_visible(timeout=30000)
    door.unroute("**/register/sync/")
    door.get_by_role("button", name="现在发").first.click()
    expect(door.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=30000)
    assert Note.objects.count() == DoorEntry.objects.count() == 203
    assert stored(door) == {"entries": [], "photos": []}


@pytest.mark.parametrize("days", [1, -1])
def test_a_phone_whose_clock_is_wrong_by_a_day_tells_when_it_was_written(door, homes, days):
    now = clock.now()
    door.clock.set_system_time(now + timedelta(days=days))
    door.context.set_offline(True)
    write_need(door, homes, "楼道要扶手")
    submit(door)
    expect(door.get_by_role("heading", name="还有 1 件没有发出")).to_be_visible()
    door.context.set_offline(False)
    expect(door.get_by_role("heading", name="都发出去了")).to_be_visible(timeout=20000)
    assert abs(Need.objects.get().raised_at - now) < timedelta(minutes=2)
