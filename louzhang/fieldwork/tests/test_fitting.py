"""A day holds what fits, whatever there is to do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from louzhang.fieldwork.fitting import Line, fit, walk_order

places = st.tuples(st.sampled_from(["", "0001", "00010001", "00010002", "0002"]), st.integers(-1, 5), st.integers(1, 3))
lines = st.lists(st.builds(Line, st.integers(0, 99), st.integers(0, 120), places, st.just(False)), max_size=30)


@given(lines, st.integers(0, 480))
def test_a_day_never_holds_more_than_its_minutes(day, minutes):
    fits = fit(day, minutes)
    assert sum(line.minutes for line, is_in in zip(day, fits, strict=True) if is_in) <= minutes


@given(lines, st.integers(0, 480))
def test_what_is_left_out_would_not_have_fitted_beside_what_is_more_pressing(day, minutes):
    fits = fit(day, minutes)
    for index, line in enumerate(day):
        if not fits[index]:
            before = [
                other.minutes
                for place, other in enumerate(day)
                if fits[place] and (other.weight, place) < (line.weight, index)
            ]
            assert sum(before) + line.minutes > minutes


@given(lines, st.integers(0, 480), st.integers(1, 240))
def test_what_people_laid_there_takes_its_time_first(day, minutes, taken):
    laid = [*day, Line(99, taken, is_fixed=True)]
    fits = fit(laid, minutes)
    assert fits[-1]
    assert sum(line.minutes for line, is_in in zip(day, fits, strict=False) if is_in) <= max(0, minutes - taken)


@given(lines, st.integers(0, 99))
def test_the_round_has_every_line_once_and_pressing_ones_first(day, pressing):
    numbers = walk_order(day, pressing)
    assert sorted(numbers) == list(range(len(day)))
    order = [day[numbers.index(place)] for place in range(len(day))]
    flags = [line.weight < pressing for line in order]
    assert flags == sorted(flags, reverse=True)


@given(lines)
def test_nobody_goes_to_a_building_twice(day):
    numbers = walk_order(day, 0)
    walked = [day[numbers.index(place)].place for place in range(len(day))]
    assert walked == sorted(walked)
