"""Two at once: one place in two rounds, one step taken twice, an answer beside the end of the naming."""

from __future__ import annotations

from functools import partial

import pytest

from louzhang.areas.models import Post
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.roster.actions.choosing import (
    Choice,
    appoint_round,
    ask_replacement,
    close_nominations,
    go_on,
    name_person,
    review_nominee,
)
from louzhang.roster.actions.choosing.naming import Naming
from louzhang.roster.models.choosing import Nominee, NomineeReview, Round, Vacancy
from louzhang.roster.models.replacing import ReplacementRequest, ReplacementVoice
from louzhang.roster.tests.choosing_stage import PHONE, SAID, set_stage
from tests.at_once import at_once, winners
from tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(transactional_db):
    return set_stage(make_cast())


def test_one_place_is_in_one_round_of_two_started_together(stage):
    assert len(winners(at_once(stage.start, stage.start, stage.start))) == 1
    assert (Round.objects.count(), Vacancy.objects.count()) == (1, 1)
    assert prove_journal().chains


def test_two_neighbours_who_name_the_same_person_give_one_nominee_two_voices(stage):
    row = stage.start()
    naming = Naming(vacancy=row.vacancies.get().uid, name="演示王姐", words="热心。", phone=PHONE)
    name = partial(name_person, round_uid=row.uid, naming=naming, way="resident", at=stage.at)
    assert len(winners(at_once(partial(name, actor=stage.resident), partial(name, actor=stage.cast.device)))) == 2
    assert Nominee.objects.get().nominations.count() == 2
    assert prove_journal().chains


def test_one_reviewer_writes_once_and_one_step_is_taken_once(stage):
    row = stage.start()
    nominee = stage.agree(stage.name(row))
    stage.close(row)
    on = partial(go_on, uid=row.uid, choice=Choice(), actor=stage.desk, at=stage.at)
    assert len(winners(at_once(on, on))) == 1
    write = partial(review_nominee, uid=nominee.uid, words=SAID, actor=stage.desk, at=stage.at)
    assert len(winners(at_once(write, write))) == 1
    assert NomineeReview.objects.count() == 1
    assert prove_journal().chains


def test_an_answer_and_the_next_step_wait_for_each_other(stage):
    row = stage.start()
    first, second = stage.agree(stage.name(row)), stage.name(row, name="演示李哥", phone="")
    stage.close(row)
    on = partial(go_on, uid=row.uid, choice=Choice(), actor=stage.desk, at=stage.at)
    at_once(on, partial(stage.agree, second))
    states = set(Nominee.objects.filter(pk__in=[first.pk, second.pk]).values_list("status", flat=True))
    assert states in ({"standing"}, {"standing", "lapsed"})
    assert prove_journal().chains


def test_a_round_is_appointed_once(stage):
    row = stage.to_notice()
    stage.after_notice(row)
    at = Round.objects.get().notice_until
    assert at is not None
    day = clock.local_date(at)
    act = partial(appoint_round, uid=row.uid, starts_on=day, ends_on=None, actor=stage.desk, at=at)
    assert len(winners(at_once(act, act))) == 1
    assert Post.objects.filter(area=stage.cast.areas["building"], ends_on=None).count() == 1
    assert prove_journal().chains


def test_naming_is_closed_once_by_desk_and_secretary(stage):
    row = stage.start()
    acts = [
        partial(close_nominations, uid=row.uid, actor=stage.cast.actor(key), at=stage.at)
        for key in ("desk", "secretary")
    ]
    assert len(winners(at_once(*acts))) == 1


def test_a_household_speaks_once_however_often_it_taps(stage):
    act = partial(
        ask_replacement, post_id=stage.cast.posts["chief"].pk, words="没来过。", actor=stage.resident, at=stage.at
    )
    assert len(winners(at_once(act, act, act))) == 1
    assert (ReplacementVoice.objects.count(), ReplacementRequest.objects.count()) == (1, 0)
