"""来电登记 and the export: what a call taker types, what leaves the place."""

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from louzhang.journal.models import Reveal
from louzhang.workorders.models import AnswerWay, Channel, Report, WorkOrder
from tests.cast import Cast

Browser = Callable[[str], Client]
File = Callable[..., Any]
PHONE = "13800000001"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def typed(cast: Cast) -> dict[str, Any]:
    return {
        "entry_id": str(uuid.uuid4()),
        "channel": "walk_in",
        "phone": "138 0000 0001",
        "area": cast.areas["building"].pk,
        "category": "leak",
        "words": "三楼漏水。",
        "name": "王小芳",
        "answer_way": "phone",
    }


def test_a_call_is_stored_for_the_caller_and_names_who_entered_it(
    cast: Cast, sign_in: Browser, typed: dict[str, Any]
) -> None:
    answer = sign_in("desk").post(reverse("desk:call"), typed)
    assert answer["Location"] == reverse("desk:called", args=[typed["entry_id"]])
    report = Report.objects.get()
    assert (report.channel, report.answer_way) == (Channel.WALK_IN, AnswerWay.PHONE)
    assert (report.reporter_id, report.entered_by) == (None, cast.people["desk"])
    assert report.open_field("phone") == PHONE
    page = text(sign_in("secretary").get(reverse("desk:order", args=[report.order.number])))
    assert "演示社区受理" in page


def test_the_slip_of_a_guarded_matter_does_not_say_what_it_is_about(sign_in: Browser, typed: dict[str, Any]) -> None:
    browser = sign_in("desk")
    browser.post(reverse("desk:call"), typed | {"category": "guarded"})
    slip = text(browser.get(reverse("desk:called_slip", args=[typed["entry_id"]])))
    assert WorkOrder.objects.get().number in slip
    assert "家庭暴力" not in slip


def test_after_storing_the_number_the_code_and_the_slip_are_there(sign_in: Browser, typed: dict[str, Any]) -> None:
    browser = sign_in("desk")
    browser.post(reverse("desk:call"), typed)
    order = WorkOrder.objects.get()
    for name in ("called", "called_slip"):
        page = text(browser.get(reverse(f"desk:{name}", args=[typed["entry_id"]])))
        assert order.number in page
        assert "查询码" in page
    assert "查询码" not in text(browser.get(reverse("desk:slip", args=[order.number])))


def test_the_code_is_shown_to_nobody_else_and_not_for_long(
    sign_in: Browser, typed: dict[str, Any], time_machine: Any
) -> None:
    browser = sign_in("desk")
    browser.post(reverse("desk:call"), typed)
    url = reverse("desk:called", args=[typed["entry_id"]])
    assert sign_in("secretary").get(url).status_code == 404
    assert sign_in("street").get(url).status_code == 404
    order = WorkOrder.objects.get()
    time_machine.move_to(order.reported_at.replace(day=order.reported_at.day % 28 + 1))
    assert "查询码" not in text(browser.get(url))


def test_a_call_sent_twice_is_stored_once(sign_in: Browser, typed: dict[str, Any]) -> None:
    browser = sign_in("desk")
    first, second = (browser.post(reverse("desk:call"), typed) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"category": ""}, "请选择类别"),
        ({"category": "nonsense"}, "没有这个类别"),
        ({"area": "", "place_note": ""}, "请选择地点"),
        ({"area": "999999"}, "没有这个地点"),
        ({"phone": "1380"}, "手机号码应为 11 位"),
        ({"phone": ""}, "请留下电话号码"),
        ({"words": " "}, "请写一句发生了什么"),
        ({"entry_id": "x"}, "页面过期"),
    ],
)
def test_wrong_input_is_said_and_keeps_what_was_typed(
    sign_in: Browser, typed: dict[str, Any], wrong: dict[str, str], sentence: str
) -> None:
    given = typed | wrong
    answer = sign_in("desk").post(reverse("desk:call"), given)
    assert answer.status_code == 400
    page = text(answer)
    assert sentence in page
    assert "王小芳" in page
    assert given["phone"] in page
    assert given["words"] in page
    assert 'value="walk_in" checked' in page
    assert not WorkOrder.objects.exists()


def test_a_complaint_asks_whom_it_is_about(cast: Cast, sign_in: Browser, typed: dict[str, Any]) -> None:
    browser, url = sign_in("desk"), reverse("desk:call")
    answer = browser.post(url, typed | {"category": "complaint"})
    assert answer.status_code == 400
    assert f'value="post:{cast.posts["chief"].pk}"' in text(answer)
    stored = browser.post(url, typed | {"category": "complaint", "target": f"post:{cast.posts['chief'].pk}"})
    assert stored.status_code == 302
    assert WorkOrder.objects.get().about_user == cast.people["chief"]


def test_a_matter_of_another_street_is_stored_there_and_still_has_its_slip(
    cast: Cast, sign_in: Browser, typed: dict[str, Any]
) -> None:
    browser = sign_in("desk")
    browser.post(reverse("desk:call"), typed | {"area": cast.areas["other_building"].pk})
    order = WorkOrder.objects.get()
    assert order.desk_area == cast.areas["other_community"]
    assert browser.get(reverse("desk:order", args=[order.number])).status_code == 404
    page = text(browser.get(reverse("desk:called", args=[typed["entry_id"]])))
    assert order.number in page
    assert "由别的单位受理" in page
    assert browser.get(reverse("desk:called_slip", args=[typed["entry_id"]])).status_code == 200


def test_a_place_nobody_can_find_goes_to_the_district(cast: Cast, sign_in: Browser, typed: dict[str, Any]) -> None:
    sign_in("desk").post(reverse("desk:call"), typed | {"area": "", "place_note": "老桥旁边"})
    order = WorkOrder.objects.get()
    assert (order.is_unplaced, order.desk_area) == (True, cast.areas["district"])


def test_earlier_orders_of_a_number_appear_as_it_is_typed(cast: Cast, sign_in: Browser, report: File) -> None:
    mine = report(phone=PHONE, answer_way=AnswerWay.PHONE).order
    report(phone=PHONE, answer_way=AnswerWay.PHONE, area=cast.areas["other_building"], words="别的街道的事。")
    known = reverse("desk:known")
    page = text(sign_in("desk").post(known, {"phone": "13800000001"}))
    assert mine.number in page
    assert "别的街道的事" not in page
    assert "没有找到以前的记录" in text(sign_in("desk").post(known, {"phone": "1380000"}))
    assert sign_in("desk").get(known).status_code == 405


def test_open_orders_around_the_place_appear_and_no_others(cast: Cast, sign_in: Browser, report: File) -> None:
    near = report(area=cast.areas["next_building"], words="隔壁楼漏水。").order
    report(area=cast.areas["next_community"], words="别的社区漏水。")
    page = text(sign_in("desk").post(reverse("desk:known"), {"area": cast.areas["building"].pk}))
    assert near.number in page
    assert "别的社区漏水" not in page


def test_the_extra_questions_of_a_category_appear_and_are_stored(
    cast: Cast, sign_in: Browser, typed: dict[str, Any]
) -> None:
    leak = cast.categories["leak"]
    leak.questions = [{"key": "flows", "label": "还在漏吗", "choices": ["在漏", "停了"], "required": True}]
    leak.save(update_fields=["questions"])
    browser = sign_in("desk")
    assert "还在漏吗" in text(browser.post(reverse("desk:about"), {"category": "leak"}))
    refused = text(browser.post(reverse("desk:call"), typed))
    assert "三楼漏水。" in refused
    at_field = refused.partition('id="id_answer_flows"')[2]
    assert at_field.partition(">")[0].rstrip().endswith("data-focus")  # not the summary: one answer, and it is stored
    assert "请回答：还在漏吗" in at_field.partition("</div>")[0]
    assert '<a href="#id_answer_flows">请回答：还在漏吗。</a>' in refused
    assert refused.count("data-focus") == 1
    assert browser.post(reverse("desk:call"), typed | {"answer_flows": "在漏"}).status_code == 302
    number = WorkOrder.objects.get().number
    assert "在漏" in text(browser.get(reverse("desk:order", args=[number])))


def test_an_urgent_category_says_whom_to_call_first(sign_in: Browser) -> None:
    page = text(sign_in("desk").post(reverse("desk:about"), {"category": "guarded"}))
    assert "119" in page


@pytest.mark.parametrize("key", ["property", "chief", "resident"])
@pytest.mark.parametrize("name", ["known", "about", "call"])
def test_only_offices_take_calls(sign_in: Browser, report: File, key: str, name: str) -> None:
    report(phone=PHONE, answer_way=AnswerWay.PHONE)
    assert sign_in(key).post(reverse(f"desk:{name}"), {"phone": PHONE}).status_code == 403


# --- Export ---------------------------------------------------------------------------------------


def export(browser: Client, query: str = "", chosen: str = "csv") -> Any:
    return browser.post(f"{reverse('desk:export')}?{query}", {"format": chosen})


def test_an_export_holds_what_the_list_holds_and_no_contact(sign_in: Browser, report: File) -> None:
    order = report(phone=PHONE, name="王小芳", door="2单元301", answer_way=AnswerWay.PHONE).order
    answer = export(sign_in("desk"), "step=open")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["单号"] for row in rows] == [order.number]
    assert rows[0]["地点"] == "彩虹社区 12号楼 2单元"
    assert rows[0]["反映时间"] == "2026-03-02 10:00"
    for secret in (PHONE, "王小芳", "2单元301"):
        assert secret not in answer.content.decode("utf-8-sig")


def test_an_export_as_excel_says_the_same(sign_in: Browser, report: File) -> None:
    order = report(words="=1+1 漏水").order
    answer = export(sign_in("desk"), chosen="xlsx")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    header, row = sheet.to_python()
    assert dict(zip(header, row, strict=True))["单号"] == order.number
    assert dict(zip(header, row, strict=True))["内容"] == "=1+1 漏水"


def test_a_cell_that_would_run_as_a_formula_is_neutralised(sign_in: Browser, report: File) -> None:
    report(words="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in export(sign_in("desk")).content.decode("utf-8-sig")


def test_an_export_keeps_to_filters_and_scope(cast: Cast, sign_in: Browser, report: File) -> None:
    order = report().order
    assert order.number not in export(sign_in("desk"), "step=taken").content.decode("utf-8-sig")
    assert order.number not in export(sign_in("stranger_desk")).content.decode("utf-8-sig")
    assert order.number not in export(sign_in("property")).content.decode("utf-8-sig")


def test_an_export_is_logged_with_its_filters_and_without_the_phone(cast: Cast, sign_in: Browser, report: File) -> None:
    report(phone=PHONE, answer_way=AnswerWay.PHONE)
    browser = sign_in("desk")
    found = browser.post(reverse("desk:find"), {"q": PHONE})["Location"].split("?")[1]
    export(browser, f"{found}&step=open")
    logged = Reveal.objects.get(what="export")
    assert logged.user_id == cast.people["desk"].pk
    assert "1 行" in logged.reason
    assert "step=open" in logged.reason
    assert found.split("=")[1] not in logged.reason


def test_an_export_is_asked_for_by_a_button_and_never_by_a_link(sign_in: Browser, report: File) -> None:
    browser = sign_in("desk")
    assert browser.get(reverse("desk:export")).status_code == 405
    assert export(browser, chosen="pdf").status_code == 400
    assert not Reveal.objects.exists()
