"""Which households a survey asks: the words of its filter, checked, without the database.

Only how a home is used and the ages in it can be chosen by. Nothing that the register must not know, and no tag of
anybody, is ever a reason to ask or not to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

OLDEST = 130


@dataclass(frozen=True, slots=True)
class Choice:
    """Homes of these kinds (none named: all), with somebody of these ages; `with_empty` adds doors without anybody."""

    kinds: tuple[int, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    with_empty: bool = False

    def as_json(self) -> dict[str, Any]:
        """What stands in the column: only what was chosen."""
        return {name: value for name, value in asdict(self).items() if value not in (None, False, ())}

    @property
    def asks_ages(self) -> bool:
        """Whether somebody of some age must live there."""
        return self.age_from is not None or self.age_to is not None


def choice_of(column: Mapping[str, Any]) -> Choice:
    """The choice that stands in a column."""
    return Choice(
        kinds=tuple(column.get("kinds", ())),
        age_from=column.get("age_from"),
        age_to=column.get("age_to"),
        with_empty=bool(column.get("with_empty")),
    )


def problem_of(choice: Choice) -> str:
    """What is wrong with it, as a sentence; empty where nothing is."""
    ages = [age for age in (choice.age_from, choice.age_to) if age is not None]
    if any(not 0 <= age <= OLDEST for age in ages) or ages != sorted(ages):
        return f"年龄要在 0 到 {OLDEST} 之间，而且从小到大。"
    return "没有住户的门牌没有年龄可选，请去掉其中一项。" if choice.asks_ages and choice.with_empty else ""
