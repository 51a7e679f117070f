"""People see what a column holds before they say what it is; numbers are masked, what must not come in is absent."""

from __future__ import annotations

import pytest

from louzhang.kit.workbooks import Day, Number
from louzhang.register.actions.importing.pieces import rows_of
from louzhang.register.imports.samples import shown
from louzhang.register.models import ImportPiece, PieceKind
from louzhang.register.tests.books import CHILD, HEAD, table
from louzhang.register.tests.test_import import NEW, assessed, bring, preview, store
from tests.cast import Cast, browser_as

__all__ = ["assessed"]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("12号楼", "12号楼"),
        ("3-1-501", "3-1-501"),
        (Number("301"), "301"),
        (CHILD, "****002X"),
        ("440524 1980 0101 0015", "****0015"),
        (Number("4.4052419800101E+17"), "****0000"),
        ("１３９１１１１２２２２", "139****2222"),
        ("手机 139-1111-2222、13911113333", "手机 139****2222、139*…"),
        (Number("1.3911112222E10"), "139****2222"),
        ("4567890", "*******"),
        ("1949-12-31", "1949-12-31"),
        ("19491231", "19491231"),
        (Day("2026-03-02"), "2026-03-02"),
        ("演示省演示县演示镇演示路很长很长很长的一条", "演示省演示县演示镇演示路很长很长很长的…"),
    ],
)
def test_a_value_is_shown_masked_and_short(cell: str, seen: str) -> None:
    assert shown(cell) == seen


@pytest.mark.usefixtures("assessed")
def test_the_page_shows_three_values_a_column_and_nothing_of_what_is_not_read(cast: Cast) -> None:
    rows = [[*NEW[:2], f"50{place}", *NEW[3:], "某族"] for place in range(5)]
    batch = bring(cast, table(rows, head=(*HEAD, "民族")))
    seen = list(rows_of(batch, PieceKind.SEEN))
    assert seen[2] == ["500", "501", "502"]
    assert seen[5:] == [["****002X"], ["139****2222"], []]
    page = browser_as(cast, "desk").get(f"/register/imports/{batch.uid}/").content.decode()
    assert "如：500、501、502" in page
    assert not [secret for secret in (CHILD, "13911112222", "某族") if secret in page]


@pytest.mark.usefixtures("assessed")
def test_the_values_are_gone_once_the_file_is_carried_in(cast: Cast) -> None:
    batch = preview(cast, table([NEW]))
    assert "12号楼" not in " ".join(ImportPiece.objects.values_list("sealed", flat=True))
    store(cast, batch)
    assert not ImportPiece.objects.exists()
