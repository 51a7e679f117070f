"""A survey from above waits for its streets; what they do not let pass is not asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from louzhang.fieldwork.actions.admitting import admit_admission, decline_admission, withdraw_admission
from louzhang.fieldwork.models import Admission
from louzhang.journal.models import Words
from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.surveys.actions.answering import answer_target
from louzhang.surveys.actions.running import (
    admit_survey,
    close_survey,
    open_survey,
    submit_survey,
    withdraw_survey,
)
from louzhang.surveys.home_codes import code_of
from louzhang.surveys.models import Answer, Survey, Target
from louzhang.surveys.queries.finding import asked_of
from louzhang.surveys.queries.results import ground_of, places_of, results_of
from louzhang.surveys.tests.ground import assess, drafted
from tests.cast import browser_as


@pytest.fixture
def sent(cast, homes):
    """A screening of the whole district, sent to its two streets."""
    assess(cast)

    def make(**more):
        survey = drafted(cast, "commander", "district", area_ids=[cast.areas["district"].pk], **more)
        return submit_survey(survey_id=survey.pk, actor=cast.actor("commander"), at=cast.at)

    return make


def at(cast, key):
    return Admission.objects.filter(street=cast.areas[key]).latest("pk")


def say_yes(cast, key, **answers):
    desk = {"street": "street", "other_street": "stranger_street"}[key]
    return admit_admission(uid=at(cast, key).uid, answers=answers, actor=cast.actor(desk), at=cast.at)


def test_it_begins_only_where_and_when_the_streets_said_yes(cast, sent):
    survey = sent()
    commander = cast.actor("commander")
    with pytest.raises(TransitionRefused):
        open_survey(survey_id=survey.pk, actor=commander, at=cast.at)
    for key in ("street", "commander"):
        with pytest.raises(NotYours):
            admit_survey(survey_id=survey.pk, actor=cast.actor(key), at=cast.at)
    say_yes(cast, "street")
    assert Survey.objects.get().status == "waiting"
    decline_admission(
        uid=at(cast, "other_street").uid, reason="正在防汛", actor=cast.actor("stranger_street"), at=cast.at
    )
    survey = Survey.objects.get()
    assert (survey.status, survey.admission_uid) == ("ready", at(cast, "street").uid)
    open_survey(survey_id=survey.pk, actor=commander, at=cast.at)
    asked = Target.objects.filter(survey=survey)
    assert asked.count() == 3
    assert all(target.area.path.startswith(cast.areas["street"].path) for target in asked.select_related("area"))
    close_survey(survey_id=survey.pk, actor=commander, at=cast.at + timedelta(hours=1))
    assert at(cast, "street").status == "ended"


def test_when_every_street_says_no_it_is_a_draft_again_with_the_reasons(cast, sent):
    survey = sent()
    for key, desk in (("street", "street"), ("other_street", "stranger_street")):
        decline_admission(uid=at(cast, key).uid, reason="先等等", actor=cast.actor(desk), at=cast.at)
    survey.refresh_from_db()
    assert survey.status == "draft"
    said = Words.objects.filter(subject_kind="survey", subject_id=survey.pk).latest("seq").spoken["reason"]
    assert said == "东风街道：先等等；西岭街道：先等等"
    submit_survey(survey_id=survey.pk, actor=cast.actor("commander"), at=cast.at + timedelta(minutes=1))
    assert Admission.objects.filter(status="asked").count() == 2


def test_what_the_register_knows_is_filled_in_or_not_asked(cast, sent):
    survey = sent()
    known = {question["key"]: question["known"] for question in at(cast, "street").questions}
    assert known == {"lives": "dwelling.kind", "heads": "household.people", "wants": "", "words": ""}
    with pytest.raises(InputRefused) as refused:
        say_yes(cast, "street", lives="dropped")
    assert "现在有人住吗" in refused.value.message
    say_yes(cast, "street", lives="prefilled", heads="dropped")
    say_yes(cast, "other_street", heads="dropped")
    questions = {row.key: row.register_key for row in survey.questions.all()}
    assert questions == {"lives": "dwelling.kind", "wants": "", "words": ""}


def test_an_emergency_begins_at_once_and_the_streets_are_told(cast, homes):
    assess(cast)
    survey = drafted(
        cast, "commander", "district", area_ids=[cast.areas["street"].pk], basis="emergency",
        basis_words="区防汛指挥部〔2026〕3 号",
    )  # fmt: skip
    open_survey(survey_id=survey.pk, actor=cast.actor("commander"), at=cast.at)
    row = Admission.objects.get()
    assert (row.status, row.is_emergency, row.decision) == ("admitted", True, "区防汛指挥部〔2026〕3 号")


def test_its_page_leads_to_the_admission_while_it_waits(cast, sent):
    survey = sent()
    for key in ("commander", "street"):
        page = browser_as(cast, key).get(reverse("surveys_desk:survey", args=[survey.uid]))
        assert reverse("asking:admissions") in page.content.decode()
        assert "已送街道准入" in page.content.decode()


def test_it_is_taken_back_where_it_lives(cast, sent):
    survey = sent()
    with pytest.raises(TransitionRefused):
        withdraw_admission(uid=at(cast, "street").uid, actor=cast.actor("commander"), at=cast.at)
    withdraw_survey(survey_id=survey.pk, actor=cast.actor("commander"), at=cast.at)
    assert {row.status for row in Admission.objects.all()} == {"withdrawn"}


def test_a_community_asks_its_own_people_without_any_street(cast, survey):
    assert survey.status == "open"
    assert not Admission.objects.exists()


@pytest.fixture
def two_ways(cast, sent):
    """One street does not let the question after how many live there pass, the other one does."""
    survey = sent()
    say_yes(cast, "street", heads="dropped")
    say_yes(cast, "other_street")
    survey.refresh_from_db()
    return open_survey(survey_id=survey.pk, actor=cast.actor("commander"), at=cast.at)


def keys_at(cast, survey, *areas):
    return [each.key for each in asked_of(survey, *(cast.areas[key].path for key in areas))]


def answer(cast, survey, door, key, number, **fields):
    target = Target.objects.get(survey=survey, dwelling__door=door)
    return answer_target(
        target_uid=target.uid, uid=UUID(int=number), fields=fields, outcome="answered", voice="door",
        actor=cast.actor(key), at=cast.at,
    )  # fmt: skip


def test_a_question_that_one_street_does_not_let_pass_is_asked_in_the_others(cast, two_ways):
    assert keys_at(cast, two_ways, "stairwell") == ["lives", "wants", "words"]
    assert keys_at(cast, two_ways, "other_building") == ["lives", "heads", "wants", "words"]
    assert "heads" in keys_at(cast, two_ways, "stairwell", "other_building"), "who works in both is asked for both"
    assert "heads" in keys_at(cast, two_ways)


def test_an_answer_holds_only_what_is_asked_there(cast, two_ways):
    assert answer(cast, two_ways, "301", "chief", 1, q_lives="yes", q_heads="3").is_taken
    refused = answer(cast, two_ways, "102", "stranger_chief", 2, q_lives="yes")
    assert set(refused.problems) == {"heads"}
    assert answer(cast, two_ways, "102", "stranger_chief", 3, q_lives="yes", q_heads="2").is_taken
    chosen = dict(Answer.objects.values_list("target__dwelling__door", "chosen"))
    assert chosen == {"301": {"lives": "yes"}, "102": {"lives": "yes", "heads": 2}}


def test_who_was_not_asked_is_not_counted_as_silent(cast, two_ways):
    answer(cast, two_ways, "301", "chief", 1, q_lives="yes")
    answer(cast, two_ways, "102", "stranger_chief", 3, q_lives="yes", q_heads="2")
    table = {}
    for key in ("desk", "stranger_desk"):
        ground = ground_of(two_ways, places_of(two_ways, cast.actor(key)), None)
        heads = next(each for each in results_of(two_ways, ground).questions if each.asked.key == "heads")
        table[key] = (heads.whole.asked, sum(number or 0 for number in heads.whole.numbers))
    assert table == {"desk": (0, 0), "stranger_desk": (1, 1)}


def test_the_form_at_the_door_and_the_own_page_ask_only_what_is_asked_there(cast, two_ways):
    for door, key, is_asked in (("301", "chief", False), ("102", "stranger_chief", True)):
        target = Target.objects.get(survey=two_ways, dwelling__door=door)
        browser = browser_as(cast, key)
        pages = [
            browser.get(reverse("surveys_field:target", args=[target.uid])),
            browser.get(reverse("surveys_field:write", args=[two_ways.uid])),
            browser_as(cast).get(reverse("surveys_own:link", args=[target.uid, code_of(target.uid)])),
        ]
        for page in pages:
            assert page.status_code == 200
            assert ("住几个人" in page.content.decode()) is is_asked


def test_the_office_that_asks_reads_where_a_question_is_left_out(cast, two_ways):
    page = browser_as(cast, "commander").get(reverse("surveys_desk:survey", args=[two_ways.uid])).content.decode()
    assert "东风街道不问" in page
