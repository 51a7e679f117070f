"""The pages of training as people open them: from the plan to the sheet, few statements a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from louzhang.kit import clock
from louzhang.roster.actions.training.writings import CaseDraft, ask_peers, offer_case, write_case
from louzhang.roster.models.training import CaseStory, Course, Enrolment, Lesson, Material, Studio, TrainingRule
from louzhang.roster.queries.training.lessons import code_at
from louzhang.roster.tests.training_scene import make_course, make_lesson
from tests.cast import browser_as, cast_of_now

MOST = 12


@pytest.fixture
def cast(db):
    return cast_of_now()


@pytest.fixture
def sign_in(cast):
    return lambda key: browser_as(cast, key)


def counted(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked_of:
        response = client.get(url)
    assert response.status_code == 200, url
    assert len(asked_of) <= MOST, (url, "\n".join(str(query["sql"])[:150] for query in asked_of))
    return response.content.decode()


def test_an_office_lays_down_a_course_a_rule_a_text_and_a_lesson(cast, sign_in):
    desk = sign_in("desk")
    sent = {
        "name": "急救入门",
        "kind": "before",
        "subject": "rescue",
        "roles": ["chief"],
        "about": "按压和包扎",
        "tier": "",
    }
    assert desk.post(reverse("training:course_add"), sent | {"kind": "tiered"}).status_code == 400
    assert desk.post(reverse("training:course_add"), sent).status_code == 302
    course = Course.objects.get()
    assert desk.post(reverse("training:course_add"), sent).status_code == 409
    text = {"title": "按压要领", "text": "双手交叠，每分钟一百到一百二十次。", "link": ""}
    assert desk.post(reverse("training:material_add", args=[course.uid]), text | {"text": ""}).status_code == 400
    assert desk.post(reverse("training:material_add", args=[course.uid]), text).status_code == 302
    assert (
        desk.post(
            reverse("training:rule_add"), {"role": "chief", "course": str(course.uid), "within_days": 30}
        ).status_code
        == 302
    )
    assert TrainingRule.objects.get().within_days == 30
    starts_at = clock.local(clock.now() + timedelta(days=2)).replace(hour=9, minute=0)
    lesson = {
        "place": "社区会议室", "starts_at": f"{starts_at:%Y-%m-%dT%H:%M}", "seats": 20, "trainer": "急救中心",
        "ends_at": f"{starts_at + timedelta(hours=2):%Y-%m-%dT%H:%M}", "trainer_account": "", "round_number": 1,
    }  # fmt: skip
    assert desk.post(reverse("training:lesson_add", args=[course.uid]), lesson).status_code == 302
    for name in ("desk", "courses", "dues", "desk_postings"):
        counted(desk, reverse(f"training:{name}"))
    assert "演示楼长" in counted(desk, reverse("training:dues"))
    book = desk.get(reverse("training:dues"), {"format": "xlsx"})
    assert book["Content-Type"].endswith("sheet")
    chief = sign_in("chief")
    assert "按压要领" in counted(chief, reverse("training:lesson", args=[Lesson.objects.get().uid]))
    assert "双手交叠" in counted(chief, reverse("training:material", args=[Material.objects.get().uid]))
    assert "按压要领" in counted(chief, reverse("training:course", args=[course.uid]))


def test_a_file_of_a_course_is_read_by_whom_it_is_for_and_not_by_a_stranger(cast, sign_in):
    course = make_course(cast)
    file = SimpleUploadedFile("手册.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", content_type="application/pdf")
    sent = {
        "title": "手册",
        "text": "",
        "link": "",
        "entry_id": "7b7f4a0e-0000-4000-8000-000000000001",
        "photos_files": file,
    }
    answer = sign_in("desk").post(reverse("training:material_add", args=[course.uid]), sent)
    assert answer.status_code == 302, answer.content.decode()[:500]
    row = Material.objects.get()
    assert len(row.files) == 1
    page = sign_in("chief").get(reverse("training:material", args=[row.uid])).content.decode()
    assert "文件 1" in page
    assert sign_in("stranger_chief").get(reverse("training:material", args=[row.uid])).status_code == 404


def test_a_chief_signs_up_checks_in_and_has_done_it(cast, sign_in):
    lesson = make_lesson(cast, make_course(cast), hours=0.3)
    chief = sign_in("chief")
    url = reverse("training:lesson", args=[lesson.uid])
    assert "报名" in counted(chief, url)
    assert chief.post(reverse("training:enrol", args=[lesson.uid])).status_code == 302
    assert "1 号座" in counted(chief, url)
    assert "急救入门" in counted(chief, reverse("training:mine"))
    counted(chief, reverse("training:lessons"))
    here = reverse("training:check_in", args=[lesson.uid])
    wrong = "123456" if code_at(lesson, clock.now()) != "123456" else "654321"
    refused = chief.post(here, {"code": wrong})
    assert (refused.status_code, "数字不对" in refused.content.decode()) == (400, True)
    assert chief.post(here, {"code": code_at(lesson, clock.now())}).status_code == 302
    assert Enrolment.objects.get().status == "attended"
    assert sign_in("stranger_chief").get(url).status_code == 404
    assert sign_in("next_chief").get(reverse("training:run", args=[lesson.uid])).status_code == 403


def test_whoever_runs_it_shows_the_code_prints_the_sheet_and_types_it_in(cast, sign_in):
    lesson = make_lesson(cast, make_course(cast), hours=0.3)
    sign_in("chief").post(reverse("training:enrol", args=[lesson.uid]))
    desk = sign_in("desk")
    counted(desk, reverse("training:run", args=[lesson.uid]))
    shown = counted(desk, reverse("training:code", args=[lesson.uid]))
    code = code_at(lesson, clock.now())
    assert f"{code[:3]} {code[3:]}" in shown
    again = desk.get(reverse("training:digits", args=[lesson.uid]))
    assert again.status_code == 200
    assert "演示楼长" in counted(desk, reverse("training:sheet", args=[lesson.uid]))
    counted(desk, reverse("training:enter", args=[lesson.uid]))
    early = desk.post(reverse("training:enter", args=[lesson.uid]), {"came": [cast.people["chief"].pk]})
    assert early.status_code == 400
    assert "还没有开始" in early.content.decode()
    counted(desk, reverse("training:lesson_change", args=[lesson.uid]))
    assert desk.post(reverse("training:call_off", args=[lesson.uid]), {"reason": " "}).status_code == 400
    assert desk.post(reverse("training:call_off", args=[lesson.uid]), {"reason": "停电"}).status_code == 302


def test_studios_are_founded_filled_and_met(cast, sign_in):
    street = sign_in("street")
    sent = {"name": "老书记工作室", "lead": cast.people["secretary"].pk, "about": "带年轻书记"}
    answer = street.post(reverse("training:studio_found"), sent)
    assert answer.status_code == 302
    studio = Studio.objects.get()
    lead = sign_in("secretary")
    join = reverse("training:studio_join", args=[studio.uid])
    counted(lead, join)
    assert lead.post(join, {"user": cast.people["chief"].pk}).status_code == 302
    soon = clock.local(clock.now() + timedelta(hours=3))
    meet = {"topic": "敲开第一扇门", "place": "茶室", "starts_at": f"{soon:%Y-%m-%dT%H:%M}"}
    assert lead.post(reverse("training:studio_meet", args=[studio.uid]), meet).status_code == 302
    page = counted(sign_in("chief"), reverse("training:studio", args=[studio.uid]))
    assert "敲开第一扇门" in page
    counted(sign_in("chief"), reverse("training:meeting", args=[studio.meetings.get().uid]))
    assert "老书记工作室" in counted(lead, reverse("training:studios"))
    assert sign_in("chief").post(join, {"user": cast.people["grid_worker"].pk}).status_code in {400, 403}


def test_a_case_goes_from_draft_to_published_on_the_pages(cast, sign_in):
    chief, desk = sign_in("chief"), sign_in("desk")
    sent = {"title": "敲不开的门", "words": "王大妈三天没开门。", "subject": "cases", "byline": "place"}
    assert chief.post(reverse("training:case_write"), sent).status_code == 302
    case = CaseStory.objects.get()
    url = reverse("training:case", args=[case.uid])
    assert "王大妈" in counted(chief, url)
    offer = reverse("training:case_move", args=[case.uid, "offer"])
    assert "可能让人认出是谁" in chief.get(offer).content.decode()
    assert chief.post(offer, {}).status_code == 400
    assert desk.get(url).status_code == 404
    assert chief.post(offer, {"is_confirmed": "on"}).status_code == 302
    assert "敲不开的门" in counted(desk, reverse("training:cases"))
    publish = reverse("training:case_move", args=[case.uid, "publish"])
    assert chief.post(publish).status_code in {403, 409}
    assert desk.get(publish).status_code == 200
    assert desk.post(publish).status_code == 302
    stranger = sign_in("stranger_chief")
    assert "敲不开的门" in counted(stranger, f"{reverse('training:cases')}?q=开门")
    say = reverse("training:case_say", args=[case.uid])
    assert stranger.post(say, {"words": "我们也遇到过", "byline": "nobody"}).status_code == 302
    page = counted(chief, url)
    assert "一位同行" in page
    assert "演示外街楼长" not in page
    assert stranger.get(reverse("training:case_abuse", args=[case.uid, 4])).status_code == 200
    late = desk.get(reverse("training:case_move", args=[case.uid, "publish"]))
    assert late.status_code == 409


def test_talks_among_chiefs_open_for_who_has_a_post(cast, sign_in):
    row = ask_peers(words="楼道堆物劝不动怎么办", byline="place", actor=cast.actor("chief"), at=clock.now())
    url = reverse("training:ask", args=[row.uid])
    stranger = sign_in("stranger_chief")
    assert "楼道堆物" in counted(stranger, reverse("training:asks"))
    counted(stranger, url)
    assert (
        stranger.post(
            reverse("training:answer", args=[row.uid]), {"words": "一起定个日子", "byline": "name"}
        ).status_code
        == 302
    )
    assert "一起定个日子" in counted(sign_in("chief"), url)
    report = reverse("training:ask_abuse", args=[row.uid, 2])
    assert sign_in("next_chief").post(report, {"reason": "跑题"}).status_code == 302
    desk = sign_in("desk")
    assert "有举报" in counted(desk, reverse("training:asks"))
    assert "跑题" in counted(desk, url)
    assert "跑题" not in counted(sign_in("chief"), url)
    hide = reverse("training:ask_hide", args=[row.uid, 2])
    desk.post(hide, {"reason": "跑题"})
    assert "一起定个日子" not in counted(sign_in("chief"), url)
    assert sign_in("chief").post(reverse("training:ask_move", args=[row.uid, "close"])).status_code == 302
    assert sign_in("resident").get(url).status_code == 403


def test_the_empty_pages_say_what_will_be_there(cast, sign_in):
    chief, desk = sign_in("chief"), sign_in("desk")
    said = {
        "training:mine": "还没有参加过", "training:lessons": "还没有排场次", "training:studios": "还没有工作室",
        "training:cases": "还没有案例", "training:asks": "还没有人问", "training:postings": "还没有挂职",
    }  # fmt: skip
    for name, words in said.items():
        assert words in counted(chief, reverse(name))
    for name, words in {
        "training:desk": "还没有课程",
        "training:courses": "还没有要求",
        "training:dues": "没有人该学",
    }.items():
        assert words in counted(desk, reverse(name))


def test_a_case_offered_twice_at_once_is_offered_once(cast, sign_in):
    case = write_case(draft=CaseDraft("题", "经过"), actor=cast.actor("chief"), at=clock.now())
    offer_case(uid=case.uid, is_confirmed=True, actor=cast.actor("chief"), at=clock.now())
    again = sign_in("chief").post(reverse("training:case_move", args=[case.uid, "offer"]), {"is_confirmed": "on"})
    assert again.status_code == 409
