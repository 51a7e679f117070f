"""The resident's pages: reporting in three steps, the own matters, the code, rating."""

from __future__ import annotations

import io
import re
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from louzhang.areas.models import Setting
from louzhang.journal.models import Attachment, Event
from louzhang.workorders.actions.reporting import Target
from louzhang.workorders.lifecycle import State
from louzhang.workorders.models import Report, WorkOrder
from louzhang.workorders.tests.test_loop import walk_to_answer
from tests.cast import MORNING

ENTRY = "00000000-0000-4000-8000-000000000001"
SECOND = "00000000-0000-4000-8000-000000000002"


@pytest.fixture(autouse=True)
def stopped_clock():
    """Stop the clock at the cast's morning: what is due and what is past does not depend on today."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(db) -> Client:
    """A browser without an account that has opened the report page once, as phones do."""
    client = Client()
    client.get(reverse("phone:report"))
    return client


def filled(cast, **changes):
    return {
        "entry_id": ENTRY,
        "step": "3",
        "words": "水管爆了，水流到一楼。",
        "category": "leak",
        "community": str(cast.areas["community"].pk),
        "building": str(cast.areas["building"].pk),
        "stairwell": str(cast.areas["stairwell"].pk),
        "answer_way": "here",
    } | changes


def found(pattern, text):
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def send(browser, cast, **changes):
    return browser.post(reverse("phone:report"), filled(cast, **changes))


def test_home_offers_reporting_own_matters_and_the_code(cast, phone):
    page = phone.get("/").content.decode()
    assert "随手拍" in page
    assert "我的事" in page
    assert 'name="code"' in page


def test_home_says_that_reporting_is_paused_with_the_hotline(cast, phone):
    Setting.objects.create(key="hotline", value="024-55550000", starts_at=cast.at)
    Setting.objects.create(
        key="anonymous_paused", value=True, reason="演习", starts_at=cast.at, ends_at=cast.at.replace(year=2099)
    )
    for name in ("phone:home", "phone:report"):
        page = phone.get(reverse(name)).content.decode()
        assert "网上反映暂停了" in page
        assert 'href="tel:024-55550000"' in page
        assert 'id="id_words"' not in page
    assert send(phone, cast).status_code == 409
    assert not WorkOrder.objects.exists()


def test_three_steps_end_with_a_number_a_code_and_the_promised_time(cast, phone):
    answer = send(phone, cast)
    assert answer.status_code == 302
    page = phone.get(answer["Location"]).content.decode()
    order = WorkOrder.objects.get()
    assert order.number in page
    assert order.area == cast.areas["stairwell"]
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    assert "彩虹社区" in page


def test_the_receipt_is_shown_to_its_own_phone_only(cast, phone):
    url = send(phone, cast)["Location"]
    stranger = Client()
    stranger.get(reverse("phone:report"))
    assert stranger.get(url).status_code == 404
    slip = phone.get(f"{url}slip/")
    assert WorkOrder.objects.get().number in slip.content.decode()


def test_sending_twice_files_one_report(cast, phone):
    assert send(phone, cast)["Location"] == send(phone, cast)["Location"]
    assert Report.objects.count() == 1


def test_sending_changed_words_again_keeps_them_and_files_nothing_more(cast, phone):
    send(phone, cast)
    answer = send(phone, cast, words="另外一件事。")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "另外一件事。" in page
    assert f'value="{ENTRY}"' not in page
    assert Report.objects.count() == 1


def test_the_next_step_is_refused_by_its_field_and_keeps_what_was_typed(cast, phone):
    answer = phone.post(reverse("phone:report"), {"entry_id": ENTRY, "step": "1", "go": "2", "place_note": "三楼拐角"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请写一句发生了什么，或者拍一张照片。" in page
    assert "三楼拐角" in page
    assert "请选择地点" not in page


def test_going_on_and_back_loses_nothing(cast, phone):
    typed = filled(cast, door="301", place_note="三楼拐角", name="王小芳", phone="139 0000 9999")
    for go in ("2", "3", "2", "1"):
        answer = phone.post(reverse("phone:report"), typed | {"go": go})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f"第 {go} 步，共 3 步" in page
        for word in ("水管爆了，水流到一楼。", "301", "三楼拐角", "王小芳", "139 0000 9999"):
            assert word in page


def test_the_script_asks_for_the_errors_of_a_step_alone(cast, phone):
    answer = phone.post(reverse("phone:report"), {"entry_id": ENTRY, "go": "2"}, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"words"}
    good = phone.post(reverse("phone:report"), filled(cast) | {"go": "3"}, headers={"accept": "application/json"})
    assert (good.status_code, good.json()["errors"]) == (200, {})


def test_the_outbox_hears_where_the_receipt_is_and_a_repeat_hears_the_same(cast, phone):
    for _ in range(2):
        answer = phone.post(reverse("phone:report"), filled(cast), headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()) == (200, {"url": f"/reported/{ENTRY}/"})
    assert Report.objects.count() == 1


def test_the_outbox_hears_what_is_wrong_and_gets_a_new_id_only_for_one_that_is_used_up(cast, phone):
    def told(**changes):
        return phone.post(reverse("phone:report"), filled(cast, **changes), headers={"Accept": "application/json"})

    wrong = told(answer_way="phone")
    assert wrong.status_code == 400
    assert wrong.json() == {"errors": {"phone": ["选了电话或短信答复，请留下电话号码。"]}, "entry_id": ""}
    told()
    changed = told(words="水管又爆了。")
    assert (changed.status_code, Report.objects.count()) == (409, 1)
    assert uuid.UUID(changed.json()["entry_id"]) != uuid.UUID(ENTRY)


def test_the_form_a_phone_keeps_holds_nothing_of_its_owner(cast, phone):
    send(phone, cast)
    chosen = f'value="{cast.areas["community"].pk}" selected'
    assert chosen in phone.get(reverse("phone:report")).content.decode()
    blank = phone.get(reverse("phone:report"), {"blank": 1})
    assert chosen not in blank.content.decode()
    assert set(blank.cookies) <= {"csrftoken"}


def test_who_chooses_no_category_gets_the_one_the_words_suggest(cast, phone):
    lamp = cast.categories["lamp"]
    lamp.keywords = "灯 不亮"
    lamp.save()
    send(phone, cast, words="三楼灯不亮。", category="")
    assert WorkOrder.objects.get().category == lamp


def test_words_suggest_categories_while_they_are_typed(cast, phone):
    cast.categories["lamp"].keywords = "灯 不亮"
    cast.categories["lamp"].save()
    page = phone.post(reverse("phone:suggest"), {"words": "楼道灯不亮"}).content.decode()
    assert 'value="lamp" checked' in page
    kept = phone.post(reverse("phone:suggest"), {"words": "楼道灯不亮", "category": "leak", "picked": "1"})
    assert 'value="leak" checked' in kept.content.decode()


def test_an_urgent_category_names_the_emergency_numbers_first(cast, phone):
    page = phone.get(reverse("phone:about"), {"category": "guarded"}).content.decode()
    assert [number for number in ("110", "119", "120") if f'href="tel:{number}"' in page] == ["110", "119", "120"]
    assert "楼长、单元长和网格员看不到" in page


def test_extra_questions_are_asked_and_kept(cast, phone):
    leak = cast.categories["leak"]
    leak.questions = [
        {"key": "flows", "label": "还在漏吗", "kind": "choice", "choices": ["在漏", "停了"], "required": True}
    ]
    leak.save()
    answer = send(phone, cast)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "请回答：还在漏吗。" in page.partition('data-error="answer_flows"')[2].partition("</div>")[0]
    assert page.partition('data-error="__all__"')[2].partition("</div>")[0].endswith('role="alert">')
    assert send(phone, cast, answer_flows="在漏").status_code == 302


def test_stairwells_follow_the_building_and_a_wrong_one_is_dropped(cast, phone):
    chosen = {"community": cast.areas["community"].pk, "building": cast.areas["building"].pk}
    page = phone.get(reverse("phone:places"), chosen).content.decode()
    assert "2单元" in page
    stray = phone.get(
        reverse("phone:places"), {"community": cast.areas["other_community"].pk} | {"building": chosen["building"]}
    )
    assert "2单元" not in stray.content.decode()


def test_the_last_place_is_remembered_on_the_phone(cast, phone):
    send(phone, cast)
    page = phone.get(reverse("phone:report")).content.decode()
    assert f'<option value="{cast.areas["stairwell"].pk}" selected>' in page
    assert "已填好您上次选的地方" in page


def test_a_complaint_offers_masked_holders_and_units_of_the_place(cast, phone):
    chosen = {"community": cast.areas["community"].pk, "building": cast.areas["building"].pk, "category": "complaint"}
    page = phone.get(reverse("phone:places"), chosen).content.decode()
    assert f'value="post:{cast.posts["chief"].pk}"' in page
    assert "演示楼长" not in page
    assert f'value="unit:{cast.units["property_unit"].pk}"' in page
    assert f'value="unit:{cast.units["other_property_unit"].pk}"' not in page
    assert "您选的人员或单位看不到" in page


def test_a_complaint_needs_to_say_about_whom(cast, phone):
    answer = send(phone, cast, category="complaint")
    assert answer.status_code == 400
    assert "请选择您要投诉的人员或单位。" in answer.content.decode()
    sent = send(phone, cast, category="complaint", target=f"post:{cast.posts['chief'].pk}")
    assert "您投诉的人员或单位看不到" in phone.get(sent["Location"]).content.decode()
    assert WorkOrder.objects.get().about_user == cast.people["chief"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": ""}, "请写一句发生了什么"),
        ({"words": "水" * 6000}, "文字太长了"),
        ({"category": "nothing"}, "没有这个类别"),
        ({"community": "999999", "building": "", "stairwell": ""}, "请选择地点"),
        ({"community": "", "building": "", "stairwell": "", "lon": "120"}, "位置不完整"),
        ({"phone": "123"}, "号码"),
        ({"answer_way": "phone"}, "请留下电话号码"),
        ({"answer_way": "visit"}, "请留下门牌号"),
        ({"photos": ["not-an-id"]}, "有照片没有上传成功"),
        ({"photos": [str(uuid.uuid4())]}, "有照片没有上传成功"),
    ],
)
def test_wrong_input_is_said_and_kept(cast, phone, changes, sentence):
    answer = send(phone, cast, name="王小芳", **changes)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert "王小芳" in page
    assert not WorkOrder.objects.exists()


def test_too_many_reports_of_one_phone_are_refused_and_the_words_stay(cast, phone):
    for number in range(10):
        send(phone, cast, entry_id=f"00000000-0000-4000-8000-0000000001{number:02}")
    answer = send(phone, cast, entry_id="00000000-0000-4000-8000-000000000200", words="第十一件事")
    assert answer.status_code == 429
    assert "第十一件事" in answer.content.decode()
    assert Report.objects.count() == 10


@pytest.fixture
def mine(cast, phone):
    """An order this phone has reported."""
    send(phone, cast)
    return WorkOrder.objects.get()


def test_my_matters_list_what_this_phone_reported_and_nothing_else(cast, phone, mine, report):
    other = report(words="邻居的事").order
    page = phone.get(reverse("phone:mine")).content.decode()
    assert mine.summary in page
    assert other.summary not in page
    assert "还没有反映过" in Client().get(reverse("phone:mine")).content.decode()


def test_my_matter_shows_steps_unit_and_the_public_history(cast, phone, mine, later):
    walk_to_answer(cast, mine, later)
    page = phone.get(reverse("phone:one", args=[mine.number])).content.decode()
    for word in ("第三步，共四步", "演示安居物业", "换了水管。", "水管已换好。", "去评价"):
        assert word in page
    assert "演示物业" not in page.replace("演示安居物业", "")


def test_another_phone_and_a_neighbouring_chief_get_404(cast, phone, mine, sign_in):
    url = reverse("phone:one", args=[mine.number])
    assert Client().get(url).status_code == 404
    assert sign_in("chief").get(url).status_code == 404


def test_the_code_opens_the_matter_on_another_phone(cast, phone):
    code = found(r"([0-9A-Z]{5}-[0-9A-Z]{5})", phone.get(send(phone, cast)["Location"]).content.decode())
    other = Client()
    answer = other.post(reverse("phone:code"), {"code": code.lower()})
    assert answer["Location"] == reverse("phone:one", args=[WorkOrder.objects.get().number])
    assert other.get(answer["Location"]).status_code == 200
    assert WorkOrder.objects.get().summary in other.get(reverse("phone:mine")).content.decode()


def test_a_wrong_code_is_said_and_kept(cast, phone):
    answer = phone.post(reverse("phone:code"), {"code": "ABCDE-12345"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "没有找到这个查询码" in page
    assert "ABCDE-12345" in page


def test_trying_codes_is_limited(cast, phone):
    answers = [phone.post(reverse("phone:code"), {"code": f"ABCDE{n:05}"}).status_code for n in range(61)]
    assert answers[-1] == 429


def test_words_added_by_the_reporter_stand_in_the_history(cast, phone, mine):
    url = reverse("phone:act", args=[mine.number, "comment"])
    answer = phone.post(url, {"entry_id": SECOND, "words": "现在三楼也漏了。"}, follow=True)
    assert "现在三楼也漏了。" in answer.content.decode()
    assert Event.objects.get(verb="comment").audience == "public"


def test_withdrawing_ends_the_matter_and_a_second_press_is_told_so(cast, phone, mine):
    url = reverse("phone:act", args=[mine.number, "withdraw"])
    assert phone.post(url, {"entry_id": SECOND}).status_code == 302
    stale = phone.post(url, {"entry_id": str(uuid.uuid4()), "reason": "不用了"})
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "不能再做“撤回”" in page
    assert "不用了" in page


def test_a_good_rating_is_thanked_and_closes_the_matter(cast, phone, mine, later):
    walk_to_answer(cast, mine, later)
    url = reverse("phone:rate", args=[mine.number])
    page = phone.post(url, {"entry_id": SECOND, "stars": "5", "solved": "yes"}, follow=True).content.decode()
    assert "5 星，已解决" in page
    mine.refresh_from_db()
    assert mine.status == State.CLOSED


def test_unsolved_opens_the_matter_again(cast, phone, mine, later):
    walk_to_answer(cast, mine, later)
    url = reverse("phone:rate", args=[mine.number])
    page = phone.post(
        url, {"entry_id": SECOND, "stars": "1", "solved": "no", "words": "还在漏"}, follow=True
    ).content.decode()
    mine.refresh_from_db()
    assert mine.status == State.TAKEN
    assert "已交回承办单位重新办理，办好了再给您答复。" in page
    assert "谢谢您的评价" not in page


def test_the_reporters_own_page_speaks_of_you_and_never_of_a_reporter(cast, phone, mine, later, report):
    walk_to_answer(cast, mine, later)
    phone.post(reverse("phone:rate", args=[mine.number]), {"entry_id": SECOND, "stars": "1", "solved": "no"})
    page = phone.get(reverse("phone:one", args=[mine.number])).content.decode()
    assert "重新办理" in page
    assert "反映人" not in page


def test_a_matter_taken_back_says_so_to_you(phone, mine):
    url = reverse("phone:act", args=[mine.number, "withdraw"])
    page = phone.post(url, {"entry_id": SECOND, "reason": "自己修好了"}, follow=True).content.decode()
    assert "您已撤回" in page
    assert "反映人" not in page


def test_a_rating_without_stars_is_shown_again_with_its_words(cast, phone, mine, later):
    walk_to_answer(cast, mine, later)
    answer = phone.post(
        reverse("phone:rate", args=[mine.number]), {"entry_id": SECOND, "solved": "yes", "words": "还行"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请选择一到五颗星。" in page
    assert "还行" in page


def test_nobody_rates_or_withdraws_for_another(cast, phone, mine, later, sign_in):
    walk_to_answer(cast, mine, later)
    for stranger in (Client(), sign_in("stranger_chief"), sign_in("chief"), sign_in("nobody")):
        for verb in ("rate", "withdraw", "reopen", "comment"):
            assert (
                stranger.post(reverse("phone:act", args=[mine.number, verb]), {"entry_id": SECOND}).status_code == 404
            )


def test_the_accused_chief_finds_no_trace_of_the_complaint(cast, sign_in, report):
    target = Target(user_id=cast.people["chief"].pk, area=cast.areas["building"], role="chief")
    order = report(category=cast.categories["complaint"], target=target).order
    chief = sign_in("chief")
    assert chief.get(reverse("phone:one", args=[order.number])).status_code == 404
    assert chief.get(reverse("field:one", args=[order.number])).status_code == 404
    for name in ("field:today", "field:orders", "phone:mine"):
        assert order.summary not in chief.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["phone:home", "phone:report", "phone:mine", "phone:code"])
def test_a_page_costs_at_most_twelve_queries(cast, phone, mine, django_assert_max_num_queries, name):
    with django_assert_max_num_queries(12):
        assert phone.get(reverse(name)).status_code == 200


def test_one_matter_costs_at_most_twelve_queries(cast, phone, mine, later, django_assert_max_num_queries):
    walk_to_answer(cast, mine, later)
    with django_assert_max_num_queries(12):
        phone.get(reverse("phone:one", args=[mine.number]))


def test_a_long_list_is_paged_without_more_queries(cast, phone, django_assert_max_num_queries):
    from louzhang.accounts.models import Tally

    for number in range(25):
        Tally.objects.all().delete()
        send(phone, cast, entry_id=f"00000000-0000-4000-8000-0000000003{number:02}", words=f"第{number}件")
    with django_assert_max_num_queries(12):
        page = phone.get(reverse("phone:mine")).content.decode()
    assert page.count("lz-card-link") == 20
    following = found(r'href="(\?cursor=[^"]+)" rel="next"', page)
    assert phone.get(reverse("phone:mine") + following).content.decode().count("lz-card-link") == 5


def test_a_broken_link_to_a_page_of_the_list_is_a_sentence(cast, phone, mine):
    answer = phone.get(reverse("phone:mine"), {"cursor": "broken"})
    assert answer.status_code == 400
    assert "翻页链接已经失效" in answer.content.decode()


def test_without_javascript_all_categories_are_shown_on_asking(cast, phone):
    page = phone.post(reverse("phone:report"), filled(cast, go="kind")).content.decode()
    assert page.count('name="category"') > len(cast.categories)
    assert "水管爆了，水流到一楼。" in page


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 60, 20)).save(kept, "JPEG")
    return kept.getvalue()


def test_without_javascript_photos_come_with_the_form_and_twice_is_once(cast, phone):
    def sent():
        return send(phone, cast, words="", photos_files=SimpleUploadedFile("a.jpg", picture(), "image/jpeg"))

    assert sent()["Location"] == sent()["Location"]
    order = WorkOrder.objects.get()
    assert Attachment.objects.get().subject_id == order.pk
    page = phone.get(reverse("phone:one", args=[order.number])).content.decode()
    assert "漏水" in page
    assert "正在处理" in page


def test_a_file_that_is_no_photo_is_refused_and_the_words_stay(cast, phone):
    fake = SimpleUploadedFile("a.jpg", b"no picture at all", "image/jpeg")
    answer = send(phone, cast, photos_files=fake)
    assert answer.status_code == 400
    assert "水管爆了，水流到一楼。" in answer.content.decode()
    assert not WorkOrder.objects.exists()


def test_photos_chosen_before_stay_when_another_field_is_wrong(cast, phone):
    kept = phone.post(reverse("journal:upload"), {"file": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")})
    uid = kept.json()["id"]
    answer = send(phone, cast, phone="123", photos=[uid])
    assert answer.status_code == 400
    assert f'name="photos" value="{uid}"' in answer.content.decode()
