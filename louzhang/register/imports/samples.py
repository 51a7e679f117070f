"""A few values of each column, so that people see what it holds; what looks like a number of a person is masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from louzhang.kit import masking
from louzhang.kit.workbooks import Number
from louzhang.register.imports.cells import whole_number
from louzhang.register.imports.sources import rows_below

EACH = 3
LOOKED_AT = 300  # lines; a column that is empty so far is shown as such
LENGTH = 20
_DAY = re.compile(r"(?:19|20)\d{2}[-/.年]?\d{1,2}(?:[-/.月]?\d{1,2}日?)?(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_DIGITS = re.compile(r"\d(?:[\s-]?\d){6,}[\s-]?[Xx]?")
_SHORTEST_ID = 15


def samples_of(path: Path, found: dict[str, Any]) -> list[list[str]]:
    """For each heading up to three different values below it, none of what must not be registered."""
    headings, never = found["headings"], set(found["never"])
    seen: list[list[str]] = [[] for _ in headings]
    for _, lines in rows_below(path, found):
        for _, cells in islice(lines, LOOKED_AT):
            _take(seen, cells)
            if all(len(values) == EACH for values in seen):
                break
    return [[] if heading in never else values for heading, values in zip(headings, seen, strict=True)]


def _take(seen: list[list[str]], cells: Sequence[str]) -> None:
    for values, cell in zip(seen, cells, strict=False):
        if len(values) < EACH and cell and (value := shown(cell)) not in values:
            values.append(value)


def shown(cell: str) -> str:
    """A cell as it may be looked at before anything is read from it: 440524198001010015 → ****0015."""
    text = whole_number(cell) if isinstance(cell, Number) else unicodedata.normalize("NFKC", cell)
    text = " ".join(text.split())
    masked = text if _DAY.fullmatch(text) else _DIGITS.sub(lambda run: _masked(run[0]), text)
    return masked if len(masked) <= LENGTH else masked[: LENGTH - 1] + "…"


def _masked(run: str) -> str:
    digits = re.sub(r"[\s-]", "", run)
    return masking.STAR * 4 + digits[-4:] if len(digits) >= _SHORTEST_ID else masking.mask_phone(digits)
