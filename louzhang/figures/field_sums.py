"""What one event of a visit or a good deed adds to the roll-ups. Pure: the same whether it is new or replayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from louzhang.fieldwork.models import Met
from louzhang.figures.models import DEED_COUNTS, VISIT_COUNTS

VISIT, DEED = "visit", "good_deed"
COUNTS = {VISIT: VISIT_COUNTS, DEED: DEED_COUNTS}
# The verbs that add; everything else that happens to a visit or a deed changes no figure.
TOLD = {(VISIT, "visit"): 1, (DEED, "tell"): 1, (DEED, "take_back"): -1}


@dataclass(frozen=True, slots=True)
class FieldKey:
    """A row of `VisitDay` or of `DeedDay`."""

    kind: str
    day: date
    area_id: int


class FieldSums:
    """Differences by row, added up; `offices` are the places that figures are told of."""

    def __init__(self, offices: Collection[int]) -> None:
        self._offices = offices
        self.rows: dict[FieldKey, list[int]] = defaultdict(list)

    def add(self, kind: str, verb: str, day: date, line: Sequence[int], payload: Mapping[str, Any]) -> None:
        """Add what one event changes: nothing, where it is no matter of figures."""
        times = TOLD.get((kind, verb))
        if times is None:
            return
        area_id = next((area_id for area_id in reversed(line) if area_id in self._offices), 0)
        amounts = _visit(payload) if kind == VISIT else [1]
        key = FieldKey(kind, day, area_id)
        row = self.rows[key] or [0] * len(amounts)
        self.rows[key] = [before + times * amount for before, amount in zip(row, amounts, strict=True)]


def _visit(payload: Mapping[str, Any]) -> list[int]:
    """By `VISIT_COUNTS`."""
    outcome = payload.get("outcome")
    knocked = [int(outcome == each) for each in (Met.MET, Met.NOBODY, Met.LATER, Met.DECLINED)]
    return [1, *knocked, int(payload.get("need") is not None), int(payload.get("order") is not None)]
