"""Every component in Chromium: readable by axe in every theme, usable by keyboard, by thumb and on a bad line."""

import gzip
import io
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from louzhang.shell import navigation, offline
from louzhang.shell.parts import Item

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("louzhang.shell.tests.gallery")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
STORED = """() => new Promise((done) => {
  indexedDB.open("louzhang").onsuccess = ({ target }) => {
    const asked = target.result.transaction("entries").objectStore("entries").getAll();
    asked.onsuccess = () => { target.result.close(); done(JSON.stringify(asked.result)); };
  };
})"""
OWN_PAGES = ["/feedback/", "/privacy/", "/offline/", "/no/such/page/"]


@pytest.fixture(autouse=True)
def shell_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {face: [] for face in navigation.FACES})
    monkeypatch.setattr(navigation, "_facts", {})
    monkeypatch.setattr(offline, "_providers", [])


@pytest.fixture
def faults(page: Page) -> list[str]:
    """Collect what the page complains of: scripts that broke, and what the policy refused."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if "Content Security Policy" in line.text else None)
    return heard


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


def remember(page: Page, address: str, **cookies: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("care", ["", "22", "30"])
@pytest.mark.parametrize("width", [320, 390])
def test_everything_on_a_phone_can_be_read_by_everybody(
    page: Page, live_server: Any, faults: list[str], colours: str, care: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    remember(page, live_server.url, lz_theme=colours, lz_care=care)
    page.goto(f"{live_server.url}/gallery/phone/?wrong=1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(reduced_motion="reduce")
    assert faults == []
    assert violations(page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [768, 1440])
def test_everything_at_the_desk_can_be_read_by_everybody(
    desk_page: Page, live_server: Any, colours: str, width: int
) -> None:
    desk_page.set_viewport_size({"width": width, "height": 900})
    remember(desk_page, live_server.url, lz_theme=colours)
    desk_page.goto(f"{live_server.url}/gallery/desk/")
    expect(desk_page.locator(".leaflet-marker-icon").first).to_be_visible()
    assert desk_page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(desk_page) == []


def test_what_was_wrong_is_no_longer_said_once_the_field_is_changed(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/gallery/phone/?wrong=1")
    field, wrong = page.locator("#id_words"), page.locator(".lz-field-wrong")
    before = wrong.count()
    assert before > 1
    expect(field).to_have_attribute("aria-invalid", "true")
    said_by = field.get_attribute("aria-describedby") or ""
    field.press_sequentially("1")
    expect(wrong).to_have_count(before - 1)
    expect(page.locator("#id_words_error")).to_have_count(0)
    assert field.get_attribute("aria-invalid") is None
    assert "id_words_error" in said_by
    assert "id_words_error" not in (field.get_attribute("aria-describedby") or "")
    assert violations(page) == []


@pytest.mark.parametrize("care", ["", "30"])
@pytest.mark.parametrize("path", ["/gallery/phone/", "/gallery/desk/"])
def test_short_words_never_lie_over_the_buttons_at_the_bottom(
    page: Page, live_server: Any, path: str, care: str
) -> None:
    remember(page, live_server.url, lz_care=care)
    page.goto(f"{live_server.url}{path}")
    page.evaluate("louzhang.say('已经办结。反馈以后反映人就能看到办理结果，也可以在这里撤销。', 'success', '/undo/')")
    toast = page.locator(".lz-toast").last.bounding_box()
    assert toast is not None
    assert toast["y"] + toast["height"] < 844 * 0.6


def test_a_long_menu_is_unfolded_by_keyboard_and_stays_so(desk_page: Page, live_server: Any) -> None:
    entries = [Item(label=f"第 {n} 项", url="#", icon="home", group="统计" if n > 7 else "") for n in range(16)]
    navigation.add_items("desk", lambda _: entries)
    desk_page.goto(f"{live_server.url}/gallery/desk/")
    last = desk_page.get_by_role("link", name="第 15 项")
    expect(last).to_have_count(0)
    desk_page.locator("summary", has_text="统计").focus()
    desk_page.keyboard.press("Enter")
    expect(last).to_be_visible()
    assert violations(desk_page) == []
    desk_page.keyboard.press("Tab")
    expect(desk_page.get_by_role("link", name="第 8 项")).to_be_focused()
    desk_page.reload()
    expect(last).to_be_visible()


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_the_shell_can_be_read_by_everybody(page: Page, live_server: Any, path: str) -> None:
    page.goto(f"{live_server.url}{path}")
    assert violations(page) == []


@pytest.mark.parametrize("care", ["22", "30"])
def test_main_targets_of_care_mode_are_sixty_pixels_high(page: Page, live_server: Any, care: str) -> None:
    remember(page, live_server.url, lz_care=care)
    page.goto(f"{live_server.url}/gallery/phone/")
    for selector in (".lz-action .lz-btn-main", ".lz-tile >> nth=0"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["height"] >= 60


def photograph() -> bytes:
    picture = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(picture, "JPEG")
    return picture.getvalue()


def test_photos_are_shrunk_and_go_on_after_a_lost_connection(page: Page, live_server: Any, faults: list[str]) -> None:
    page.goto(f"{live_server.url}/gallery/phone/")
    original = photograph()
    names = ("one.jpg", "lost.jpg", "bad.jpg")
    files = [FilePayload(name=name, mimeType="image/jpeg", buffer=original) for name in names]
    page.set_input_files("lz-photos input[type=file]", files)
    expect(page.locator(".lz-shot[data-state=done]")).to_have_count(2, timeout=20000)
    expect(page.locator(".lz-picker-words")).to_have_text("这张照片打不开，请换一张。")
    sent = page.locator("lz-photos input[name=photos]").evaluate_all("fields => fields.map(field => field.value)")
    assert all(int(value.split(":")[1]) < len(original) for value in sent)
    page.get_by_role("button", name="移除第 3 张").click()
    expect(page.locator(".lz-picker-words")).to_have_text("2 张都传好了。")
    assert faults == []


def test_typed_words_outlive_a_reload_but_a_phone_number_does_not(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/gallery/phone/")
    page.get_by_label("什么事").fill("楼道灯不亮")
    page.get_by_label("电话").fill("13800000000")
    page.wait_for_timeout(800)  # a draft is kept 400 ms after the last key
    page.reload()
    expect(page.get_by_label("什么事")).to_have_value("楼道灯不亮")
    expect(page.get_by_label("电话")).to_have_value("")
    kept = page.evaluate(STORED)
    assert "楼道灯不亮" in kept
    assert "13800000" not in kept


def test_a_taken_form_leaves_nothing_for_the_next_one(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/gallery/phone/")
    page.get_by_label("什么事").fill("楼道灯不亮")
    photo = FilePayload(name="one.jpg", mimeType="image/jpeg", buffer=photograph())
    page.set_input_files("lz-photos input[type=file]", photo)
    expect(page.locator(".lz-picker-words")).to_have_text("1 张都传好了。", timeout=20000)
    page.wait_for_timeout(800)  # a draft is kept 400 ms after the last key
    page.reload()
    expect(page.locator("lz-photos input[name=photos]")).to_have_count(1)
    entry = page.locator("#report input[name=entry_id]").input_value()
    page.goto(f"{live_server.url}/gallery/finished/?entry={entry}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == "[]"
    page.goto(f"{live_server.url}/gallery/phone/")
    expect(page.locator("lz-photos .lz-shot")).to_have_count(0)
    expect(page.get_by_label("什么事")).to_have_value("")


def test_a_refused_swap_keeps_the_page_and_says_why(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/gallery/phone/")
    page.get_by_label("什么事").fill("楼道灯不亮")
    page.locator("#clash").click()
    expect(page.get_by_role("alert").filter(has_text="彩虹社区刚刚已经交办了。")).to_be_visible()
    expect(page.get_by_label("什么事")).to_have_value("楼道灯不亮")


def test_a_live_part_that_did_not_change_is_asked_for_and_not_sent(page: Page, live_server: Any) -> None:
    with page.expect_response(lambda answer: "/gallery/live/" in answer.url and answer.status == 304):
        page.goto(f"{live_server.url}/gallery/phone/")
    expect(page.locator("#live")).to_have_text("12 件")


def test_a_toast_offers_to_undo_and_is_gone_after_a_reload(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/gallery/done/")
    expect(page.locator(".lz-toast")).to_contain_text("已撤回。")
    expect(page.get_by_role("button", name="撤销")).to_be_visible()
    page.reload()
    expect(page.locator(".lz-toast")).to_have_count(0)


def test_the_desk_is_used_by_keyboard(desk_page: Page, live_server: Any) -> None:
    desk_page.goto(f"{live_server.url}/gallery/desk/")
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("k")
    desk_page.keyboard.press("j")
    expect(desk_page.locator("a[data-row]:focus")).to_contain_text("第 2 件")
    desk_page.keyboard.press("?")
    expect(desk_page.get_by_role("dialog", name="键盘用法")).to_be_visible()
    desk_page.keyboard.press("Escape")
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("a")
    expect(desk_page).to_have_url(re.compile(r"accepted=\d"))


def test_a_dialog_opens_on_its_first_field_and_closes_with_escape(desk_page: Page, live_server: Any) -> None:
    desk_page.goto(f"{live_server.url}/gallery/desk/")
    desk_page.get_by_role("link", name="打开交办").click()
    expect(desk_page.get_by_role("dialog", name="交办").get_by_label("什么事")).to_be_focused()
    desk_page.keyboard.press("Escape")
    expect(desk_page.get_by_role("dialog", name="交办")).to_be_hidden()


def test_a_phone_without_scripts_can_do_everything(browser: Any, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/gallery/phone/")
    expect(page.locator("input[type=file][name=photos_files]")).to_be_visible()
    page.get_by_text("更多").click()
    expect(page.get_by_role("link", name="退回")).to_be_visible()
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-care", "22")
    context.close()


def test_a_first_visit_on_a_phone_stays_under_sixty_kilobytes_and_the_next_under_fifteen(
    page: Page, live_server: Any
) -> None:
    sizes: dict[str, int] = {}

    def weigh(answer: Any) -> None:
        if answer.status == 200 and "/gallery/" not in answer.url:
            sizes[answer.url] = len(gzip.compress(answer.body()))

    page.on("response", weigh)
    page.goto(f"{live_server.url}/feedback/", wait_until="networkidle")
    whole = sizes.pop(f"{live_server.url}/feedback/")
    assert whole <= 15 * 1024
    assert whole + sum(sizes.values()) <= 60 * 1024
