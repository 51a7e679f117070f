"""At the same moment: household and chief, the same batch twice, an end and an answer, clients that cross."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from louzhang.journal.actor import SYSTEM, Actor, ActorKind
from louzhang.journal.models import Attachment, Event
from louzhang.journal.verifying import prove_journal
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.doorstep import Entry
from louzhang.register.forms.syncing import take_entries
from louzhang.register.tests.conftest import settle_in
from louzhang.surveys.actions.answering import Said, take_answers
from louzhang.surveys.actions.running import close_survey, open_survey
from louzhang.surveys.models import Answer, LateAnswer, Share, Survey, Target, Voice
from louzhang.surveys.tests.ground import GOOD, assess, drafted, opened, target_of
from louzhang.surveys.tests.test_photos import PIPES, asked_with, upload
from tests.at_once import at_once, winners
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
HOUSEHOLD = Actor(kind=ActorKind.DEVICE, device="c" * 64)


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def homes(cast):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


@pytest.fixture
def survey(cast, homes):
    return opened(cast)


def test_the_same_answer_with_a_photo_twice_at_once_hangs_it_once(cast, homes):
    survey, chief = asked_with(cast, PIPES), cast.actor("chief")
    answer = said(survey, "301", 1, q_pipes=upload(chief, cast.at))
    take = partial(take_answers, [answer], voice=Voice.DOOR, actor=chief, at=cast.at)
    assert all(taken[0].is_taken for taken in winners(at_once(take, take)))
    assert (Answer.objects.count(), Attachment.objects.exclude(subject_id=None).count()) == (1, 1)
    prove_journal()


def test_one_photo_for_two_households_at_once_goes_to_one_of_them(cast, homes):
    survey, chief = asked_with(cast, PIPES), cast.actor("chief")
    photo = upload(chief, cast.at)
    takes = [
        partial(take_answers, [said(survey, door, number, q_pipes=photo)], voice=Voice.DOOR, actor=chief, at=cast.at)
        for number, door in enumerate(("301", "302"), start=1)
    ]
    taken = [each[0].is_taken for each in winners(at_once(*takes))]
    assert sorted(taken) == [False, True]
    assert Answer.objects.count() == 1
    prove_journal()


def test_a_late_answer_with_a_photo_twice_at_once_is_kept_once(cast, homes):
    survey, chief = asked_with(cast, PIPES), cast.actor("chief")
    close_survey(survey_id=survey.pk, actor=SYSTEM, at=cast.at + timedelta(hours=2))
    photo, later = upload(chief, cast.at), cast.at + timedelta(hours=3)
    fields = {"q_lives": "no", "q_pipes": photo}
    entry = Entry(UUID(int=7), "survey.answer", target_of(survey, "301").uid, fields, cast.at)
    take = partial(take_entries, [entry], actor=chief, at=later)
    assert [taken[0].result for taken in winners(at_once(take, take))] == ["done", "done"]
    assert LateAnswer.objects.count() == 1


def said(survey, door, number, **more):
    fields = {**GOOD, **more}
    return Said(UUID(int=number), target_of(survey, door).uid, fields, Survey.objects.get().starts_at)


def answered(area):
    return Share.objects.get(area=area).answered


def test_household_and_chief_answer_at_the_same_moment(cast, survey):
    target = target_of(survey, "301")
    at_door = partial(take_answers, [said(survey, "301", 1)], voice=Voice.DOOR, actor=cast.actor("chief"), at=cast.at)
    by_phone = partial(
        take_answers, [said(survey, "301", 2, q_heads="5")], voice=Voice.HOUSEHOLD, actor=HOUSEHOLD, at=cast.at,
        scope=lambda _actor: Target.objects.filter(pk=target.pk),
    )  # fmt: skip
    assert all(taken[0].is_taken for taken in winners(at_once(at_door, by_phone)))
    target.refresh_from_db()
    assert (target.versions, Answer.objects.count()) == (2, 2)
    assert Answer.objects.current().get().number == 2, "both were given at once: the one that came last holds"
    assert answered(cast.areas["stairwell"]) == 1
    prove_journal()


def test_the_same_batch_twice_at_once_is_one_batch(cast, survey):
    batch = [said(survey, "301", 1), said(survey, "302", 2)]
    send = partial(take_answers, batch, voice=Voice.DOOR, actor=cast.actor("chief"), at=cast.at)
    both = winners(at_once(send, send, send))
    assert len(both) == 3
    assert all(taken.is_taken for answers in both for taken in answers)
    assert Answer.objects.count() == 2
    assert Event.objects.filter(subject_kind="survey_target").count() == 2
    assert answered(cast.areas["stairwell"]) == 2


def test_clients_that_cross_wait_for_each_other(cast, survey):
    doors = ["301", "302", "101"]
    worker = cast.actor("grid_worker")

    def client(first):
        for turn in range(6):
            order = doors if (turn + first) % 2 else doors[::-1]
            batch = [said(survey, door, 1000 * first + 10 * turn + place) for place, door in enumerate(order, 1)]
            assert all(taken.is_taken for taken in take_answers(batch, voice=Voice.DOOR, actor=worker, at=cast.at))
        return True

    assert at_once(*(partial(client, number) for number in range(1, 5))) == [True] * 4
    assert Answer.objects.count() == 4 * 6 * 3
    assert answered(cast.areas["stairwell"]) == 2
    assert answered(cast.areas["next_building"]) == 1
    prove_journal()


def test_an_answer_while_it_ends_stands_or_is_refused_with_a_sentence(cast, survey):
    later = cast.at + timedelta(hours=1)
    end = partial(close_survey, survey_id=survey.pk, actor=cast.actor("desk"), at=later)
    send = partial(take_answers, [said(survey, "301", 1)], voice=Voice.DOOR, actor=cast.actor("chief"), at=later)
    answers = at_once(end, send)
    (taken,) = next(answer for answer in answers if isinstance(answer, list))
    assert taken.is_taken == Answer.objects.exists()
    assert taken.is_taken or "已经结束" in taken.message
    assert answered(cast.areas["stairwell"]) == int(taken.is_taken)


def test_two_begin_the_same_survey(cast, homes):
    assess(cast)
    row = drafted(cast)
    begin = [partial(open_survey, survey_id=row.pk, actor=cast.actor(key), at=cast.at) for key in ("desk", "secretary")]
    assert len(winners(at_once(*begin))) == 1
    assert Target.objects.count() == 3
