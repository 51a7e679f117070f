"""The whole of what a street reads, questions that lead to one another and all: no small count follows from it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from louzhang.surveys.hiding import hidden_in, is_small
from louzhang.surveys.queries.results import Table
from louzhang.surveys.questions import Asked, Kind, Only, Option
from louzhang.surveys.tests.test_hiding import follows

QUESTIONS = (
    Asked("lift", "要不要", Kind.ONE, options=(Option("y", "要"), Option("n", "不要"))),
    Asked("when", "什么时候", Kind.ONE, options=(Option("a", "早上"), Option("b", "晚上")),
          only=Only("lift", frozenset("y"))),
    Asked("wants", "还要什么", Kind.MANY, options=(Option("p", "车位"), Option("g", "绿化")), is_needed=False),
)  # fmt: skip
STEP = "0001"
# How a household answered: 要不要 with 什么时候, and what else it wants.
HOMES = st.tuples(st.sampled_from(["y-a", "y-b", "y--", "n", "-"]), st.sampled_from(["", "p", "g", "pg", "-"]))
COMMUNITIES = st.lists(st.lists(st.tuples(HOMES, st.integers(1, 12)), min_size=1, max_size=8), min_size=1, max_size=4)


def counted(communities):
    counts: Counter[tuple[str, str, str]] = Counter()
    for number, homes in enumerate(communities):
        place = f"{STEP}{number % 2 + 1:04d}{number:04d}"
        for (lift, wants), times in homes:
            counts["", place, "done"] += times
            counts["lift", place, lift[0]] += times
            if lift.startswith("y"):
                counts["when", place, lift[2:]] += times
            for value in [*wants, *("+" if wants not in ("", "-") else "")]:
                counts["wants", place, value] += times
    return counts


@settings(max_examples=60, deadline=None)
@given(COMMUNITIES)
def test_no_small_count_follows_from_all_tables_together(communities):
    table = Table(QUESTIONS, counted(communities), set(), 0)
    equations = table.equations()
    hidden = hidden_in(table.cells, equations, table.worth)
    small = {cell for cell, count in table.cells.items() if is_small(count)}
    assert small <= hidden
    assert not follows(hidden, equations) & small


@settings(max_examples=60, deadline=None)
@given(COMMUNITIES)
def test_the_equations_hold_for_the_counts(communities):
    """What the hiding takes for known is true: answers sum to the asked, places below to the place."""
    table = Table(QUESTIONS, counted(communities), set(), 0)
    for line in table.equations():
        whole = sum(factor * table.cells[cell] for cell, factor in line.items())
        places = {path for _, path, _ in line}
        done = {table.said("", path)["done"] for path in places}
        assert whole == 0 or whole in done
