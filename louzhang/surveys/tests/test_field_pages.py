"""The phone of who asks at the door: list, doors, one home, the next, parts passed on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.kit import clock
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Answer, Question, Share
from louzhang.surveys.tests.ground import GOOD, opened, target_of
from tests.cast import browser_as, make_cast

NOW = clock.now()


@pytest.fixture
def cast(db):
    return make_cast(NOW)


@pytest.fixture
def survey(cast, homes):
    return opened(cast)


def words_of(answer):
    return answer.content.decode()


def test_a_chief_sees_the_own_part_and_the_doors_of_it(cast, survey):
    browser = browser_as(cast, "chief")
    assert "还有 2 户，共 2 户" in words_of(browser.get(reverse("surveys_field:list")))
    page = words_of(browser.get(reverse("surveys_field:one", args=[survey.uid])))
    assert "301" in page
    assert "101" not in page
    assert "演示父亲" not in page, "doors, and nobody behind them"
    first = reverse("surveys_field:target", args=[target_of(survey, "301").uid])
    assert f'lz-btn-main" href="{first}">接着问：12号楼 2单元 301</a>' in page


def test_an_answer_without_a_script_leads_to_the_next_door(cast, survey):
    browser, home = browser_as(cast, "chief"), target_of(survey, "301")
    url = reverse("surveys_field:target", args=[home.uid])
    assert "住几个人" in words_of(browser.get(url))
    sent = {**GOOD, "entry_id": str(uuid4()), "row": str(home.uid), "kind": "survey.answer", "outcome": "answered"}
    wrong = browser.post(url, {**sent, "q_heads": "many"})
    assert wrong.status_code == 400
    assert "请填数字" in words_of(wrong)
    after = browser.post(url, sent, follow=True)
    assert after.redirect_chain[-1][0] == reverse("surveys_field:target", args=[target_of(survey, "302").uid])
    assert Answer.objects.get().chosen["heads"] == 3
    assert "3" in words_of(browser.get(url))


def test_the_page_for_no_signal_names_doors_and_nobody(cast, survey):
    page = words_of(browser_as(cast, "chief").get(reverse("surveys_field:write", args=[survey.uid])))
    assert str(target_of(survey, "302").uid) in page
    assert "演示" not in page.split('id="answer"')[1].split("</form>")[0]


def test_a_part_is_passed_on_and_taken_back(cast, survey):
    grid, helper = browser_as(cast, "grid_worker"), browser_as(cast, "next_chief")
    url = reverse("surveys_field:pass_on", args=[survey.uid, cast.areas["building"].pk])
    home = reverse("surveys_field:target", args=[target_of(survey, "301").uid])
    assert helper.get(home).status_code == 404
    assert grid.post(url, {"entry_id": str(uuid4()), "person": cast.people["next_chief"].pk}).status_code == 302
    assert helper.get(home).status_code == 200
    assert "演示邻楼长 在帮忙" in words_of(grid.get(reverse("surveys_field:parts", args=[survey.uid])))
    assert grid.post(url, {"entry_id": str(uuid4()), "person": ""}).status_code == 302
    assert helper.get(home).status_code == 404
    assert not Share.objects.exclude(passed_to=None).exists()


@pytest.mark.parametrize("key", ["stranger_chief", "stairwell_head"])
def test_a_part_of_others_is_not_passed_on(cast, survey, key):
    url = reverse("surveys_field:pass_on", args=[survey.uid, cast.areas["next_building"].pk])
    assert browser_as(cast, key).get(url).status_code == 404


@pytest.mark.parametrize("name", ["one", "write", "parts"])
def test_pages_take_few_statements(cast, survey, name, django_assert_max_num_queries):
    browser = browser_as(cast, "grid_worker")
    browser.get(reverse("surveys_field:list"))
    with django_assert_max_num_queries(12):
        assert browser.get(reverse(f"surveys_field:{name}", args=[survey.uid])).status_code == 200
    with django_assert_max_num_queries(12):
        browser.get(reverse("surveys_field:target", args=[target_of(survey, "301").uid]))


def test_what_the_register_knows_stands_in_the_form_for_who_keeps_it(cast, survey):
    Question.objects.filter(survey=survey, key="heads").update(register_key="household.people")
    home = target_of(survey, "301")
    page = words_of(browser_as(cast, "chief").get(reverse("surveys_field:target", args=[home.uid])))
    assert 'name="q_heads" value="2"' in page
    assert page.count("登记里已有") == 1
    own = words_of(Client().get(reverse("surveys_own:link", args=[home.uid, code_of(home.uid)])))
    assert "登记里已有" not in own, "whoever holds the link reads nothing of the register"
    assert 'value="2"' not in own
