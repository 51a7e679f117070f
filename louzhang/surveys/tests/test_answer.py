"""Answers: many at a time, each once, the newest given holds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.verifying import prove_journal
from louzhang.surveys.actions.answering import OVER, UNKNOWN, Said, answer_target, take_answers
from louzhang.surveys.actions.running import close_survey
from louzhang.surveys.models import Answer, Share, Target, TargetState, Voice
from louzhang.surveys.tests.ground import GOOD, target_of

ONE, TWO = UUID(int=101), UUID(int=102)


def say(cast, survey, key="chief", door="301", uid=ONE, outcome="answered", fields=GOOD, later=0, voice=Voice.DOOR):
    return answer_target(
        target_uid=target_of(survey, door).uid, uid=uid, fields=fields, outcome=outcome, voice=voice,
        actor=cast.actor(key), at=cast.at + timedelta(minutes=later),
    )  # fmt: skip


def counts(survey, area):
    share = Share.objects.get(survey=survey, area=area)
    return share.total, share.answered, share.declined, share.absent


def test_what_a_household_said_stands_with_its_event_and_is_counted(cast, survey):
    taken = say(cast, survey)
    assert taken.is_taken, taken.message
    target, answer = target_of(survey, "301"), Answer.objects.get()
    assert (target.state, target.current, target.chain_seq) == (TargetState.ANSWERED, 1, 1)
    assert answer.chosen == {"lives": "yes", "heads": 3, "wants": ["a", "b"], "words": "*"}
    assert "楼道灯" not in answer.said_sealed
    assert "楼道灯" in answer.open_field("said")
    event = Event.objects.get(subject_kind="survey_target", subject_id=target.pk)
    assert (event.verb, event.payload, event.entry_id) == ("answer", {"number": 1, "voice": "door"}, ONE)
    assert event.post_id == cast.posts["chief"].pk
    assert counts(survey, cast.areas["stairwell"]) == (2, 1, 0, 0)


def test_the_same_answer_sent_again_is_the_same_answer(cast, survey):
    assert say(cast, survey).is_taken
    assert say(cast, survey, later=5).is_taken
    assert Answer.objects.count() == 1
    assert counts(survey, cast.areas["stairwell"]) == (2, 1, 0, 0)


def test_an_id_of_somebody_else_is_refused(cast, survey):
    assert say(cast, survey).is_taken
    assert "编号" in say(cast, survey, key="grid_worker").message
    assert Answer.objects.count() == 1


def test_the_newest_given_holds_and_the_other_stays_as_a_version(cast, survey):
    say(cast, survey, later=10)
    late = {**GOOD, "q_heads": "1"}
    earlier = Said(uid=TWO, target=target_of(survey, "301").uid, fields=late, happened_at=cast.at)
    taken = take_answers([earlier], voice=Voice.PAPER, actor=cast.actor("desk"), at=cast.at + timedelta(minutes=20))
    assert taken[0].is_taken
    target = target_of(survey, "301")
    assert (target.versions, target.current) == (2, 1), "the answer at the door was given later"
    assert say(cast, survey, uid=UUID(int=3), later=30, fields=late).is_taken
    assert target_of(survey, "301").current == 3
    assert Answer.objects.current().get().chosen["heads"] == 1


def test_nobody_met_replaces_no_answer(cast, survey):
    say(cast, survey, outcome="absent", fields={})
    assert counts(survey, cast.areas["stairwell"]) == (2, 0, 0, 1)
    say(cast, survey, uid=TWO, later=1)
    say(cast, survey, uid=UUID(int=3), outcome="absent", fields={}, later=2)
    assert counts(survey, cast.areas["stairwell"]) == (2, 1, 0, 0)
    assert target_of(survey, "301").current == 2


def test_who_would_rather_not_answer_is_done(cast, survey):
    say(cast, survey, outcome="declined", fields={})
    assert counts(survey, cast.areas["stairwell"]) == (2, 0, 1, 0)
    assert {target.dwelling.door for target in Target.objects.behind()} == {"302", "101"}
    declined = {"q_lives": "-", "n_words": "1"}
    assert say(cast, survey, door="302", uid=TWO, fields=declined).is_taken, "each question may be declined as well"
    assert Answer.objects.get(uid=TWO).chosen == {"lives": "-", "words": "-"}


def test_a_wrong_answer_says_where_and_the_others_of_its_batch_stand(cast, survey):
    bad = Said(uid=ONE, target=target_of(survey, "301").uid, fields={"q_lives": "yes"}, happened_at=cast.at)
    good = Said(uid=TWO, target=target_of(survey, "302").uid, fields=GOOD, happened_at=cast.at)
    refused, taken = take_answers([bad, good], voice=Voice.DOOR, actor=cast.actor("chief"), at=cast.at)
    assert set(refused.problems) == {"heads"}
    assert taken.is_taken
    assert Answer.objects.get().uid == TWO


@pytest.mark.parametrize("key", ["next_chief", "stranger_chief", "property", "street", "commander", "nobody"])
def test_nobody_answers_for_homes_they_do_not_look_after(cast, survey, key):
    assert say(cast, survey, key=key).message == UNKNOWN


def test_after_the_end_nothing_is_taken(cast, survey):
    close_survey(survey_id=survey.pk, actor=cast.actor("desk"), at=cast.at + timedelta(hours=1))
    assert say(cast, survey, later=61).message.startswith(OVER)
    assert not Answer.objects.exists()


def test_a_batch_takes_a_handful_of_statements(cast, survey, django_assert_max_num_queries):
    said = [
        Said(uid=UUID(int=number + 500), target=target_of(survey, door).uid, fields=GOOD, happened_at=cast.at)
        for number, door in enumerate(["301", "302"] * 50)
    ]
    chief = cast.actor("chief")
    with django_assert_max_num_queries(16):
        taken = take_answers(said, voice=Voice.DOOR, actor=chief, at=cast.at)
    assert all(each.is_taken for each in taken)
    assert target_of(survey, "301").versions == 50


def test_every_chain_holds(cast, survey):
    say(cast, survey)
    say(cast, survey, uid=TWO, later=1)
    close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at + timedelta(hours=1))
    proof = prove_journal()
    assert proof.events > 0
