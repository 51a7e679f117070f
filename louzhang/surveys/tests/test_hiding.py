"""Small counts stay open, whatever is added or taken away from what is shown."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from louzhang.register.suppressing import SHOWN_FROM
from louzhang.surveys.hiding import Unknown, hidden_in, is_small, told_by

CODES = ("a", "b", "-", "")


def districts():
    """Streets with their communities, each with how many gave which of four answers."""
    counts = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 60)), min_size=4, max_size=4)
    return st.lists(st.lists(counts, min_size=1, max_size=4), min_size=1, max_size=3)


def laid_out(district):
    """Counts and equations of one question over a district; how many answered is known of every place."""
    counts, equations = {}, []

    def add(path, values):
        for code, value in zip(CODES, values, strict=True):
            counts[path, code] = value
        equations.append({(path, code): 1 for code in CODES})

    def sums(rows):
        return [sum(column) for column in zip(*rows, strict=True)]

    for s, street in enumerate(district):
        for c, community in enumerate(street):
            add((s, c), community)
        add((s,), sums(street))
        equations += [{((s,), code): 1} | {((s, c), code): -1 for c in range(len(street))} for code in CODES]
    add((), sums([sums(street) for street in district]))
    equations += [{((), code): 1} | {((s,), code): -1 for s in range(len(district))} for code in CODES]
    return counts, equations


def follows(hidden, equations):
    """What of the hidden follows from the shown: a second way, by fractions over the whole system."""
    keys = sorted(hidden, key=repr)
    rows = [[Fraction(line.get(key, 0)) for key in keys] for line in equations]
    done, pivots = 0, []
    for column in range(len(keys)):
        found = next((row for row in range(done, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for other in range(len(rows)):
            if other != done and rows[other][column]:
                times = rows[other][column]
                rows[other] = [a - times * b for a, b in zip(rows[other], rows[done], strict=True)]
        pivots.append(column)
        done += 1
    return {keys[column] for row, column in enumerate(pivots) if sum(map(bool, rows[row])) == 1}


@given(districts())
def test_no_small_count_follows_from_what_is_shown(district):
    counts, equations = laid_out(district)
    hidden = hidden_in(counts, equations, lambda key: (counts[key], repr(key)))
    small = {key for key, count in counts.items() if is_small(count)}
    assert small <= hidden
    assert not follows(hidden, equations) & small
    assert told_by(hidden, equations) == follows(hidden, equations)


@given(districts(), st.integers(1, 7))
def test_hiding_step_by_step_tells_the_same_as_hiding_at_once(district, each):
    """Counts that were told may be open again once more is hidden beside them."""
    counts, equations = laid_out(district)
    keys, unknown, hidden = sorted(counts, key=repr), Unknown(equations), set()
    for first in range(0, len(keys), each):
        unknown.add(keys[first : first + each])
        hidden |= set(keys[first : first + each])
        assert unknown.told == told_by(hidden, equations)


@given(districts())
def test_a_table_without_small_counts_is_shown_whole(district):
    counts, equations = laid_out([[[value * SHOWN_FROM for value in row] for row in street] for street in district])
    assert hidden_in(counts, equations, lambda key: (counts[key], repr(key))) == set()


def test_a_count_that_stands_between_two_tables_is_seen():
    """Two pairs of hidden counts joined by one: no line hides that one alone, and yet it follows."""
    equations = [
        {"a": 1, "b": 1}, {"a": 1, "b": 1, "bridge": 1}, {"c": 1, "d": 1}, {"c": 1, "d": 1, "bridge": 1},
    ]  # fmt: skip
    assert told_by({"a", "b", "c", "d", "bridge"}, equations) == {"bridge"}
    counts = {"a": 2, "b": 3, "c": 4, "d": 1, "bridge": 2, "far": 9}
    assert "far" not in hidden_in(counts, equations, repr)


def test_a_question_behind_another_gives_nothing_of_it_away():
    """Who was asked the second question answered yes to the first: the first stays open all the same."""
    counts = {"yes one": 3, "yes two": 20, "yes": 23, "no one": 30, "no two": 40, "no": 70,
              "then one": 3, "then two": 20, "then": 23}  # fmt: skip
    equations = [
        {"yes one": 1, "no one": 1}, {"yes two": 1, "no two": 1}, {"yes": 1, "no": 1},
        {"yes": 1, "yes one": -1, "yes two": -1}, {"no": 1, "no one": -1, "no two": -1},
        {"then one": 1, "yes one": -1}, {"then two": 1, "yes two": -1}, {"then": 1, "yes": -1},
        {"then": 1, "then one": -1, "then two": -1},
    ]  # fmt: skip
    hidden = hidden_in(counts, equations, lambda key: (counts[key], key))
    assert {"yes one", "then one"} <= hidden
    assert not follows(hidden, equations) & {"yes one", "then one"}
