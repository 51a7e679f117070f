"""What follows from a tie, and from how many took part what may be shown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from louzhang.ballots.actions import cast_ballot, draw_lot, open_poll, run_off, show_roll
from louzhang.ballots.actions.sweeping import run_due_polls, stir_open_polls
from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Elector, Poll
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.rules import Choice, Electorate, Kind, Rules, TieRule
from louzhang.ballots.tests.ground import cast_all, counted, drafted, opened
from louzhang.journal.actor import SYSTEM
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.surveys.tests.crowd import settle

pytestmark = pytest.mark.django_db
TIED = {"301": [1, 0, 0], "302": [0, 1, 0]}


def test_a_lot_drawn_in_public_decides_between_equals_and_nobody_else(cast, homes):
    poll = opened(cast, rules=Rules(tie_rule=TieRule.LOT))
    cast_all(poll, TIED)
    poll = counted(cast, poll)
    first, second, third = poll.items.order_by("position")
    given: dict[str, Any] = {
        "poll_id": poll.pk,
        "words": "在活动室当着居民抽的",
        "actor": cast.actor("desk"),
        "at": poll.closes_at,
    }
    with pytest.raises(InputRefused):
        draw_lot(drawn=[third.pk], **given)
    with pytest.raises(InputRefused):
        draw_lot(drawn=[first.pk, second.pk], **given)
    poll = draw_lot(drawn=[second.pk], **given)
    outcome = outcome_of(poll)
    assert (poll.status, [line.label for line in outcome.winners], outcome.tied) == (PollState.COUNTED, ["演示甲"], [])


def test_a_second_round_is_between_the_equals_alone_and_drafted_once(cast, homes):
    poll = opened(cast)
    cast_all(poll, TIED)
    poll = counted(cast, poll)
    later = poll.closes_at + timedelta(days=1)
    given: dict[str, Any] = {
        "poll_id": poll.pk,
        "opens_at": later,
        "closes_at": later + timedelta(days=1),
        "at": poll.closes_at,
    }
    again = run_off(actor=cast.actor("street"), **given)
    assert [item.label for item in again.items.order_by("position")] == ["演示无职", "演示甲"]
    assert (again.after, again.served_id, again.barred) == (poll, 7, poll.barred)
    assert Event.objects.get(subject_kind="poll", subject_id=poll.pk, verb="run_off").payload["into"] == again.pk
    with pytest.raises(Conflict):
        run_off(actor=cast.actor("street"), **given)
    with pytest.raises(Conflict):
        draw_lot(drawn=[1], words="抽", poll_id=poll.pk, actor=cast.actor("desk"), at=later)


def test_the_order_laid_down_before_decides_without_a_second_round(cast, homes):
    options = [Choice("甲", precedence=2), Choice("乙", precedence=1), Choice("丙", precedence=3)]
    poll = opened(cast, options=options, rules=Rules(tie_rule=TieRule.PRECEDENCE))
    cast_all(poll, TIED)
    assert [line.label for line in outcome_of(counted(cast, poll)).winners] == ["乙"]


def crowd(cast, here):
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    settle(cast, here=here, beside=2)


def vote_all(poll, ballots):
    for elector, values in zip(Elector.objects.filter(poll=poll).select_related("poll"), ballots, strict=False):
        cast_ballot(elector=elector, values=values, at=poll.opens_at)


@pytest.mark.parametrize(
    ("ballots", "votes"),
    [
        ([[1, 0, 0]] * 9 + [[0, 1, 0]] * 5, [None, None, None]),
        ([[1, 0, 0]] * 9 + [[0, 1, 0]] * 6, [9, 6, 0]),
        ([[1, 0, 0]] * 16, [None, None, None]),
    ],
)
def test_counts_are_shown_and_kept_from_fifteen_on_and_not_where_all_agree(cast, ballots, votes):
    crowd(cast, 20)
    poll = opened(cast)
    vote_all(poll, ballots)
    outcome = outcome_of(counted(cast, poll))
    assert ([line.votes for line in outcome.lines], outcome.winners[0].label) == (votes, "演示无职")
    assert (outcome.took_part is None) == (votes[0] is None)


@pytest.mark.parametrize(
    ("number", "mean", "stars"),
    [(4, None, ()), (6, Decimal("4.50"), ()), (16, Decimal("4.50"), (0, 0, 0, 8, 8))],
)
def test_star_sheets_show_a_mean_from_five_and_who_gave_what_from_fifteen(cast, number, mean, stars):
    crowd(cast, 20)
    poll = open_poll(
        kind=Kind.STARS, title="评楼长", electorate=Electorate.HOUSEHOLD, areas=[cast.areas["grid"]], counters=[],
        questions=["有事找得到人吗", "办事公道吗"], closes_at=cast.at + timedelta(days=1), actor=cast.actor("street"),
        at=cast.at, barred=[cast.people["chief"].pk],
    )  # fmt: skip
    vote_all(poll, [[4 + place % 2, 0] for place in range(number)])
    assert stir_open_polls() == 1
    run_due_polls(at=poll.closes_at)
    outcome = outcome_of(Poll.objects.get())
    first, second = outcome.lines
    assert (first.mean, first.stars, second.mean) == (mean, stars, None)
    assert outcome.state == (PollState.COUNTED if mean else PollState.FAILED)


def test_a_draft_runs_by_the_clock_alone_until_it_waits_for_its_counters(cast, homes):
    poll = drafted(cast)
    show_roll(poll_id=poll.pk, actor=SYSTEM, at=cast.at)
    assert run_due_polls(at=poll.opens_at) == 2
    poll.refresh_from_db()
    assert poll.status == PollState.OPEN
    run_due_polls(at=poll.closes_at)
    poll.refresh_from_db()
    assert poll.status == PollState.CLOSED
