"""Households answer themselves: by link, by the building's code and the own digits, as who they are here."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.register.actions.binding import ask_binding, confirm_binding
from louzhang.register.models import Binding
from louzhang.surveys.home_codes import code_of, spoken_code
from louzhang.surveys.models import Answer, Survey, Target
from louzhang.surveys.tests.ground import GOOD, opened, target_of
from tests.cast import browser_as, make_cast

NOW = clock.now()


@pytest.fixture
def cast(db):
    return make_cast(NOW)


@pytest.fixture
def survey(cast, homes):
    return opened(cast)


def link_of(target: Target) -> str:
    return reverse("surveys_own:link", args=[target.uid, code_of(target.uid)])


def words_of(answer):
    return answer.content.decode()


def test_a_household_answers_by_its_link_and_the_newest_holds(cast, survey):
    target, phone = target_of(survey, "301"), Client()
    assert "住几个人" in words_of(phone.get(link_of(target)))
    assert phone.post(link_of(target), {**GOOD, "entry_id": str(uuid4())}).status_code == 302
    answer = Answer.objects.get()
    assert (answer.voice, answer.user_id, len(answer.device_hash)) == ("self", None, 64)
    assert "社区收到了" in words_of(phone.get(f"{link_of(target)}?done=1"))
    again = words_of(Client().get(link_of(target)))
    assert "已经回答过一次" in again
    assert "楼道灯" not in again, "what was said stays with who said it"
    assert Client().post(link_of(target), {"outcome": "declined", "entry_id": str(uuid4())}).status_code == 302
    assert target_of(survey, "301").state == "declined"
    assert Event.objects.filter(subject_kind="survey_target", actor_kind="device").count() == 2


def test_an_outbox_reads_sentences_by_field_and_sends_again_what_was_lost(survey):
    target, phone, said = target_of(survey, "301"), Client(), {**GOOD, "entry_id": str(UUID(int=5))}
    wrong = phone.post(link_of(target), {**said, "q_heads": "99"}, headers={"Accept": "application/json"})
    assert wrong.status_code == 400
    assert wrong.json()["errors"] == {"q_heads": ["不能大于 20。"]}
    for _ in range(2):
        sent = phone.post(link_of(target), said, headers={"Accept": "application/json"})
        assert sent.json()["url"].endswith("?done=1")
    assert Answer.objects.count() == 1


def test_a_wrong_code_is_as_if_there_was_nothing(survey):
    target = target_of(survey, "301")
    other = target_of(survey, "302")
    wrong = reverse("surveys_own:link", args=[target.uid, code_of(other.uid)])
    assert Client().get(wrong).status_code == 404
    assert Client().get(reverse("surveys_own:link", args=[uuid4(), "12345678"])).status_code == 404


def test_the_code_of_the_building_and_the_own_digits_open_the_form(cast, survey):
    url = reverse("surveys_own:house", args=[cast.areas["building"].uid])
    target, phone = target_of(survey, "301"), Client()
    page = words_of(phone.get(url))
    assert "301" not in page.split("<form")[1].split("</form>")[0], "no list of doors for strangers"
    said = {"survey": str(survey.uid), "door": "301", "code": spoken_code(target.uid)}
    assert phone.post(url, said)["Location"] == link_of(target)
    other = {**said, "code": spoken_code(target_of(survey, "302").uid)}
    assert phone.post(url, other).status_code == 400


def test_trying_codes_ends_soon(cast, survey):
    url, phone = reverse("surveys_own:house", args=[cast.areas["building"].uid]), Client()
    phone.get(link_of(target_of(survey, "301")))
    said = {"survey": str(survey.uid), "door": "301", "code": "00000000"}
    codes = [phone.post(url, said).status_code for _ in range(31)]
    assert codes[0] == 400
    assert codes[-1] == 429


def test_somebody_known_to_live_there_needs_no_code(cast, survey):
    browser = browser_as(cast, "resident")
    resident = cast.actor("resident")
    assert "现在没有要您填的" in words_of(browser.get(reverse("surveys_own:mine")))
    ask_binding(name="演示父亲", phone="13911110001", actor=resident, at=NOW)
    asked = Binding.objects.get(user=cast.people["resident"])
    confirm_binding(binding_id=asked.pk, actor=cast.actor("chief"), at=NOW)
    assert "住户摸底" in words_of(browser.get(reverse("surveys_own:mine")))
    url = reverse("surveys_own:one", args=[target_of(survey, "301").uid])
    assert browser.post(url, {**GOOD, "entry_id": str(uuid4())}).status_code == 302
    assert Answer.objects.get().user_id == cast.people["resident"].pk
    assert browser.get(reverse("surveys_own:one", args=[target_of(survey, "302").uid])).status_code == 404


def test_after_the_end_the_page_says_so(cast, survey):
    Survey.objects.update(status="closed", closed_at=NOW)
    phone, target = Client(), target_of(survey, "301")
    assert "已经结束" in words_of(phone.get(link_of(target)))
    assert phone.post(link_of(target), {**GOOD, "entry_id": str(uuid4())}).status_code == 400
    assert not Answer.objects.exists()


def test_pages_take_few_statements(survey, django_assert_max_num_queries):
    phone, target = Client(), target_of(survey, "301")
    phone.get(link_of(target))
    with django_assert_max_num_queries(8):
        phone.get(link_of(target))
