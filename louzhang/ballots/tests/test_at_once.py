"""At the same moment: two clients with one vote, a vote and the close, two who count, paper and phone."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from louzhang.ballots.actions import (
    cast_ballot,
    close_box,
    confirm_count,
    count_poll,
    fix_roll,
    hand_out_paper,
    open_box,
    print_slips,
    show_roll,
)
from louzhang.ballots.actions.looking import look_at_turnout
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.queries.entering import ballots_of
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.rules import Rules
from louzhang.ballots.tests.ground import COUNTERS, drafted, elector_at
from louzhang.journal.actor import SYSTEM
from louzhang.journal.verifying import prove_journal
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import settle_in
from louzhang.surveys.tests.crowd import settle
from tests.at_once import at_once, winners
from tests.cast import cast_of_now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    cast = cast_of_now()
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return cast


def open_now(cast, **more):
    from datetime import timedelta

    now = clock.now()
    poll = drafted(cast, at=now, opens_at=now, closes_at=now + timedelta(hours=2), **more)
    desk = cast.actor("desk")
    show_roll(poll_id=poll.pk, actor=desk, at=now)
    fix_roll(poll_id=poll.pk, actor=desk, at=now)
    return open_box(poll_id=poll.pk, actor=desk, at=now)


def test_two_clients_with_the_same_slip_have_one_vote(cast):
    settle_in(cast)
    poll = open_now(cast)
    slip = print_slips(poll_id=poll.pk, actor=cast.actor("desk"), at=clock.now())[0]
    items = list(poll.items.order_by("position"))

    def client(item):
        vote = {"code": slip.code, "step": "vote", "ballot": str(slip.elector.uid), "pick": item.pk}
        return [Client().post(reverse("ballots:vote"), vote).status_code for _ in range(4)]

    assert at_once(*(partial(client, item) for item in items)) == [[200] * 4] * 3
    turnout = look_at_turnout(poll_id=poll.pk, actor=cast.actor("desk"), at=clock.now())
    assert turnout.voted == 1
    close_and_confirm(cast, poll)
    assert count_poll(poll_id=poll.pk, actor=cast.actor("desk"), at=poll.closes_at).took_part == 1


def close_and_confirm(cast, poll):
    close_box(poll_id=poll.pk, actor=cast.actor("desk"), at=poll.closes_at)
    for key in COUNTERS:
        confirm_count(poll_id=poll.pk, actor=cast.actor(key), at=poll.closes_at)


def test_many_vote_at_once_and_none_is_lost(cast):
    settle(cast, here=300, beside=2)
    poll = open_now(cast)
    electors = list(Elector.objects.select_related("poll").order_by("pk"))
    assert len({elector.bundle_id for elector in electors}) == 3

    def voter(first):
        for elector in electors[first:160:4]:
            cast_ballot(elector=elector, values=[0, 1, 0], at=clock.now())

    def shuffler():
        from louzhang.ballots.actions import stir

        for _ in range(10):
            stir(poll)

    at_once(*(partial(voter, first) for first in range(4)), shuffler)
    close_and_confirm(cast, poll)
    assert count_poll(poll_id=poll.pk, actor=cast.actor("desk"), at=poll.closes_at).took_part == 160


def test_two_counters_who_count_at_once_count_once(cast):
    settle_in(cast)
    poll = open_now(cast)
    cast_ballot(elector=elector_at(poll, "301"), values=[1, 0, 0], at=clock.now())
    close_and_confirm(cast, poll)
    acts = [partial(count_poll, poll_id=poll.pk, actor=cast.actor(key), at=poll.closes_at) for key in COUNTERS]
    assert len(winners(at_once(*acts))) == 1
    assert [line.label for line in outcome_of(Poll.objects.get()).winners] == ["演示无职"]
    prove_journal()


def test_a_vote_at_the_moment_of_the_count_is_counted_or_refused(cast):
    settle_in(cast)
    poll = open_now(cast)
    cast_ballot(elector=elector_at(poll, "302"), values=[1, 0, 0], at=clock.now())
    elector = elector_at(poll, "301")

    def count():
        close_and_confirm(cast, poll)
        return count_poll(poll_id=poll.pk, actor=cast.actor("desk"), at=poll.closes_at)

    answers = at_once(count, partial(cast_ballot, elector=elector, values=[1, 0, 0], at=clock.now()))
    was_taken = None in answers
    assert Poll.objects.get().took_part == 1 + was_taken


def test_paper_and_phone_at_once_are_one_vote(cast):
    settle_in(cast)
    poll = open_now(cast, rules=Rules(has_paper=True))
    elector = elector_at(poll, "301")
    by_phone = partial(cast_ballot, elector=elector, values=[1, 0, 0], at=clock.now())
    on_paper = partial(hand_out_paper, elector=elector_at(poll, "301"), at=clock.now())
    assert len(winners(at_once(by_phone, on_paper))) == 1
    (own,) = ballots_of(elector_at(poll, "301"), poll.opens_at)
    assert own.has_voted is not own.is_on_paper
