"""Photos of an answer go along with the order it set going, where the rule says so and the household was told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from louzhang.journal.actions import read_new_events
from louzhang.journal.models import Attachment, Stuck
from louzhang.journal.refusals import InputRefused
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock, media
from louzhang.surveys.actions.following_up import RuleDraft, add_follow_up_rule, end_follow_up_rule
from louzhang.surveys.actions.purging import purge_survey
from louzhang.surveys.actions.running import close_survey
from louzhang.surveys.models import Course, FollowUpRule, Question
from louzhang.surveys.queries.finding import CARRIED, asked_of
from louzhang.surveys.questions import Asked, Kind
from louzhang.surveys.tests.ground import opened
from louzhang.surveys.tests.test_photos import PIPES, asked_with, develop, say, upload
from louzhang.workorders.models import WorkOrder
from tests.cast import browser_as, cast_of_now

METER = Asked("meter", "电表的照片", Kind.PHOTO, most=2, is_needed=False)


@pytest.fixture
def cast(db):
    return cast_of_now()


@pytest.fixture
def survey(cast, homes):
    return asked_with(cast, PIPES, METER)


def lay_down(cast, survey, photos="pipes", **more):
    """Who says that nobody lives there gets an order, with the photos of a question."""
    keys = {row.key: row for row in Question.objects.filter(survey=survey)}
    carried = keys[photos].pk if photos in keys else photos
    given = {"course": Course.ORDER, "category": cast.categories["leak"], "condition": {"answers": ["no"]}} | more
    draft = RuleDraft(keys["lives"].pk, words="请看看水管", photos_id=carried, **given)
    return add_follow_up_rule(survey_id=survey.pk, draft=draft, actor=cast.actor("desk"), at=cast.at)


def answer(cast, survey, colour="red", **more):
    photo = upload(cast.actor("chief"), cast.at, colour)
    assert say(cast, survey, [photo], **more).is_taken
    while read_new_events(at=cast.at):
        pass
    assert not Stuck.objects.exists()
    return photo


def pictures_of(order):
    return list(Attachment.objects.filter(subject_kind="workorder", subject_id=order.pk))


@pytest.mark.parametrize("is_early", [True, False])
def test_the_order_has_the_pictures_and_each_row_its_own_chain(cast, survey, is_early):
    lay_down(cast, survey)
    photo = upload(cast.actor("chief"), cast.at)
    if is_early:
        develop(cast.at)
    assert say(cast, survey, [photo]).is_taken
    read_new_events(at=cast.at)
    develop(cast.at)
    (copy,) = pictures_of(WorkOrder.objects.get())
    own = Attachment.objects.get(uid=photo)
    assert (copy.stage, copy.seq, str(copy.uid) == photo) == ("ready", 1, False)
    assert (copy.digest, bytes(copy.salt)) != (own.digest, bytes(own.salt))
    assert prove_journal().chains


def test_a_rule_without_photos_and_photos_of_another_question_stay_with_the_survey(cast, survey):
    lay_down(cast, survey, photos=None)
    answer(cast, survey)
    assert not pictures_of(WorkOrder.objects.get())
    lay_down(cast, survey, photos="meter")
    answer(cast, survey, "blue", door="302")
    assert not any(pictures_of(order) for order in WorkOrder.objects.all())


def test_whoever_adds_photos_reads_that_they_go_along_as_long_as_the_rule_holds(cast, survey):
    def told():
        return {each.key for each in asked_of(survey) if CARRIED in each.note}

    assert told() == set()
    rule = lay_down(cast, survey)
    assert told() == {"pipes"}
    page = browser_as(cast, "desk").get(reverse("follow_ups:rules", args=[survey.uid])).content.decode()
    assert "带上“阳台水管的照片”的照片" in page
    end_follow_up_rule(rule_uid=rule.uid, actor=cast.actor("desk"), at=cast.at)
    assert told() == set()


def test_the_order_keeps_its_pictures_when_the_survey_is_purged(cast, survey):
    lay_down(cast, survey)
    answer(cast, survey)
    develop(cast.at)
    close_survey(survey_id=survey.pk, actor=cast.actor("desk"), at=cast.at)
    purge_survey(survey_id=survey.pk, at=clock.day_start(survey.purge_on))
    (copy,) = pictures_of(WorkOrder.objects.get())
    with media.open_stored(copy.digest) as kept:
        assert kept.read()
    assert prove_journal().chains


def test_only_an_order_carries_photos_and_only_those_of_a_question_of_the_same_survey(cast, survey):
    texts = Question.objects.get(survey=survey, key="words").pk
    call = {"course": Course.VISIT, "category": None, "role": "chief", "days": 3}
    other = Question.objects.get(survey=opened(cast), key="words").pk
    for wrong in ({"photos": texts}, {"photos": other}, call):
        with pytest.raises(InputRefused) as said:
            lay_down(cast, survey, **wrong)
        assert said.value.field == "photos"
    assert not FollowUpRule.objects.exists()


def test_the_form_offers_the_questions_that_ask_for_photos(cast, survey):
    desk, url = browser_as(cast, "desk"), reverse("follow_ups:rules", args=[survey.uid])
    assert "不带照片" in desk.get(f"{url}?question=lives").content.decode()
    pipes = Question.objects.get(survey=survey, key="pipes")
    sent = {"course": "order", "words": "请看看水管", "category": "leak", "condition": ["no"], "photos": pipes.pk}
    assert desk.post(f"{url}?question=lives", sent).status_code == 302
    assert FollowUpRule.objects.get().photos == pipes
