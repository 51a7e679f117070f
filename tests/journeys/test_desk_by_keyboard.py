"""The desk without a mouse: a call stored in a few dozen keys, orders accepted and dispatched from the list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from louzhang.kit import clock
from louzhang.workorders.actions import Draft, accept_workorder, dispatch_workorder, report_workorder
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import AnswerWay, Channel, Report, WorkOrder

# 45 seconds at two keys a second, which is slow typing.
KEYS_AT_MOST = 90
PHONE = "13800000001"


class Keys:
    """A keyboard that counts; a Chinese sign counts as the three keys of its input method."""

    def __init__(self, page):
        self.page = page
        self.pressed = 0

    def types(self, text):
        self.pressed += sum(1 if sign.isascii() else 3 for sign in text)
        self.page.keyboard.type(text)

    def press(self, *keys):
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)


@pytest.fixture
def keys(desk_page):
    return Keys(desk_page)


@pytest.fixture
def leak(cast):
    """A leak in the stairwell whose reporter wants a call."""
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories["leak"],
        area=cast.areas["stairwell"],
        words="楼道水管漏水。",
        name="王小芳",
        phone=PHONE,
        answer_way=AnswerWay.PHONE,
    )
    return report_workorder(draft=draft, actor=cast.device, at=clock.now()).order


def test_a_call_is_stored_within_45_seconds_by_keyboard_alone(
    desk_page, live_server, cast, signs_in, is_readable, keys, leak
):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/")
    keys.press("n")
    expect(desk_page.get_by_label("电话", exact=True).first).to_be_focused()
    keys.types(PHONE)
    expect(desk_page.locator("#known")).to_contain_text("楼道水管漏水。")  # the earlier order of this number
    keys.press("Enter", "Enter")
    keys.types("彩虹12")
    expect(desk_page.get_by_role("radio", name="东风街道 彩虹社区 12号楼")).to_be_checked()
    keys.press("ArrowDown")
    expect(desk_page.locator("#known")).to_contain_text("附近正在办的")
    keys.press("Enter", "Enter", "Enter")
    keys.types("ld")
    expect(desk_page.get_by_label("类别")).to_have_value("lamp")
    keys.press("Enter")
    keys.types("三楼灯不亮。")
    is_readable(desk_page)
    keys.press("Control+Enter")

    expect(desk_page.get_by_role("heading", name="已登记")).to_be_visible()
    voice = Report.objects.exclude(order=leak).select_related("order").get()
    assert (voice.channel, voice.entered_by, voice.reporter) == (Channel.CALL, cast.people["desk"], None)
    assert (voice.order.area, voice.order.category) == (cast.areas["building"], cast.categories["lamp"])
    assert voice.open_field("phone") == PHONE
    expect(desk_page.get_by_text(voice.order.number)).to_be_visible()
    assert keys.pressed <= KEYS_AT_MOST
    is_readable(desk_page)
    keys.press("Enter")  # the next call
    expect(desk_page.get_by_role("heading", name="来电登记")).to_be_visible()


def test_a_hand_faster_than_the_questions_is_asked_the_open_one_and_loses_nothing(
    desk_page, live_server, cast, signs_in, is_readable, keys
):
    lamp = cast.categories["lamp"]
    lamp.questions = [{"key": "dark", "label": "整栋楼都不亮吗", "choices": ["是", "不是"], "required": True}]
    lamp.save(update_fields=["questions"])
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/calls/new/")
    on_the_way = []

    def hold(route):
        on_the_way.append(route)

    desk_page.route("**/calls/about/", hold)
    keys.types(PHONE)
    desk_page.get_by_label("地点补充").fill("北门岗亭")
    desk_page.get_by_label("类别").focus()
    keys.types("ld")
    keys.press("Enter")
    keys.types("三楼灯不亮。")
    keys.press("Control+Enter")
    expect(desk_page.get_by_role("heading", name="来电登记")).to_be_visible()
    for route in on_the_way:
        route.continue_()

    expect(desk_page.get_by_label("整栋楼都不亮吗")).to_be_focused()
    expect(desk_page.get_by_text("请回答：整栋楼都不亮吗。")).to_be_visible()
    expect(desk_page.get_by_label("发生了什么")).to_have_value("三楼灯不亮。")
    is_readable(desk_page)
    desk_page.get_by_label("整栋楼都不亮吗").select_option("是")
    keys.press("Control+Enter")
    expect(desk_page.get_by_role("heading", name="已登记")).to_be_visible()
    assert Report.objects.count() == 1


def test_a_call_with_something_missing_keeps_everything_and_goes_on(
    desk_page, live_server, cast, signs_in, is_readable, keys
):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/calls/new/")
    keys.types("1380000")
    keys.press("Control+Enter")
    expect(desk_page.get_by_text("手机号码应为 11 位数字").first).to_be_visible()
    expect(desk_page.get_by_label("电话", exact=True).first).to_have_value("1380000")
    is_readable(desk_page)


def test_an_order_is_accepted_and_dispatched_from_the_list(
    desk_page, live_server, cast, signs_in, is_readable, keys, leak
):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/")
    is_readable(desk_page)
    keys.press("j", "a")
    dialog = desk_page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text(f"受理 · {leak.number}")
    is_readable(desk_page)
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    keys.press("a")
    expect(dialog.get_by_label("说明")).to_be_focused()
    keys.press("Control+Enter")
    expect(desk_page.get_by_text("已受理。")).to_be_visible()
    expect(desk_page).to_have_url(f"{live_server.url}/desk/orders/")

    keys.press("j", "d")
    expect(dialog.get_by_label("承办单位").first).to_be_focused()
    keys.types("安居")
    expect(dialog.get_by_role("radiogroup", name="承办单位").get_by_text("演示彩虹业委会")).to_be_hidden()
    keys.press("ArrowDown")
    expect(dialog.locator("#preview")).to_contain_text("演示安居物业")
    is_readable(desk_page)
    keys.press("Enter")
    expect(desk_page.get_by_text("已交办。")).to_be_visible()
    leak.refresh_from_db()
    assert (leak.status, leak.lead_unit) == (State.DISPATCHED, cast.units["property_unit"])


def test_a_seat_inside_the_office_is_chosen_by_keyboard(desk_page, live_server, cast, signs_in, keys, leak):
    accept_workorder(order_id=leak.pk, actor=cast.actor("desk"), at=clock.now())
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/")
    keys.press("d")
    dialog = desk_page.get_by_role("dialog")
    expect(dialog.get_by_label("承办单位").first).to_be_focused()
    keys.types("居委会")
    expect(dialog.get_by_role("radiogroup", name="承办单位").get_by_text("演示安居物业")).to_be_hidden()
    keys.press("ArrowDown")
    expect(dialog.get_by_label("承办人")).to_be_visible()
    keys.press("Tab")
    keys.types("12")
    keys.press("Tab")
    keys.types("请带梯子。")
    expect(dialog.locator("#preview")).to_contain_text("请带梯子。")
    keys.press("Enter")
    expect(desk_page.get_by_text("12号楼楼长 演示楼长")).to_be_visible()
    leak.refresh_from_db()
    assert (leak.seat_area, leak.seat_role) == (cast.areas["building"], "chief")


def test_the_second_of_two_people_hears_it_in_the_dialog_and_keeps_the_words(
    desk_page, live_server, cast, signs_in, is_readable, keys, leak
):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/")
    keys.press("x")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("不予受理的理由").fill("不归我们管。")
    dialog.get_by_role("button", name="不予受理").click()
    expect(dialog.get_by_text("请写一句建议").first).to_be_visible()
    is_readable(desk_page)
    dialog.get_by_label("给反映人的建议").fill("请找供热公司。")
    secretary = cast.actor("secretary")
    accept_workorder(order_id=leak.pk, actor=secretary, at=clock.now())
    dispatch_workorder(order_id=leak.pk, unit=cast.units["property_unit"], actor=secretary, at=clock.now())
    dialog.get_by_role("button", name="不予受理").click()
    expect(dialog.get_by_text("这件事现在是“待签收”").first).to_be_visible()
    expect(dialog.get_by_text("请找供热公司。")).to_be_visible()
    is_readable(desk_page)
    dialog.get_by_role("link", name="看最新状态").click()
    expect(desk_page.get_by_text("已交办：演示安居物业")).to_be_visible()


def told_keys(page):
    """What the table of keys says, by key."""
    page.keyboard.press("?")
    lines = page.locator("#lz-keys dl > div:visible")
    expect(lines.first).to_be_visible()
    told = {line.locator("dt").inner_text().strip(): line.locator("dd").inner_text() for line in lines.all()}
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    return told


OPENED_BY = {"x": "decline", "l": "recategorise", "p": "relocate"}


def test_the_table_of_keys_tells_the_keys_of_the_page_it_is_opened_on(
    desk_page, live_server, cast, signs_in, is_readable, leak
):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/")
    inbox = told_keys(desk_page)
    assert (inbox["n"], inbox["a"], inbox["/"]) == ("来电登记", "受理", "搜索")
    assert "j k" in inbox
    assert "d" not in inbox
    accept_workorder(order_id=leak.pk, actor=cast.actor("desk"), at=clock.now())
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/")
    order = told_keys(desk_page)
    assert {key: order[key] for key in "dxlp"} == {"d": "交办", "x": "不予受理", "l": "改类别", "p": "改地点"}
    assert order["Ctrl Enter"] == "保存或提交正在填的"
    assert not {"a", "j k"} & order.keys()
    desk_page.keyboard.press("?")
    is_readable(desk_page)
    desk_page.keyboard.press("Escape")
    expect(desk_page.get_by_role("dialog")).to_be_hidden()
    for key in "xlp":
        desk_page.keyboard.press(key)
        expect(desk_page.locator(f"#act-body form[action$='/{OPENED_BY[key]}/']")).to_be_visible()
        desk_page.keyboard.press("Escape")
        expect(desk_page.get_by_role("dialog")).to_be_hidden()
        desk_page.wait_for_load_state("networkidle")
    desk_page.goto(f"{live_server.url}/desk/calls/new/")
    desk_page.get_by_role("button", name="键盘用法").click()
    expect(desk_page.locator("#lz-keys").get_by_text("保存")).to_be_visible()


def test_more_than_four_verbs_go_into_a_menu_that_letters_and_escape_know(
    desk_page, live_server, cast, signs_in, is_readable, leak
):
    signs_in(desk_page, "desk")
    accept_workorder(order_id=leak.pk, actor=cast.actor("desk"), at=clock.now())
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/")
    verbs = desk_page.get_by_role("group", name="现在可以办的")
    expect(verbs.get_by_role("link")).to_have_count(4)
    desk_page.keyboard.press("m")
    expect(desk_page.locator("#act-body form[action$='/merge/']")).to_be_visible()
    desk_page.keyboard.press("Escape")
    expect(desk_page.get_by_role("dialog")).to_be_hidden()
    verbs.get_by_text("更多").focus()
    desk_page.keyboard.press("Enter")
    expect(verbs.get_by_role("link", name="提级办理")).to_be_visible()
    is_readable(desk_page)
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("Escape")
    expect(verbs.get_by_role("link")).to_have_count(4)
    expect(verbs.locator("summary")).to_be_focused()


def test_a_number_is_opened_for_a_reason_in_place(desk_page, live_server, cast, signs_in, is_readable, leak):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/orders/{leak.number}/")
    is_readable(desk_page)
    desk_page.get_by_text("查看完整内容").click()
    desk_page.get_by_role("button", name="看电话").click()
    expect(desk_page.get_by_text("请写明为什么要查看")).to_be_visible()
    desk_page.get_by_role("radio", name="核实情况").check()
    desk_page.get_by_role("button", name="看电话").click()
    expect(desk_page.get_by_text(PHONE)).to_be_visible()
    is_readable(desk_page)


def test_an_order_goes_the_whole_way_without_javascript(browser, live_server, cast, signs_in, leak):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    signs_in(page, "desk")
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_role("link", name="交办", exact=True).click()
    page.get_by_label("承办单位").first.fill("安居")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("演示安居物业").first.click()
    page.get_by_role("button", name="交办", exact=True).click()
    leak.refresh_from_db()
    assert leak.status == State.DISPATCHED
    context.close()


def test_the_inbox_brings_a_new_order_by_itself(desk_page, live_server, cast, signs_in, leak):
    signs_in(desk_page, "desk")
    desk_page.goto(f"{live_server.url}/desk/")
    draft = Draft(
        channel=Channel.RESIDENT,
        category=cast.categories["guarded"],
        area=cast.areas["stairwell"],
        words="隔壁有人被打。",
    )
    report_workorder(draft=draft, actor=cast.device, at=clock.now())
    desk_page.evaluate("htmx.trigger('#inbox', 'every'); htmx.ajax('GET', '/desk/live/', '#inbox')")
    expect(desk_page.get_by_text("隔壁有人被打。")).to_be_visible()
    assert WorkOrder.objects.count() == 2
