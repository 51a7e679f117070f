"""People who would like a place that is not theirs to give: what they try in a round, and what it gives them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.areas.models import Post
from louzhang.ballots.models import Poll
from louzhang.ballots.queries.polls import known_polls
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.roster.actions.choosing import Election, join_nominee, reach_nominee
from louzhang.roster.lifecycle.choosing import Tie
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.tests.choosing_stage import set_stage
from tests.cast import make_cast, phone_of


@pytest.fixture
def stage(db):
    return set_stage(make_cast())


def number_of(stage, key):
    return phone_of(list(stage.cast.people).index(key))


def voting(stage, name="演示王姐"):
    """A round that votes about somebody named without a number."""
    row = stage.start(extra=("election",))
    nominee = stage.agree(stage.name(row, name=name, phone=""))
    stage.on(stage.close(row))
    stage.review(nominee)
    counters = [stage.cast.people[key].pk for key in ("desk", "secretary")]
    stage.on(row, election=Election(closes_at=stage.at + timedelta(days=7), counters=counters))
    return Nominee.objects.select_related("vacancy").get(pk=nominee.pk)


def test_a_candidate_who_is_known_late_touches_nothing_of_the_poll_from_then_on(stage):
    nominee = voting(stage)
    street = stage.cast.actor("street")
    assert known_polls(street).count() == 1
    reach_nominee(uid=nominee.uid, phone=number_of(stage, "street"), actor=stage.desk, at=stage.at)
    assert stage.cast.people["street"].pk in Poll.objects.get().barred
    assert known_polls(street).count() == 0


def test_a_candidate_who_opens_their_code_while_votes_are_taken_is_kept_apart_too(stage):
    nominee = voting(stage)
    join_nominee(code=nominee.open_field("code"), actor=stage.cast.actor("commander"), at=stage.at)
    assert stage.cast.people["commander"].pk in Poll.objects.get().barred


def test_nobody_reviews_themselves_under_a_name_without_a_number(stage):
    nominee, colleague = voting(stage), stage.cast.actor("secretary")
    for key in ("desk", "grid_worker"):
        with pytest.raises(Conflict, match="考察意见"):
            reach_nominee(uid=nominee.uid, phone=number_of(stage, key), actor=colleague, at=stage.at)
        with pytest.raises(Conflict, match="考察意见"):
            join_nominee(code=nominee.open_field("code"), actor=stage.cast.actor(key), at=stage.at)


def test_the_office_writes_down_its_own_name_with_a_number_only(stage):
    row = stage.start()
    with pytest.raises(InputRefused, match="自荐"):
        stage.name(row, name="演示社区受理", phone="")
    assert stage.name(row, name="演示社区受理", phone="13911118888").way == "community"


def test_whoever_holds_the_place_does_not_run_the_round_about_it(stage):
    """A cadre of the office who is a chief too: the round about their building is a colleague's."""
    Post.objects.filter(pk=stage.cast.posts["chief"].pk).update(user=stage.cast.people["secretary"])
    row = stage.start()
    assert Round.objects.tied(stage.desk, Tie.DESK).filter(pk=row.pk).exists()
    assert not Round.objects.tied(stage.cast.actor("secretary"), Tie.DESK).filter(pk=row.pk).exists()
    nominee = stage.name(row)
    assert not Nominee.objects.tied(stage.cast.actor("secretary"), Tie.DESK).filter(pk=nominee.pk).exists()
