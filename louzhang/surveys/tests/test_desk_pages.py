"""The desk: write a survey, its questions, begin it, watch it, remind, extend, end it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from louzhang.areas.actions import end_post
from louzhang.areas.models import Post
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.surveys.models import LateAnswer, Survey, Target
from louzhang.surveys.tests.ground import assess, drafted, opened, target_of
from tests.cast import browser_as, make_cast

NOW = clock.now()


@pytest.fixture
def cast(db):
    return make_cast(NOW)


@pytest.fixture
def desk(cast, homes):
    return browser_as(cast, "desk")


def words_of(answer):
    return answer.content.decode()


def of(survey, name, *args):
    return reverse(f"surveys_desk:{name}", args=[survey.uid, *args])


def written(cast, **more):
    local = clock.local(NOW)
    said = {
        "entry_id": str(uuid4()), "title": "住户摸底", "kind": "screening", "purpose": "安排停水通知",
        "basis": "consent",
        "areas": [cast.areas["community"].pk], "starts_at": f"{local:%Y-%m-%dT%H:%M}",
        "ends_at": f"{local + timedelta(days=1):%Y-%m-%dT%H:%M}",
        "purge_on": f"{local.date() + timedelta(days=40):%Y-%m-%d}",
    }  # fmt: skip
    return {**said, **more}


def test_a_screening_is_written_asked_and_begun(cast, desk):
    assess(cast)
    answer = desk.post(reverse("surveys_desk:new"), written(cast))
    survey = Survey.objects.get()
    assert answer["Location"] == of(survey, "questions")
    first = {"entry_id": str(uuid4()), "text": "现在有人住吗", "kind": "yes_no", "is_needed": "on"}
    second = {"text": "住几个人", "kind": "number", "least": "1", "most": "20", "only": "q1|yes", "is_needed": "on"}
    third = {"text": "想要什么", "kind": "many", "lines": "加装电梯\n停车位", "entry_id": str(uuid4())}
    for said in (first, {**second, "entry_id": str(uuid4())}, third):
        assert desk.post(of(survey, "questions"), said).status_code == 302, said
    assert desk.post(of(survey, "rearrange", "q3", "up")).status_code == 302
    assert [question.key for question in survey.questions.all()] == ["q1", "q3", "q2"]
    assert "“现在有人住吗”答“是”时问" in words_of(desk.get(of(survey, "questions")))
    assert "加装电梯" in words_of(desk.get(of(survey, "preview")))
    shown = words_of(desk.get(of(survey, "survey")))
    assert "假定的速度" in shown
    assert desk.post(of(survey, "move", "open"), {"entry_id": str(uuid4())}).status_code == 302
    assert Target.objects.filter(survey=survey).count() == 3
    shown = words_of(desk.get(of(survey, "survey")))
    assert "3号网格" in shown
    assert "0 / 3 户" in shown


def test_a_question_sent_twice_is_asked_once(cast, desk):
    desk.post(reverse("surveys_desk:new"), written(cast))
    survey = Survey.objects.get()
    shown = words_of(desk.get(of(survey, "survey")))
    assert "写了题目才能开始" in shown
    assert of(survey, "move", "open") not in shown
    said = {"entry_id": str(uuid4()), "text": "现在有人住吗", "kind": "yes_no", "is_needed": "on"}
    for _ in range(2):
        assert desk.post(of(survey, "questions"), said).status_code == 302
    assert survey.questions.count() == 1
    assert of(survey, "move", "open") in words_of(desk.get(of(survey, "survey")))


def test_nobody_is_asked_for_more_than_a_year(cast, desk):
    local = clock.local(NOW)
    for days, status in ((400, 400), (366, 302)):
        ends = local + timedelta(days=days)
        said = written(cast, ends_at=f"{ends:%Y-%m-%dT%H:%M}", purge_on=f"{ends.date():%Y-%m-%d}")
        answer = desk.post(reverse("surveys_desk:new"), said)
        assert answer.status_code == status
        assert ("一次最多问一年" in words_of(answer)) is (status == 400)


def test_a_question_on_which_others_hang_cannot_be_moved_behind_them(cast, desk):
    survey = drafted(cast)
    answer = desk.post(of(survey, "rearrange", "lives", "down"), follow=True)
    assert "要指前面的一道选择题" in words_of(answer)
    assert survey.questions.order_by("position").values_list("key", flat=True)[0] == "lives"
    assert desk.post(of(survey, "rearrange", "lives", "drop")).status_code == 302
    assert survey.questions.get(key="heads").condition == {}


def test_what_may_not_be_asked_is_refused(cast, desk):
    survey = drafted(cast)
    said = {"entry_id": str(uuid4()), "text": "您信什么宗教", "kind": "text"}
    answer = desk.post(of(survey, "questions"), said)
    assert answer.status_code == 400
    assert "宗教" in words_of(answer)
    assert survey.questions.count() == 4


def test_progress_goes_down_to_the_stairwell_for_the_community_only(cast, homes, desk):
    survey = opened(cast)
    grid, building = cast.areas["grid"], cast.areas["building"]
    assert "12号楼" in words_of(desk.get(f"{of(survey, 'survey')}?area={grid.pk}"))
    assert "2单元" in words_of(desk.get(f"{of(survey, 'survey')}?area={building.pk}"))
    street = browser_as(cast, "street")
    assert "彩虹社区" in words_of(street.get(of(survey, "survey")))
    shown = words_of(street.get(f"{of(survey, 'survey')}?area={grid.pk}"))
    assert "12号楼" not in shown, "who is slow in which building is nothing for those above"
    assert browser_as(cast, "stranger_desk").get(of(survey, "survey")).status_code == 404


def test_whoever_is_behind_is_reminded_once_in_hours_and_not_at_night(cast, homes, monkeypatch):
    survey = opened(cast)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    desk, said = browser_as(cast, "desk"), {"entry_id": str(uuid4())}
    at_noon = clock.day_start(clock.local_date(NOW)) + timedelta(hours=36)
    Survey.objects.update(ends_at=at_noon + timedelta(days=2))
    monkeypatch.setattr(clock, "now", lambda: at_noon - timedelta(hours=10))
    assert "打扰人" in words_of(desk.post(of(survey, "move", "remind"), said))
    monkeypatch.setattr(clock, "now", lambda: at_noon)
    answer = desk.post(of(survey, "move", "remind"), {"entry_id": str(uuid4())}, follow=True)
    assert "已提醒 2 个人" in words_of(answer), "the head of the stairwell and the chief next door"
    again = desk.post(of(survey, "move", "remind"), {"entry_id": str(uuid4())})
    assert again.status_code == 429


def test_it_is_extended_and_ended_and_what_comes_later_waits_at_the_desk(cast, desk):
    survey = opened(cast)
    until = f"{clock.local(NOW) + timedelta(days=3):%Y-%m-%dT%H:%M}"
    assert desk.post(of(survey, "move", "extend"), {"entry_id": str(uuid4()), "ends_at": until}).status_code == 302
    assert desk.post(of(survey, "move", "close"), {"entry_id": str(uuid4())}).status_code == 302
    chief = browser_as(cast, "chief")
    home = target_of(survey, "301")
    fields = {"kind": "survey.answer", "row": str(home.uid), "outcome": "answered", "q_lives": "no"}
    said = {"id": str(UUID(int=9)), "happened_at": NOW.isoformat(), "fields": fields}
    for _ in range(2):
        (result,) = chief.post(reverse("register:sync"), {"entries": [said]}, "application/json").json()["results"]
        assert result["result"] == "done"
        assert "留给社区核对" in result["message"]
    late = LateAnswer.objects.get()
    assert "现在有人住吗" in words_of(desk.get(reverse("surveys_desk:late")))
    assert desk.post(reverse("surveys_desk:settle", args=[late.uid]), {"keep": "take"}).status_code == 302
    assert target_of(survey, "301").state == "answered"
    assert LateAnswer.objects.get().said_sealed == ""


def test_what_a_former_chief_wrote_in_time_waits_at_the_desk(cast, desk):
    survey = opened(cast)
    home, chief = target_of(survey, "301"), browser_as(cast, "chief")
    held = cast.posts["chief"]
    Post.objects.filter(pk=held.pk).update(starts_on=clock.local_date(NOW) - timedelta(days=90))
    held.refresh_from_db()
    end_post(post=held, ends_on=clock.local_date(NOW), actor=SYSTEM, at=NOW)
    fields = {"kind": "survey.answer", "row": str(home.uid), "outcome": "answered", "q_lives": "no"}
    said = {"id": str(UUID(int=9)), "happened_at": (NOW - timedelta(hours=1)).isoformat(), "fields": fields}
    for _ in range(2):
        (result,) = chief.post(reverse("register:sync"), {"entries": [said]}, "application/json").json()["results"]
        assert result["result"] == "done"
        assert "留给社区核对" in result["message"]
    late = LateAnswer.objects.get()
    assert desk.post(reverse("surveys_desk:settle", args=[late.uid]), {"keep": "drop"}).status_code == 302
    assert target_of(survey, "301").state == "waiting"


def test_a_copy_is_a_draft_with_the_same_questions(cast, desk):
    survey = opened(cast)
    answer = desk.post(of(survey, "copy"))
    copy = Survey.objects.exclude(pk=survey.pk).get()
    assert answer["Location"] == of(copy, "edit")
    assert copy.status == "draft"
    assert copy.questions.count() == 4
    assert desk.get(of(copy, "edit")).status_code == 200


def test_what_comes_from_above_goes_to_the_street_first(cast, homes):
    survey = drafted(cast, key="commander", area="district", area_ids=[cast.areas["street"].pk])
    browser = browser_as(cast, "commander")
    shown = words_of(browser.get(of(survey, "survey")))
    assert "送街道准入" in shown
    refused = browser.post(of(survey, "move", "open"), {"entry_id": str(uuid4())})
    assert refused.status_code == 409


@pytest.mark.parametrize("name", ["survey", "preview", "questions", "edit"])
def test_pages_take_few_statements(cast, homes, name, django_assert_max_num_queries):
    assess(cast)
    survey = drafted(cast)
    browser = browser_as(cast, "desk")
    browser.get(reverse("surveys_desk:list"))
    with django_assert_max_num_queries(12):
        assert browser.get(of(survey, name)).status_code == 200
    with django_assert_max_num_queries(12):
        browser.get(reverse("surveys_desk:list"))


def test_the_page_of_a_running_one_takes_few_statements(cast, homes, django_assert_max_num_queries):
    survey = opened(cast)
    browser = browser_as(cast, "desk")
    browser.get(reverse("surveys_desk:list"))
    with django_assert_max_num_queries(12):
        assert browser.get(of(survey, "survey")).status_code == 200
