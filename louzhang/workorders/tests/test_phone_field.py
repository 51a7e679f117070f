"""The field worker's pages: today, reporting, settling on the spot, one order, a call that is logged."""

from __future__ import annotations

import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from louzhang.journal.models import Event, Reveal
from louzhang.workorders.actions import (
    accept_workorder,
    dispatch_workorder,
    send_back_workorder,
    settle_workorder,
    take_workorder,
)
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import AnswerWay, Report, WorkOrder
from tests.cast import MORNING

ENTRY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def stopped_clock():
    """Stop the clock at the cast's morning: what is due and what is past does not depend on today."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def seen(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def dispatched_to_chief(cast, order):
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(
        order_id=order.pk, unit=cast.units["community_office"], seat=cast.posts["chief"], actor=desk, at=cast.at
    )


def settled_for_visit(cast, report):
    order = report(answer_way=AnswerWay.VISIT, door="301", name="王小芳", phone="13900009999").order
    desk = cast.actor("desk")
    accept_workorder(order_id=order.pk, actor=desk, at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=desk, at=cast.at)
    take_workorder(order_id=order.pk, actor=cast.actor("property"), at=cast.at)
    settle_workorder(order_id=order.pk, note="换了水管。", actor=cast.actor("property"), at=cast.at)
    return WorkOrder.objects.get(pk=order.pk)


def test_today_says_what_is_to_do_and_is_empty_elsewhere(cast, report, sign_in):
    order = report().order
    page = seen(sign_in("chief"), "field:today")
    assert order.summary in page
    assert "还剩 3 天" in page
    assert "12号楼 2单元" in page
    for stranger in ("stranger_chief", "next_chief"):
        assert order.summary not in seen(sign_in(stranger), "field:today")
    assert "现在没有要办的事" in seen(sign_in("stranger_chief"), "field:today")


def test_what_is_on_the_chief_stands_apart_from_what_is_around(cast, report, sign_in):
    mine, around = report(words="交给楼长的事").order, report(words="楼里的另一件事").order
    dispatched_to_chief(cast, mine)
    chief = sign_in("chief")
    on_me = seen(chief, "field:orders", list="mine")
    in_place = seen(chief, "field:orders", list="place")
    assert (mine.summary in on_me, around.summary in on_me) == (True, False)
    assert (mine.summary in in_place, around.summary in in_place) == (False, True)


def test_the_property_worker_sees_what_the_company_has_and_nothing_more(cast, report, sign_in):
    given, other = report(words="给物业的事").order, report(words="没有交办的事").order
    accept_workorder(order_id=given.pk, actor=cast.actor("desk"), at=cast.at)
    dispatch_workorder(order_id=given.pk, unit=cast.units["property_unit"], actor=cast.actor("desk"), at=cast.at)
    page = seen(sign_in("property"), "field:today")
    assert given.summary in page
    assert other.summary not in page
    assert given.summary not in seen(sign_in("other_property"), "field:today")


def test_who_asked_for_a_visit_stands_on_the_chiefs_list_until_told(cast, report, sign_in):
    order = settled_for_visit(cast, report)
    chief = sign_in("chief")
    assert order.summary in seen(chief, "field:orders", list="tell")
    told = {"entry_id": ENTRY, "answer": "已上门告知。"}
    answer = chief.post(reverse("field:told", args=[order.number]), told, follow=True)
    assert "已告知反映人。" in answer.content.decode()
    assert order.summary not in seen(chief, "field:orders", list="tell")
    assert Report.objects.get().told_at is not None


def test_people_without_a_post_read_a_sentence_and_strangers_sign_in_first(cast, sign_in):
    assert sign_in("nobody").get(reverse("field:today")).status_code == 403
    assert reverse("accounts:sign_in") in Client().get(reverse("field:today"))["Location"]


def field_report(cast, **changes):
    return {
        "entry_id": ENTRY,
        "speaks": "self",
        "words": "三楼灯不亮",
        "category": "lamp",
        "area": str(cast.areas["stairwell"].pk),
    } | changes


def test_a_chief_reports_what_they_found_themselves(cast, sign_in):
    chief = sign_in("chief")
    answer = chief.post(reverse("field:report"), field_report(cast, name="不该留下", phone="123"), follow=True)
    page = answer.content.decode()
    assert "已上报" in page
    assert "给邻居的查询码" not in page
    voice = Report.objects.get()
    assert (voice.reporter, voice.channel, voice.contact_name_sealed) == (cast.people["chief"], "field", "")


def test_a_chief_reports_for_a_neighbour_with_how_to_answer(cast, sign_in):
    chief = sign_in("chief")
    sent = field_report(cast, speaks="neighbour", name="王小芳", phone="13900009999", answer_way="phone")
    page = chief.post(reverse("field:report"), sent, follow=True).content.decode()
    voice = Report.objects.get()
    assert (voice.reporter, voice.entered_by, voice.answer_way) == (None, cast.people["chief"], "phone")
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)


def complaint(cast, **changes):
    told = {"speaks": "neighbour", "answer_way": "here", "words": "楼长不理人", "category": "complaint"}
    return field_report(cast, **told) | changes


def test_a_grid_worker_files_a_neighbours_complaint_that_the_chief_cannot_find(cast, sign_in):
    worker, chief = sign_in("grid_worker"), sign_in("chief")
    sent = complaint(cast, target=f"post:{cast.posts['chief'].pk}")
    page = worker.post(reverse("field:report"), sent, follow=True).content.decode()
    order, voice = WorkOrder.objects.get(), Report.objects.get()
    assert order.number in page
    assert (voice.reporter, voice.entered_by) == (None, cast.people["grid_worker"])
    assert (order.about_user, order.about_area) == (cast.people["chief"], cast.areas["building"])
    assert order.desk_area == cast.areas["community"]
    assert chief.get(reverse("field:one", args=[order.number])).status_code == 404
    assert sign_in("desk").get(reverse("desk:order", args=[order.number])).status_code == 200


def test_without_scripts_the_page_asks_whom_a_complaint_is_about_and_lists_them(cast, sign_in):
    worker = sign_in("grid_worker")
    asked = worker.post(reverse("field:report"), complaint(cast, place_note="三楼拐角"))
    page = asked.content.decode()
    assert asked.status_code == 400
    assert "请选择您要投诉的人员或单位" in page
    assert f'value="post:{cast.posts["chief"].pk}"' in page
    assert f'value="unit:{cast.units["property_unit"].pk}"' in page
    assert cast.people["chief"].name not in page
    assert "三楼拐角" in page
    assert not WorkOrder.objects.exists()
    listed = worker.post(reverse("field:report"), complaint(cast, go="whom"))
    assert listed.status_code == 200
    assert f'value="post:{cast.posts["chief"].pk}"' in listed.content.decode()


def test_the_picker_is_there_for_complaints_only_and_not_for_residents(cast, sign_in):
    asked = {"area": cast.areas["stairwell"].pk}
    worker = sign_in("grid_worker")
    assert "您要投诉谁" in seen(worker, "field:whom", category="complaint", **asked)
    assert "您要投诉谁" not in seen(worker, "field:whom", category="lamp", **asked)
    assert "先选哪栋楼" in seen(worker, "field:whom", category="complaint", area="")
    assert sign_in("resident").get(reverse("field:whom"), asked).status_code == 403


def test_a_complaint_is_not_settled_on_the_spot(cast, sign_in):
    sent = complaint(cast, target=f"unit:{cast.units['property_unit'].pk}", spot="on", note="劝过了")
    answer = sign_in("grid_worker").post(reverse("field:report"), sent)
    assert "不能现场办结" in answer.content.decode()
    assert not WorkOrder.objects.exists()


def test_an_open_extra_question_is_told_where_it_stands(cast, sign_in):
    cast.categories["lamp"].questions = [{"key": "dark", "label": "整栋楼都不亮吗", "required": True}]
    cast.categories["lamp"].save(update_fields=["questions"])
    page = sign_in("chief").post(reverse("field:report"), field_report(cast)).content.decode()
    assert "请回答：整栋楼都不亮吗。" in page.partition('data-error="answer_dark"')[2].partition("</div>")[0]
    assert page.partition('data-error="__all__"')[2].partition("</div>")[0].endswith('role="alert">')


def test_settling_on_the_spot_reports_and_closes_in_one_go(cast, sign_in):
    chief = sign_in("chief")
    sent = field_report(cast, spot="on", note="换了灯泡。")
    first = chief.post(reverse("field:report"), sent)
    assert chief.post(reverse("field:report"), sent)["Location"] == first["Location"]
    order = WorkOrder.objects.get()
    assert (order.status, order.is_settled_on_spot) == (State.CLOSED, True)
    assert list(Event.objects.filter(subject_kind="workorder").values_list("verb", flat=True)) == [
        "report",
        "settle_on_spot",
    ]
    assert "已现场办结" in chief.get(first["Location"]).content.decode()


def test_what_was_settled_for_a_neighbour_still_waits_for_the_answer(cast, sign_in):
    sent = field_report(cast, spot="on", note="换了灯泡。", speaks="neighbour", answer_way="here")
    sign_in("chief").post(reverse("field:report"), sent)
    assert WorkOrder.objects.get().status == State.SETTLED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": ""}, "请写一句发生了什么"),
        ({"area": ""}, "请选择楼栋"),
        ({"spot": "on"}, "请写一句办理情况"),
        ({"speaks": "neighbour", "answer_way": "sms"}, "请留下电话号码"),
        ({"spot": "on", "note": "处理了", "category": "guarded"}, "不能现场办结"),
        ({"spot": "on", "note": "处理了", "category": "wall"}, "要有照片"),
    ],
)
def test_wrong_input_is_said_kept_and_stores_nothing(cast, sign_in, changes, sentence):
    answer = sign_in("chief").post(reverse("field:report"), field_report(cast, place_note="三楼拐角", **changes))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert "三楼拐角" in page
    assert not WorkOrder.objects.exists()


def test_a_chief_reports_only_from_the_own_buildings(cast, sign_in):
    chief = sign_in("chief")
    page = seen(chief, "field:report")
    assert f'value="{cast.areas["stairwell"].pk}"' in page
    assert f'value="{cast.areas["next_building"].pk}"' not in page
    answer = chief.post(reverse("field:report"), field_report(cast, area=str(cast.areas["next_building"].pk)))
    assert answer.status_code == 400


def test_the_chief_takes_and_settles_an_order(cast, report, sign_in):
    order = report().order
    dispatched_to_chief(cast, order)
    chief = sign_in("chief")
    assert "签收" in seen(chief, "field:one", order.number)
    taken = chief.post(reverse("field:act", args=[order.number, "take"]), {"entry_id": ENTRY}, follow=True)
    assert "已签收。" in taken.content.decode()
    page = seen(chief, "field:act", order.number, "settle")
    assert "已更换坏件，试用正常。" in page
    settled = {"entry_id": str(uuid.uuid4()), "note": "关了阀门，换了接头。"}
    done = chief.post(reverse("field:act", args=[order.number, "settle"]), settled, follow=True)
    assert "关了阀门，换了接头。" in done.content.decode()
    order.refresh_from_db()
    assert order.status == State.SETTLED


def test_a_stale_press_is_told_the_state_and_keeps_the_words(cast, report, sign_in):
    order = report().order
    dispatched_to_chief(cast, order)
    chief = sign_in("chief")
    answer = chief.post(
        reverse("field:act", args=[order.number, "settle"]), {"entry_id": ENTRY, "note": "已经修好了接头"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "这件事现在是“待签收”" in page
    assert "已经修好了接头" in page
    assert "签收" in page


def test_who_no_longer_has_the_order_still_finds_the_words_they_wrote(cast, report, sign_in):
    order = report().order
    accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
    dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=cast.actor("desk"), at=cast.at)
    send_back_workorder(order_id=order.pk, reason="不归我们", actor=cast.actor("property"), at=cast.at)
    settled = {"entry_id": ENTRY, "note": "已经修好了接头"}
    answer = sign_in("property").post(reverse("field:act", args=[order.number, "settle"]), settled)
    assert answer.status_code == 403
    assert "已经修好了接头" in answer.content.decode()


def test_settling_without_words_shows_the_form_again(cast, report, sign_in):
    order = report().order
    dispatched_to_chief(cast, order)
    take_workorder(order_id=order.pk, actor=cast.actor("chief"), at=cast.at)
    answer = sign_in("chief").post(reverse("field:act", args=[order.number, "settle"]), {"entry_id": ENTRY})
    assert answer.status_code == 400
    assert "请写一句办理情况" in answer.content.decode()


def test_only_verbs_allowed_now_are_offered(cast, report, sign_in):
    order = report().order
    page = seen(sign_in("chief"), "field:one", order.number)
    assert reverse("field:act", args=[order.number, "settle_on_spot"]) in page
    for verb in ("take", "settle", "report_back", "accept", "dispatch"):
        assert f"/{verb}/" not in page


@pytest.mark.parametrize("verb", ["accept", "nonsense", "close"])
def test_verbs_of_other_desks_are_not_there(cast, report, sign_in, verb):
    order = report().order
    assert sign_in("chief").post(reverse("field:act", args=[order.number, verb])).status_code == 404


def test_a_stranger_gets_404_for_page_verb_and_contact(cast, report, sign_in):
    filed = report(phone="13900009999")
    number = filed.order.number
    for key in ("stranger_chief", "next_chief", "stranger_desk", "property", "other_property"):
        browser = sign_in(key)
        assert browser.get(reverse("field:one", args=[number])).status_code == 404
        assert browser.post(reverse("field:act", args=[number, "take"])).status_code == 404
        reveal = reverse("field:reveal", args=[number, filed.report.pk])
        assert browser.post(reveal, {"what": "phone", "reason": "看看"}).status_code == 404
    assert not Reveal.objects.exists()


def test_the_chief_reads_nothing_of_the_reporter_before_holding_the_order(cast, report, sign_in):
    filed = report(actor=cast.actor("resident"), name="王小芳", phone="13900009999")
    chief = sign_in("chief")
    page = seen(chief, "field:one", filed.order.number)
    for word in ("王", "139", "9999", "演示居民"):
        assert word not in page.replace("13900009999", "")
    url = reverse("field:reveal", args=[filed.order.number, filed.report.pk])
    assert chief.post(url, {"what": "phone", "reason": "了解情况"}).status_code == 403


def test_a_resident_who_is_signed_in_is_never_named_in_passing(cast, report, sign_in):
    filed = report(actor=cast.actor("resident"))
    dispatched_to_chief(cast, filed.order)
    for key in ("chief", "grid_worker"):
        assert "演示居民" not in seen(sign_in(key), "field:one", filed.order.number)


def test_who_looks_after_no_place_has_no_list_of_it(cast, sign_in):
    page = seen(sign_in("property"), "field:orders", list="place")
    assert "片区里的" not in page


def test_calling_opens_the_number_with_a_logged_reason(cast, report, sign_in):
    filed = report(name="王小芳", phone="13900009999")
    dispatched_to_chief(cast, filed.order)
    chief = sign_in("chief")
    page = seen(chief, "field:one", filed.order.number)
    assert "王*芳" in page
    assert "139****9999" in page
    assert "13900009999" not in page
    url = reverse("field:reveal", args=[filed.order.number, filed.report.pk])
    assert chief.post(url, {"what": "phone", "reason": ""}).status_code == 400
    answer = chief.post(url, {"what": "phone", "reason": "了解情况"}, headers={"hx-request": "true"})
    assert 'href="tel:13900009999"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert (Reveal.objects.get().reason, Reveal.objects.get().user_id) == ("了解情况", cast.people["chief"].pk)
    whole = chief.post(url, {"what": "phone", "reason": "告知结果"}).content.decode()
    assert 'href="tel:13900009999"' in whole


def test_the_number_of_another_order_is_not_opened_through_this_one(cast, report, sign_in):
    held, other = report(phone="13900009999"), report(phone="13900008888")
    dispatched_to_chief(cast, held.order)
    url = reverse("field:reveal", args=[held.order.number, other.report.pk])
    assert sign_in("chief").post(url, {"what": "phone", "reason": "了解情况"}).status_code == 404


@pytest.mark.parametrize("key", ["chief", "stairwell_head", "grid_worker", "grid_lead", "property", "desk"])
def test_pages_cost_at_most_twelve_queries(cast, report, sign_in, django_assert_max_num_queries, key):
    for number in range(8):
        order = report(words=f"第{number}件").order
        accept_workorder(order_id=order.pk, actor=cast.actor("desk"), at=cast.at)
        dispatch_workorder(order_id=order.pk, unit=cast.units["property_unit"], actor=cast.actor("desk"), at=cast.at)
    browser = sign_in(key)
    for name, args in (
        ("field:today", []),
        ("field:orders", []),
        ("field:report", []),
        ("field:one", [order.number]),
    ):
        with django_assert_max_num_queries(12):
            browser.get(reverse(name, args=args))


@pytest.fixture
def thirty(cast, report):
    """More than a page on the chief, every third taken, every tenth urgent."""
    orders = [report(words=f"第{place}件事").order for place in range(30)]
    for place, order in enumerate(orders):
        dispatched_to_chief(cast, order)
        if place % 3 == 0:
            take_workorder(order_id=order.pk, actor=cast.actor("chief"), at=cast.at)
    WorkOrder.objects.filter(pk__in=[order.pk for order in orders[::10]]).update(is_urgent=True)
    return orders


def titles(page):
    return re.findall(r'lz-card-title">(第\d+件事)', page)


def test_a_long_list_says_how_long_it_is_and_is_cut_down_by_chips(cast, sign_in, thirty, django_assert_max_num_queries):
    chief = sign_in("chief")
    with django_assert_max_num_queries(12):
        page = seen(chief, "field:orders", list="mine")
    assert len(titles(page)) == 20
    assert '我手上的<span class="lz-side-count">30</span>' in page
    urgent = seen(chief, "field:orders", list="mine", only="urgent")
    assert titles(urgent) == ["第0件事", "第10件事", "第20件事"]
    assert f'href="{reverse("field:orders")}?list=mine" aria-current="true"' in urgent
    assert len(titles(seen(chief, "field:orders", list="mine", only="taken"))) == 10
    assert titles(seen(chief, "field:orders", list="mine", only="late")) == []
    assert len(titles(seen(chief, "field:orders", list="mine", only="nonsense"))) == 20


def test_a_short_list_has_no_chips_to_cut_it(cast, report, sign_in):
    dispatched_to_chief(cast, report().order)
    assert "lz-filters" not in seen(sign_in("chief"), "field:orders", list="mine")


def tabs_of(page):
    bar = page[page.index("lz-tabbar") :]
    return re.findall(r'lz-tab" href="[^"]*"( aria-current="page")?>.*?</span>\s*<span>([^<]+)</span>', bar, re.DOTALL)


def test_who_keeps_a_place_has_the_buildings_among_the_tabs_and_all_orders_on_today(cast, sign_in):
    chief = sign_in("chief")
    page = seen(chief, "field:today")
    assert [label for _, label in tabs_of(page)] == ["今天", "楼栋", "上报", "消息", "我的"]
    assert reverse("field:orders") in page
    houses = tabs_of(chief.get(reverse("register:houses")).content.decode())
    assert [label for here, label in houses if here] == ["楼栋"]
    notebook = tabs_of(chief.get(reverse("register:notebook")).content.decode())
    assert not [label for here, label in notebook if here]


def test_a_unit_keeps_the_orders_among_its_tabs(cast, sign_in):
    labels = [label for _, label in tabs_of(seen(sign_in("property"), "field:today"))]
    assert labels == ["今天", "上报", "工单", "消息", "我的"]
