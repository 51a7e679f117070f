"""Reply templates: kept by step and category, put into a form filled in, checked for plain words, never in the way."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from louzhang.areas.actions import rename_unit
from louzhang.areas.tests.list_files import send, stored, taken
from louzhang.journal.refusals import Conflict, InputRefused, NotYours
from louzhang.workorders.actions import (
    accept_workorder,
    add_reply,
    change_reply,
    dispatch_workorder,
    end_reply,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.models import Category, ReplyTemplate, WorkOrder
from louzhang.workorders.plain_words import PLACEHOLDERS, fill, unknown_placeholders, warnings
from louzhang.workorders.queries.replies import replies_for, values_for
from tests.cast import MORNING

HOME = "/desk/settings/replies/"
HTMX = {"HX-Request": "true"}
WORDS = "您反映的{类别}（{单号}）已由{承办单位}修好。有疑问请打{社区电话}。"


@pytest.fixture
def add(cast):
    actor = cast.actor("system_admin")

    def make(name="修好了", step="report_back", words=WORDS, category=None, **more):
        return add_reply(step=step, category=category, name=name, words=words, actor=actor, at=MORNING, **more)

    return make


@pytest.fixture
def settled(cast, report):
    order, desk, unit = report().order, cast.actor("desk"), cast.actor("property")
    accept_workorder(order_id=order.pk, actor=desk, at=MORNING)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=MORNING)
    take_workorder(order_id=order.pk, actor=unit, at=MORNING)
    return settle_workorder(order_id=order.pk, note="换了新阀门。", actor=unit, at=MORNING)


def text(answer):
    return answer.content.decode()


# Words.


def test_placeholders_are_filled_by_either_name_and_what_has_no_value_stays():
    assert fill("{单号} {number} {承办单位}", {"number": "LZ1", "unit": ""}) == "LZ1 LZ1 {承办单位}"
    assert unknown_placeholders("{单号}{phone}{电话}") == ["电话"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("好了", "太短了"),
        ("好" * 301, "太长了"),
        ("我们今天上午派人到现场看过" * 6, "断成两句"),
        ("{承办单位}会来修，请打 024-12345678。", "还有没填的地方：{承办单位}。"),
        ("已转 ZJJ-03 处理，请打 024-12345678。", "“ZJJ-03”像是内部代号"),
        ("已督办，请打 024-12345678。", "“督办”是内部的说法，可以说“上级在跟进”。"),
        ("水管已经修好了，请放心。", "没有留电话"),
    ],
)
def test_what_a_resident_would_stumble_over_is_said(words, sentence):
    assert any(sentence in warning for warning in warnings("report_back", [words]))


def test_plain_words_with_a_number_to_call_are_left_alone():
    plain = "水管已经修好了，LED 灯也换了，单号 LZ2603020001X。有疑问请打 024-12345678。"
    assert warnings("report_back", [plain], known={"LZ2603020001X"}) == []
    assert warnings("accept", ["我们已经收到，正在安排。"]) == []
    assert warnings("report_back", ["", " "]) == []


# Keeping them.


def test_the_templates_of_the_category_come_before_those_of_its_group_and_of_all(cast, add, settled):
    add("全部")
    add("大类", category=Category.objects.get(code="ss"))
    add("小类", category=cast.categories["leak"])
    add("别的类", category=cast.categories["lamp"])
    add("别的步", step="accept")
    assert [reply.name for reply in replies_for(settled, "report_back")] == ["小类", "大类", "全部"]


def test_a_template_with_an_unknown_placeholder_is_refused_with_those_there_are(add):
    with pytest.raises(InputRefused, match=r"不认识“\{电话\}”") as refused:
        add(words="请打{电话}。")
    assert all(f"{{{label}}}" in refused.value.message for label in PLACEHOLDERS.values())


def test_one_name_stands_once_for_a_step_and_category_and_can_come_again_after_its_end(cast, add):
    keeper, first = cast.actor("system_admin"), add()
    with pytest.raises(Conflict):
        add()
    other = add("另一个")
    with pytest.raises(Conflict):
        change_reply(reply=other, name="修好了", actor=keeper, at=MORNING)
    end_reply(reply=first, reason="改了说法", actor=keeper, at=MORNING)
    assert add().pk != first.pk
    with pytest.raises(InputRefused, match="没有建议"):
        add("第三个", advice="请找交警")
    with pytest.raises(NotYours):
        end_reply(reply=other, reason="x", actor=cast.actor("desk"), at=MORNING)


def test_the_phone_is_that_of_the_desk_else_the_hotline(cast, settled):
    assert values_for(settled, MORNING)["phone"] == ""
    keeper, office = cast.actor("system_admin"), cast.units["community_office"]
    rename_unit(unit=office, name=office.name, phone="024-11112222", actor=keeper, at=MORNING)
    values = values_for(settled, MORNING)
    assert (values["phone"], values["unit"], values["desk"]) == ("024-11112222", "演示安居物业", "彩虹社区")


# In the dialog.


def address(order, part=""):
    return reverse("desk:act", args=[order.number, "report_back"]) + part


def test_a_chosen_template_is_filled_on_the_server_and_shown_as_the_resident_reads_it(sign_in, add, settled):
    reply, browser = add(), sign_in("desk")
    dialog = text(browser.get(address(settled), headers=HTMX))
    assert f'<option value="{reply.pk}">修好了</option>' in dialog
    filled = text(browser.post(address(settled, "template/"), {"template": reply.pk}, headers=HTMX))
    words = f"您反映的漏水（{settled.number}）已由演示安居物业修好。有疑问请打{{社区电话}}。"
    assert filled.count(words) == 2  # in the field and in the preview
    assert "还有没填的地方：{社区电话}。" in filled
    assert 'role="alert"' not in filled


def test_warnings_never_block(sign_in, add, settled):
    browser = sign_in("desk")
    words = "已闭环 ZJJ。"
    shown = text(browser.post(address(settled, "reading/"), {"answer": words}, headers=HTMX))
    assert "“ZJJ”像是内部代号" in shown
    assert browser.post(address(settled), {"answer": words}).status_code == 302
    assert WorkOrder.objects.get(pk=settled.pk).status == "answered"


def test_without_javascript_a_template_is_put_in_by_a_button(sign_in, add, settled):
    reply = add()
    page = text(sign_in("desk").post(address(settled), {"template": reply.pk, "look": "1", "answer": "x"}))
    assert "已由演示安居物业修好" in page
    assert f'<option value="{reply.pk}" selected>' in page
    assert WorkOrder.objects.get(pk=settled.pk).status == "settled"


def test_a_template_for_declining_fills_reason_and_advice(cast, sign_in, add, report):
    order = report().order
    reply = add("不归社区", step="decline", words="这件事归交警管。", advice="请打 122。")
    url = reverse("desk:fill_in", args=[order.number, "decline"])
    filled = text(sign_in("desk").post(url, {"template": reply.pk}, headers=HTMX))
    assert filled.count("这件事归交警管。") == 2
    assert filled.count("请打 122。") == 2


def test_a_dialog_with_templates_costs_few_queries(sign_in, add, settled, django_assert_max_num_queries):
    browser = sign_in("desk")
    for number in range(5):
        add(f"模板{number}")
    browser.get(address(settled), headers=HTMX)
    with django_assert_max_num_queries(12):
        browser.get(address(settled), headers=HTMX)


def test_on_the_phone_one_tap_puts_a_template_in(cast, sign_in, add, report):
    order = report().order
    add("关了阀门", step="settle_on_spot", words="{类别}已处理，单号 {单号}。")
    add("给受理的", step="accept", words="我们已经收到，正在安排。")
    page = text(sign_in("chief").get(reverse("field:act", args=[order.number, "settle_on_spot"])))
    assert f'data-fill="漏水已处理，单号 {order.number}。">关了阀门</button>' in page
    assert "给受理的" not in page


def test_nobody_out_of_scope_or_without_the_relation_fills_anything_in(sign_in, add, settled):
    reply = add()
    for key, status in (("stranger_desk", 404), ("street", 403)):
        answer = sign_in(key).post(address(settled, "template/"), {"template": reply.pk}, headers=HTMX)
        assert answer.status_code == status
    url = reverse("desk:fill_in", args=[settled.number, "dispatch"])
    assert sign_in("desk").post(url, {"template": reply.pk}, headers=HTMX).status_code == 404


# The settings page and files.


def test_the_page_adds_shows_changes_and_ends_a_template(cast, sign_in):
    keeper = sign_in("system_admin")
    said = {"step": "report_back", "category": "", "name": "修好了", "words": WORDS, "advice": ""}
    assert "还没有模板" in text(keeper.get(HOME))
    answer = keeper.post(f"{HOME}add/", said)
    reply = ReplyTemplate.objects.get()
    assert answer["Location"] == f"{HOME}{reply.pk}/"
    page = text(keeper.get(answer["Location"]))
    assert "您反映的水管漏水（LZ2603020001X）已由安居物业修好。有疑问请打024-12345678。" in page
    assert keeper.post(f"{HOME}{reply.pk}/", said | {"words": "{瞎写}"}).status_code == 400
    assert keeper.post(f"{HOME}{reply.pk}/", said | {"name": "已修好"}).status_code == 302
    assert "已修好" in text(sign_in("desk").get(HOME))
    assert sign_in("desk").post(f"{HOME}{reply.pk}/", said).status_code == 403
    assert keeper.post(f"{HOME}{reply.pk}/end/", {"reason": "不用了"}).status_code == 302
    assert "已修好" not in text(keeper.get(HOME))


def test_templates_go_out_and_come_back_unchanged(cast, sign_in, add):
    with time_machine.travel(MORNING, tick=False):
        keeper = sign_in("system_admin")
        add(category=cast.categories["leak"])
        add("不归社区", step="decline", words="这件事归交警管。", advice="请打 122。")
        file = taken(keeper, f"{HOME}csv/")
        assert "没有要新增的" in text(send(keeper, f"{HOME}import/", file))
        ReplyTemplate.objects.all().delete()
        assert stored(keeper, f"{HOME}import/", file).status_code == 302
        assert sorted(taken(keeper, f"{HOME}csv/").splitlines()) == sorted(file.splitlines())
