"""A round that votes: a poll a place among those who live there; 23 neighbour leads at once (R2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from louzhang.areas.actions import add_area
from louzhang.areas.models import AreaLevel, LevelKind
from louzhang.ballots.models import Item, Poll
from louzhang.ballots.queries.polls import polls_of
from louzhang.journal.actor import SYSTEM
from louzhang.journal.refusals import InputRefused, TransitionRefused
from louzhang.register.actions.bulk import Batch, ResidentDraft
from louzhang.register.models import DwellingKind, Tie
from louzhang.roster.actions.choosing import (
    Election,
    RoundDraft,
    break_off,
    drop_vacancy,
    erase_old_rounds,
    go_on,
    start_round,
)
from louzhang.roster.actions.choosing.running import Choice
from louzhang.roster.lifecycle.choosing import NomineeState, RoundState
from louzhang.roster.models.choosing import Nominee, Round
from louzhang.roster.queries.choosing.electing import SERVED, counters_for, votes_end
from louzhang.roster.tests.choosing_stage import set_stage
from tests.cast import browser_as, make_cast


@pytest.fixture
def stage(db):
    return set_stage(make_cast())


def election(stage, **more):
    people = [stage.cast.people[key].pk for key in ("desk", "secretary")]
    return Election(closes_at=stage.at + timedelta(days=7), counters=people, **more)


def to_election(stage, *names, **more):
    row = stage.start(extra=("election",))
    people = [stage.agree(stage.name(row, name=name, phone="")) for name in names]
    stage.on(stage.close(row))
    for nominee in people:
        stage.review(nominee)
    stage.on(row, election=election(stage, **more))
    row.refresh_from_db()
    return row


def counted(poll, winner="", status="counted"):
    """As the ballot box leaves it after the count."""
    Item.objects.filter(poll=poll, label=winner).update(standing="elected")
    Poll.objects.filter(pk=poll.pk).update(status=status, ended_at=poll.closes_at, took_part=2)


def test_the_list_of_rounds_says_until_when_a_vote_runs(stage):
    row = to_election(stage, "演示王姐", "演示李哥")
    (poll,) = polls_of(SERVED, row.vacancies.get().pk)
    assert votes_end([row]) == {row.pk: poll.closes_at}
    page = browser_as(stage.cast, "desk").get(reverse("choosing:rounds")).content.decode()
    assert "投票到" in page


def test_each_place_has_a_poll_among_those_who_live_there(stage):
    row = to_election(stage, "演示王姐", "演示李哥")
    assert row.status == RoundState.ELECTING
    (poll,) = polls_of(SERVED, row.vacancies.get().pk)
    assert (poll.status, poll.electorate, poll.quorum_percent) == ("open", "household", 50)
    assert poll.area_ids == [stage.cast.areas["stairwell"].pk]
    assert [item.label for item in poll.items.order_by("position")] == ["演示王姐", "演示李哥"]
    assert stage.cast.people["chief"].pk in poll.barred


def test_a_round_cannot_vote_without_two_counters_and_an_end(stage):
    row = stage.start(extra=("election",))
    nominee = stage.agree(stage.name(row))
    stage.on(stage.close(row))
    stage.review(nominee)
    with pytest.raises(InputRefused):
        stage.on(row)
    one = Election(closes_at=stage.at + timedelta(days=7), counters=[stage.cast.people["desk"].pk])
    with pytest.raises(InputRefused):
        go_on(uid=row.uid, choice=Choice(election=one), actor=stage.desk, at=stage.at)
    assert not Poll.objects.exists()
    assert {person.name for person in counters_for(row, stage.at)} == {"演示社区受理", "演示书记"}


def test_who_was_elected_is_put_forward_and_the_others_are_not(stage):
    row = to_election(stage, "演示王姐", "演示李哥")
    with pytest.raises(TransitionRefused):
        stage.on(row)
    counted(polls_of(SERVED, row.vacancies.get().pk)[0], "演示李哥")
    assert stage.on(row).status == RoundState.NOTICING
    states = dict(Nominee.objects.values_list("pk", "status"))
    assert [states[pk] for pk in sorted(states)] == [NomineeState.NOT_CHOSEN, NomineeState.CHOSEN]


def test_a_poll_without_result_leaves_the_place_to_people(stage):
    row = to_election(stage, "演示王姐")
    poll = polls_of(SERVED, row.vacancies.get().pk)[0]
    assert poll.least_percent == 50
    counted(poll, status="failed")
    with pytest.raises(TransitionRefused):
        stage.on(row)
    assert break_off(uid=row.uid, reason="没有过半。", actor=stage.desk, at=stage.at).status == RoundState.BROKEN


def test_a_round_broken_off_ends_its_polls(stage):
    row = to_election(stage, "演示王姐")
    break_off(uid=row.uid, reason="人数登记错了，重来。", actor=stage.desk, at=stage.at)
    assert Poll.objects.get().status == "withdrawn"


def test_a_year_after_a_round_nobody_is_named_on_its_ballots(stage):
    row = to_election(stage, "演示王姐", "演示李哥")
    break_off(uid=row.uid, reason="人数登记错了，重来。", actor=stage.desk, at=stage.at)
    assert erase_old_rounds(at=stage.at + timedelta(days=364)) == 0
    assert {item.label for item in Item.objects.all()} == {"演示王姐", "演示李哥"}
    assert erase_old_rounds(at=stage.at + timedelta(days=366)) == 1
    left = [(item.label, item.note) for item in Item.objects.order_by("position")]
    assert left == [("一位不留名的人（1）", ""), ("一位不留名的人（2）", "")]


def village(stage, groups):
    """Neighbour groups with three households each, as the household map cuts them."""
    level = AreaLevel.objects.get(kind=LevelKind.GROUP)
    kind, batch, areas = DwellingKind.objects.get(code="own"), Batch(actor=SYSTEM, at=stage.at), []
    for number in range(1, groups + 1):
        area = add_area(
            parent=stage.cast.areas["grid"], level=level, name=f"第{number}邻里组", code=f"L{number}", actor=SYSTEM,
            at=stage.at,
        )  # fmt: skip
        areas.append(area)
        for door in range(1, 4):
            home = batch.add_dwelling(
                area=area, door=f"{door}号", floor=None, position=door, kind=kind, vacant_since=None
            )
            household = batch.add_household(dwelling=home, starts_on=date(2020, 5, 1))
            batch.add_resident(household=household, draft=ResidentDraft(f"演示户主{number}-{door}", Tie.HEAD))
    batch.store()
    return areas


def test_one_round_starts_every_neighbour_lead_of_a_village_each_with_its_own_electorate(stage):
    areas = village(stage, 23)
    draft = RoundDraft(
        role="chief", area_ids=[area.pk for area in areas], words="选邻里长。", extra=("election",),
        until=stage.at.date() + timedelta(days=7),
    )  # fmt: skip
    row = start_round(draft=draft, actor=stage.desk, at=stage.at)
    places = list(row.vacancies.order_by("pk"))
    people = [stage.agree(stage.name(row, place=place, name=f"演示邻里{place.pk}", phone="")) for place in places]
    stage.on(stage.close(row))
    for nominee in people:
        stage.review(nominee)
    stage.on(row, election=election(stage))
    polls = list(Poll.objects.order_by("pk"))
    assert (len(places), len(polls)) == (23, 23)
    assert [poll.area_ids for poll in polls] == [[place.area_id] for place in places]
    assert {poll.entitled for poll in polls} == {3}
    drop_vacancy(uid=row.uid, vacancy=places[0].uid, reason="这一组要重新划。", actor=stage.desk, at=stage.at)
    assert Poll.objects.filter(status="withdrawn").count() == 1
    for place, nominee in list(zip(places, people, strict=True))[1:]:
        counted(polls_of(SERVED, place.pk)[0], nominee.name)
    assert stage.on(row).status == RoundState.NOTICING
    assert Round.objects.get().nominees.filter(status=NomineeState.CHOSEN.value).count() == 22
