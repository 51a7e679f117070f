"""From the draft to the count: who may, what comes out, and that nothing but counts is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from louzhang.ballots.actions import cast_ballot, close_box, confirm_count, count_poll, open_poll
from louzhang.ballots.actions.sweeping import run_due_polls
from louzhang.ballots.lifecycle import PollState
from louzhang.ballots.models import Bundle, Elector, Poll, Tally
from louzhang.ballots.queries.outcomes import outcome_of
from louzhang.ballots.queries.polls import polls_of
from louzhang.ballots.round_keys import KeyGone, read_key
from louzhang.ballots.rules import Electorate, Kind, Rules
from louzhang.ballots.tests.ground import cast_all, counted, drafted, elector_at, opened
from louzhang.journal.models import Event
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours, TransitionRefused
from louzhang.journal.verifying import prove_journal

pytestmark = pytest.mark.django_db


def test_a_round_ends_with_its_winner_and_nothing_else(cast, homes):
    poll = opened(cast)
    assert read_key(poll.uid)
    cast_all(poll, {"301": [1, 0, 0], "302": [0, 1, 0], "101": [0, 1, 0]})
    cast_all(poll, {"301": [0, 1, 0]})
    poll = counted(cast, poll)
    outcome = outcome_of(poll)
    assert (outcome.is_decided, [line.label for line in outcome.winners]) == (True, ["演示甲"])
    assert (outcome.took_part, [line.votes for line in outcome.lines]) == (None, [None] * 3), "three voted: no counts"
    assert (Elector.objects.count(), Bundle.objects.count(), Tally.objects.count()) == (0, 0, 0)
    event = Event.objects.filter(subject_kind="poll").latest("seq")
    assert (event.verb, event.payload["to"], event.payload["chosen"]) == (
        "count",
        "counted",
        [outcome.winners[0].item_id],
    )
    assert polls_of("test", 7) == [poll]
    prove_journal()


@pytest.mark.django_db(transaction=True)
def test_the_key_is_gone_once_the_count_is_safe(cast, homes, transactional_db):
    poll = opened(cast)
    cast_all(poll, {"301": [1, 0, 0]})
    counted(cast, poll)
    with pytest.raises(KeyGone):
        read_key(poll.uid)


def test_one_counter_alone_counts_nothing(cast, homes):
    poll = opened(cast)
    after = poll.closes_at
    desk = cast.actor("desk")
    close_box(poll_id=poll.pk, actor=desk, at=after)
    confirm_count(poll_id=poll.pk, actor=desk, at=after)
    with pytest.raises(Conflict, match="已经确认过"):
        confirm_count(poll_id=poll.pk, actor=desk, at=after)
    with pytest.raises(Conflict, match="两位计票人都确认"):
        count_poll(poll_id=poll.pk, actor=desk, at=after)
    with pytest.raises(NotYours):
        count_poll(poll_id=poll.pk, actor=cast.actor("street"), at=after)
    with pytest.raises(NotThere):
        count_poll(poll_id=poll.pk, actor=cast.actor("stranger_desk"), at=after)
    assert Elector.objects.count() == 3


def test_without_quorum_there_is_no_result(cast, homes):
    poll = opened(cast, rules=Rules(quorum_percent=67))
    cast_all(poll, {"301": [1, 0, 0], "302": [1, 0, 0]})
    poll = counted(cast, poll)
    assert poll.status == PollState.FAILED
    assert outcome_of(poll).winners == []
    assert Event.objects.filter(subject_kind="poll", verb="fail").exists()


def test_a_tie_stays_open_under_the_rule_of_a_run_off(cast, homes):
    poll = opened(cast)
    cast_all(poll, {"301": [1, 0, 0], "302": [0, 1, 0]})
    poll = counted(cast, poll)
    assert poll.status == PollState.TIED
    assert [line.label for line in outcome_of(poll).tied] == ["演示无职", "演示甲"]


def test_votes_are_taken_only_within_the_hours_and_rules(cast, homes):
    poll = opened(cast)
    elector = elector_at(poll, "301")
    with pytest.raises(InputRefused, match="最多选 1 个"):
        cast_ballot(elector=elector, values=[1, 1, 0], at=poll.opens_at)
    with pytest.raises(InputRefused):
        cast_ballot(elector=elector, values=[1, 0], at=poll.opens_at)
    with pytest.raises(TransitionRefused):
        cast_ballot(elector=elector, values=[1, 0, 0], at=poll.closes_at)


def test_who_stands_for_it_or_holds_a_post_there_neither_counts_nor_drafts(cast, homes):
    for key in ("nobody", "chief", "grid_worker", "stairwell_head", "next_chief"):
        with pytest.raises(InputRefused, match="候选人和在这里任职的人"):
            drafted(cast, counters=[cast.people["desk"].pk, cast.people[key].pk])
    with pytest.raises(InputRefused, match="两位不同"):
        drafted(cast, counters=[cast.people["desk"].pk] * 2)
    with pytest.raises(NotYours):
        drafted(cast, actor=cast.actor("stranger_desk"))
    with pytest.raises(NotYours):
        drafted(cast, barred=[cast.people["street"].pk])
    assert not Poll.objects.exists()


def test_star_sheets_are_counted_by_the_clock_and_say_nothing_under_five(cast, homes):
    poll = open_poll(
        kind=Kind.STARS, title="评楼长", electorate=Electorate.HOUSEHOLD, areas=[cast.areas["grid"]], counters=[],
        questions=["有事找得到人吗", "办事公道吗"], closes_at=cast.at + timedelta(days=1), actor=cast.actor("street"),
        at=cast.at, subject_kind="test", subject_id=1, barred=[cast.people["chief"].pk],
    )  # fmt: skip
    for elector in Elector.objects.filter(poll=poll):
        cast_ballot(elector=elector, values=[5, 0], at=cast.at)
    run_due_polls(at=poll.closes_at)
    poll.refresh_from_db()
    assert poll.status == PollState.FAILED
    assert "不公布结果" in outcome_of(poll).words
