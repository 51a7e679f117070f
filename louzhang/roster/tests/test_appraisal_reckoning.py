"""The arithmetic of an appraisal holds for every input: intervals, shrinking, groups, and what chance explains."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from louzhang.roster.chance import (
    LIKELY,
    Month,
    binomial,
    chance_of_last,
    chance_of_run,
    drawn_last,
    shares_of_last,
)
from louzhang.roster.reckoning import (
    GOOD,
    WHOLE,
    Count,
    Interval,
    Part,
    Prior,
    groups_of,
    lowest_of,
    prior_of,
    rate_of,
    rates,
    reckon,
    whole_of,
)

COUNTS = st.integers(0, 400).flatmap(lambda cases: st.builds(Count, st.just(cases), st.integers(0, cases * GOOD)))
INTERVALS = (
    st.tuples(*[st.integers(0, WHOLE)] * 3).map(sorted).map(lambda found: Interval(found[1], found[0], found[2]))
)
PARTS = (Part("a", 60), Part("b", 40, is_higher_better=False))


@given(COUNTS, st.floats(0, 1), st.floats(4, 200))
def test_a_rate_lies_in_its_interval_between_nothing_and_everything(count, mean, imagined):
    rate = rate_of(count, Prior(mean, imagined))
    assert 0 <= rate.low <= rate.value <= rate.high <= WHOLE


@given(st.integers(0, 50), st.floats(0.05, 0.95))
def test_more_cases_of_the_same_make_the_interval_narrower(cases, mean):
    few, many = (rate_of(Count(n, n * 70), Prior(mean, 10)) for n in (cases, cases * 4 + 40))
    assert many.high - many.low <= few.high - few.low + 1
    assert abs(many.value - 7000) <= abs(few.value - 7000) + 1


@given(COUNTS, st.floats(0, 1), st.floats(4, 200))
def test_a_rate_stands_between_the_own_share_and_the_mean(count, mean, imagined):
    own = count.good * WHOLE / (count.cases * GOOD) if count.cases else mean * WHOLE
    least, most = sorted((own, mean * WHOLE))
    assert least - 1 <= rate_of(count, Prior(mean, imagined)).value <= most + 1


@given(st.dictionaries(st.integers(0, 30), COUNTS, max_size=15))
def test_rates_do_not_hang_on_the_order_of_people(counts):
    turned = rates(dict(reversed(counts.items())))
    assert all(abs(rate.low - turned[key].low) <= 1 for key, rate in rates(counts).items())


def test_somebody_with_one_bad_case_is_not_judged_by_it():
    others = {person: Count(40, 36 * GOOD + person) for person in range(9)}
    found = rates(others | {99: Count(1, 0)})
    assert found[99].value > 8000
    assert found[99].high >= found[0].low


@pytest.mark.parametrize(("people", "cases"), [(2, 1), (2, 10), (5, 3), (5, 30), (10, 10), (30, 3)])
@pytest.mark.parametrize("spread", [0.0, 0.05, 0.3])
def test_the_true_rate_lies_in_nine_of_ten_intervals_as_the_page_says(people, cases, spread):
    """Also of the few in a small community, and of whoever is worse than the others there."""
    dice, inside, worst_inside, rounds = random.Random(3), 0, 0, 600 // people  # noqa: S311 - a simulation
    for _ in range(rounds):
        true = [_drawn(dice, spread) for _ in range(people)]
        counts = {who: Count(cases, GOOD * sum(dice.random() < rate for _ in range(cases))) for who, rate in
                  enumerate(true)}  # fmt: skip
        held = [found.low <= true[who] * WHOLE <= found.high for who, found in rates(counts).items()]
        inside += sum(held)
        worst_inside += held[true.index(min(true))]
    assert inside / (rounds * people) >= 0.88
    assert worst_inside / rounds >= 0.8


def _drawn(dice: random.Random, spread: float) -> float:
    """A true rate around 80 of 100, by how far people differ."""
    return dice.betavariate(0.8 * (1 / spread - 1), 0.2 * (1 / spread - 1)) if spread else 0.8


def test_nobody_had_a_case_means_no_rate():
    assert rates({1: Count(), 2: Count()}) == {}
    assert prior_of([]) is None


@given(st.lists(st.tuples(INTERVALS, st.integers(1, 100)), min_size=1, max_size=8))
def test_the_whole_lies_between_its_parts_and_is_no_wider_than_the_widest(parts):
    whole = whole_of(parts)
    assert 0 <= whole.low <= whole.value <= whole.high <= WHOLE
    assert min(part.value for part, _ in parts) - 1 <= whole.value <= max(part.value for part, _ in parts) + 1
    assert whole.high - whole.value <= max(part.high - part.value for part, _ in parts) + 2


@given(st.dictionaries(st.integers(0, 40), INTERVALS, max_size=25))
def test_those_who_overlap_are_in_one_group_and_groups_do_not_touch(intervals):
    groups = groups_of(intervals)
    for one, left in intervals.items():
        for other, right in intervals.items():
            is_touching = left.low <= right.high and right.low <= left.high
            assert not is_touching or groups[one] == groups[other]
            assert groups[one] >= groups[other] or left.low > right.high
    assert sorted(set(groups.values())) == list(range(1, len(set(groups.values())) + 1))


def test_a_shared_lowest_number_is_nobodys_place():
    assert lowest_of({1: Interval(10, 0, 20), 2: Interval(10, 5, 30), 3: Interval(11, 5, 30)}) is None
    assert lowest_of({1: Interval(10, 0, 20)}) is None
    assert lowest_of({1: Interval(10, 0, 20), 2: Interval(12, 5, 30)}) == 1


def test_what_nobody_had_weighs_nothing_and_less_is_better_is_turned():
    counts = {"b": {1: Count(100, 10 * GOOD), 2: Count(100, 40 * GOOD)}}
    found = reckon(PARTS, counts, [1, 2])
    assert set(found.rates) == {"b"}
    assert found.wholes[1].value > found.wholes[2].value
    assert reckon(PARTS, {}, [1]).wholes[1] == Interval(WHOLE // 2, 0, WHOLE)


@given(st.integers(-50, 50), st.integers(-5000, 5000), COUNTS)
def test_a_correction_never_makes_more_good_than_cases(cases, good, count):
    corrected = count.plus(cases, good)
    assert 0 <= corrected.good <= corrected.cases * GOOD


# ---- Chance ---------------------------------------------------------------------------------------------------------


@given(st.integers(2, 12))
def test_three_times_running_among_equals_is_one_in_their_square(people):
    assert chance_of_run(people, months=3) == pytest.approx(1 / people**2)
    assert chance_of_run(people, months=2) == 0


def test_the_chance_within_a_year_is_that_of_playing_it():
    dice, hits = random.Random(5), 0  # noqa: S311 - a simulation
    for _ in range(20_000):
        lasts = [dice.randrange(6) for _ in range(12)]
        hits += any(lasts[place] == lasts[place + 1] == lasts[place + 2] for place in range(10))
    assert chance_of_run(6) == pytest.approx(hits / 20_000, abs=0.012)


@settings(max_examples=30)
@given(st.integers(0, 500), st.floats(0, 1))
def test_a_draw_is_between_none_and_all(cases, share):
    dice = random.Random(1)  # noqa: S311 - a simulation
    assert 0 <= binomial(dice, cases, share) <= cases


def equal_month(people: int, cases: int = 20) -> Month:
    return Month({"a": dict.fromkeys(range(people), cases)}, {"a": 8000})


def test_a_thousand_communities_of_equal_chiefs_show_how_often_three_times_last_is_chance():
    """In about one of eleven communities of ten equal chiefs somebody is last three months running within a year."""
    dice, people = random.Random(7), list(range(10))  # noqa: S311 - a simulation
    month = Month({"a": dict.fromkeys(people, 50), "b": dict.fromkeys(people, 40)}, {"a": 8000, "b": 3000})
    happened, running_months = 0, 3
    for _ in range(1000):
        lasts = [drawn_last(PARTS, month, people, dice) for _ in range(12)]
        runs = (lasts[place : place + running_months] for place in range(12 - running_months + 1))
        happened += any(run[0] is not None and len(set(run)) == 1 for run in runs)
    exact = chance_of_run(10)
    assert exact == pytest.approx(0.088, abs=0.01)
    # Two who share the lowest number make nobody last, so it happens less often than the formula says.
    assert 0.03 < happened / 1000 <= exact + 0.02
    said = chance_of_last((Part("a", 1),), [equal_month(10)] * 3, people, 0, is_apart=True, seed=3)
    assert said.explains


def test_who_has_fewest_cases_is_not_last_more_often_for_it():
    cases = dict.fromkeys(range(8), 60) | {0: 2}
    shares = shares_of_last((Part("a", 1),), Month({"a": cases}, {"a": 8000}), list(range(8)), seed=1)
    assert shares[0] < max(shares[who] for who in range(1, 8))
    assert sum(shares.values()) <= 1


def test_chance_does_not_explain_what_stands_apart_in_a_large_community():
    months = [equal_month(40)] * 3
    apart = chance_of_last((Part("a", 1),), months, list(range(40)), 5, is_apart=True)
    assert apart.year < LIKELY
    assert not apart.explains
    assert chance_of_last((Part("a", 1),), months, list(range(40)), 5, is_apart=False).explains


def test_the_same_seed_draws_the_same():
    args = ((Part("a", 1),), equal_month(6), list(range(6)))
    assert shares_of_last(*args, seed=4) == shares_of_last(*args, seed=4)
