"""Small counts are hidden, and so many more that no sum gives one away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from louzhang.register.suppressing import SHOWN_FROM, suppressed, with_sums

tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(rows=tables)
def test_no_small_count_is_shown_and_no_line_hides_exactly_one(rows: list[list[int]]) -> None:
    whole = with_sums(rows)
    told = suppressed(whole)
    for row, shown in zip(whole, told, strict=True):
        for count, cell in zip(row, shown, strict=True):
            assert cell in (None, count)
            assert cell is None or cell == 0 or cell >= SHOWN_FROM
    for line in (*told, *zip(*told, strict=True)):
        assert sum(cell is None for cell in line) != 1


@given(rows=tables)
def test_a_table_without_small_counts_is_told_whole(rows: list[list[int]]) -> None:
    large = with_sums([[count * SHOWN_FROM for count in row] for row in rows])
    assert suppressed(large) == large


@pytest.mark.parametrize("rows", [[], [[0, 0], [0, 0]]])
def test_nothing_has_nothing_to_hide(rows: list[list[int]]) -> None:
    assert suppressed(with_sums(rows)) == with_sums(rows)
