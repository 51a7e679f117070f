"""A survey from above waits for its streets; what they do not let pass is not asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from louzhang.fieldwork.actions.admitting import admit_admission, decline_admission, withdraw_admission
from louzhang.fieldwork.models import Admission
from louzhang.journal.models import Words
from louzhang.journal.refusals import InputRefused, NotYours, TransitionRefused
from louzhang.surveys.actions.running import (
    admit_survey,
    close_survey,
    open_survey,
    submit_survey,
    withdraw_survey,
)
from louzhang.surveys.models import Survey, Target
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
    say_yes(cast, "other_street")
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
