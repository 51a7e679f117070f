"""What follows from ballots, for any ballots: sums, winners, ties, and what may be shown; without the database."""

from __future__ import annotations

import uuid
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from louzhang.ballots.envelopes import Envelope, Mark, open_bundle, open_sheet, seal_bundle, seal_sheet
from louzhang.ballots.rules import (
    Counts,
    Kind,
    Rules,
    Standing,
    TieRule,
    has_quorum,
    mean_of,
    problem_of,
    standings,
    tallied,
)

ITEMS = 4
KEY, POLL, BUNDLE = b"k" * 32, uuid.UUID(int=1), uuid.UUID(int=2)
ballot = st.lists(st.integers(0, 1), min_size=ITEMS, max_size=ITEMS)
sheet = st.lists(st.integers(0, 5), min_size=ITEMS, max_size=ITEMS)


@given(st.lists(st.tuples(st.integers(0, 20), ballot), max_size=60))
def test_the_tally_is_the_sum_of_the_last_ballot_of_everybody(casts):
    """Any course of votes and changed votes, each through a sealed bundle, ends in the sum of what each voted last."""
    sealed = seal_bundle(KEY, POLL, BUNDLE, [Envelope()] * 21)
    last: dict[int, list[int]] = {}
    for slot, values in casts:
        envelopes = open_bundle(KEY, POLL, BUNDLE, sealed, ITEMS)
        envelopes[slot] = Envelope(Mark.VOTE, tuple(values))
        sealed, last[slot] = seal_bundle(KEY, POLL, BUNDLE, envelopes), values
    envelopes = open_bundle(KEY, POLL, BUNDLE, sealed, ITEMS)
    counts = tallied([each.values for each in envelopes if each.mark == Mark.VOTE], ITEMS)
    assert counts.ballots == len(last)
    assert counts.votes == [sum(values[place] for values in last.values()) for place in range(ITEMS)]
    assert counts.blank == sum(not any(values) for values in last.values())


@given(st.lists(sheet, max_size=40), st.lists(sheet, max_size=40))
def test_paper_and_phone_add_up(first, second):
    assert tallied(first, ITEMS) + tallied(second, ITEMS) == tallied(first + second, ITEMS)


@given(st.lists(st.sampled_from([Mark.NOTHING, Mark.VOTE, Mark.PAPER]), min_size=5, max_size=5), ballot)
def test_a_bundle_has_one_length_whatever_lies_in_it(marks, values):
    filled = [Envelope(mark, tuple(values) if mark == Mark.VOTE else ()) for mark in marks]
    assert len(seal_bundle(KEY, POLL, BUNDLE, filled)) == len(seal_bundle(KEY, POLL, BUNDLE, [Envelope()] * 5))
    assert seal_bundle(KEY, POLL, BUNDLE, filled) != seal_bundle(KEY, POLL, BUNDLE, filled), "fresh each time"


def test_typed_totals_have_one_length():
    few = seal_sheet(KEY, POLL, 1, {"papers": 0})
    assert len(few) == len(seal_sheet(KEY, POLL, 1, {"papers": 99999, "by_item": [[9] * 5] * 32}))
    assert open_sheet(KEY, POLL, 1, few) == {"papers": 0}


@given(
    st.lists(ballot, min_size=1, max_size=60), st.integers(1, ITEMS), st.sampled_from([0, 50]), st.sampled_from(TieRule)
)
def test_whoever_is_chosen_has_more_votes_than_whoever_is_not(ballots, seats, least, tie_rule):
    rules = Rules(seats=seats, least_percent=least, tie_rule=tie_rule)
    counts = tallied(ballots, ITEMS)
    found = standings(counts, rules, [3, 1, 2, 4])
    chosen = [place for place, each in enumerate(found) if each == Standing.ELECTED]
    tied = [place for place, each in enumerate(found) if each == Standing.TIED]
    votes = counts.votes
    assert len(chosen) <= seats
    assert not tied or len(chosen) + len(tied) > seats, "a tie is only where places are too few"
    assert len({votes[place] for place in tied}) <= 1
    for place in chosen:
        assert votes[place] > 0
        assert 2 * votes[place] > counts.ballots or not least
    others = [votes[place] for place in range(ITEMS) if place not in chosen]
    if chosen and others and not tied and not least:
        lowest = min(votes[place] for place in chosen)
        assert lowest >= max(others) or len(chosen) < seats
    if tie_rule == TieRule.PRECEDENCE:
        assert not tied


@given(st.integers(1, 60), st.lists(ballot, min_size=2, max_size=60))
def test_counts_that_tell_how_each_voted_are_found(number, ballots):
    same = tallied([ballots[0]] * number, ITEMS)
    assert same.are_agreed
    different = len({tuple(each) for each in ballots}) > 1
    assert tallied(ballots, ITEMS).are_agreed is not different


def test_one_spoilt_paper_among_equal_ballots_is_not_agreement():
    assert not (tallied([[1, 0]] * 19, 2) + Counts(({}, {}), ballots=1, invalid=1)).are_agreed


def test_quorum_counts_whole_ballots():
    assert [has_quorum(3, took_part, 67) for took_part in range(4)] == [False, False, False, True]
    assert has_quorum(3, 0, 0)


def test_a_mean_stands_from_five_answers_on():
    assert mean_of(Counter({5: 4})) is None
    assert mean_of(Counter({5: 4, 1: 1})) == Fraction(21, 5)


def test_a_ballot_against_the_rules_is_told_with_a_sentence():
    assert problem_of(Kind.CHOICE, [1, 1, 0], 3, 1).endswith("。")
    assert problem_of(Kind.CHOICE, [2, 0, 0], 3, 1)
    assert problem_of(Kind.STARS, [6], 1, 1)
    assert problem_of(Kind.STARS, [5, 0], 2, 1) == ""
