"""Two at once: the last seat goes to one, a seat given back to one who waits, a person to one seat."""

from __future__ import annotations

from functools import partial

import pytest

from louzhang.journal.verifying import prove_journal
from louzhang.roster.actions.training.enrolling import enrol, withdraw
from louzhang.roster.models.training import Enrolment
from louzhang.roster.tests.training_scene import make_course, make_lesson
from tests.at_once import at_once, winners
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = ("chief", "next_chief", "grid_worker", "stairwell_head")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def test_the_last_seat_goes_to_one_and_the_others_wait(cast):
    lesson = make_lesson(cast, make_course(cast), seats=1)
    taps = [partial(enrol, uid=lesson.uid, actor=cast.actor(key), at=cast.at) for key in PEOPLE]
    assert len(winners(at_once(*taps))) == 4
    rows = list(Enrolment.objects.values_list("status", "seat"))
    assert sorted(rows, key=str) == sorted([("seated", 1), *[("waiting", None)] * 3], key=str)
    assert prove_journal().chains


def test_one_person_tapping_three_times_has_one_seat(cast):
    lesson = make_lesson(cast, make_course(cast), seats=3)
    tap = partial(enrol, uid=lesson.uid, actor=cast.actor("chief"), at=cast.at)
    assert len(winners(at_once(tap, tap, tap))) == 1
    assert Enrolment.objects.count() == 1


def test_two_seats_given_back_at_once_go_to_the_two_who_wait(cast):
    lesson = make_lesson(cast, make_course(cast), seats=2)
    for key in PEOPLE:
        enrol(uid=lesson.uid, actor=cast.actor(key), at=cast.at)
    back = [partial(withdraw, uid=lesson.uid, actor=cast.actor(key), at=cast.at) for key in ("chief", "next_chief")]
    assert len(winners(at_once(*back))) == 2
    seated = Enrolment.objects.filter(status="seated").order_by("seat").values_list("seat", "user__name")
    assert [seat for seat, _ in seated] == [1, 2]
    assert {name for _, name in seated} == {cast.people[key].name for key in ("grid_worker", "stairwell_head")}
    assert prove_journal().chains
