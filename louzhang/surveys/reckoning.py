"""How the answers of a question are put together for a table: its lines, numbers in spans, dates in months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from louzhang.surveys.questions import DECLINED, GIVEN, Asked, Kind, count_of

CHOSE = "+"  # of a question with several choices: a household that made some
BLANK = ""  # asked, and left open
LEFT = {DECLINED: "不愿回答", BLANK: "没有填"}
GIVEN_WORDS = {Kind.TEXT: "写了", Kind.MEMBERS: "填了", Kind.PHOTO: "已附照片"}
BINS_AT_MOST, EACH_AT_MOST, MONTHS_AT_MOST = 8, 12, 24
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Column:
    """One line of a table: what stands there and which values are counted in it."""

    code: str
    words: str
    values: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_left(self) -> bool:
        """Whether nothing was said: not willing, or left open."""
        return self.code in LEFT


def columns_of(asked: Asked, values: Iterable[str]) -> tuple[Column, ...]:
    """The lines of a question, given every value that was answered anywhere; not willing and left open stand last."""
    said = sorted({value for value in values if value not in (DECLINED, BLANK, CHOSE)})
    return (*_said(asked, said), *(Column(code, words, frozenset({code})) for code, words in LEFT.items()))


def _said(asked: Asked, said: Sequence[str]) -> tuple[Column, ...]:
    if asked.choices:
        return tuple(Column(option.code, option.words, frozenset({option.code})) for option in asked.choices)
    if asked.kind is Kind.NUMBER:
        return number_columns(said)
    if asked.kind is Kind.DATE:
        return month_columns(said)
    return (Column(GIVEN, GIVEN_WORDS[asked.kind], frozenset(said)),)


def number_columns(said: Iterable[str]) -> tuple[Column, ...]:
    """Each number by itself while there are few, else spans of equal width with round edges."""
    numbers = sorted({float(value) for value in said})
    texts: dict[float, set[str]] = {}
    for value in said:
        texts.setdefault(float(value), set()).add(value)
    if len(numbers) <= EACH_AT_MOST and all(number == int(number) for number in numbers):
        return tuple(Column(f"{number:g}", f"{number:g}", frozenset(texts[number])) for number in numbers)
    edges = edges_of(numbers[0], numbers[-1])
    spans = []
    for low, high in pairwise(edges):
        inside = [number for number in numbers if low <= number < high]
        values = frozenset(text for number in inside for text in texts[number])
        spans.append(Column(f"{low:g}", f"{low:g}–{high:g}", values))
    return tuple(spans)


def edges_of(least: float, most: float) -> list[float]:
    """Round edges of at most `BINS_AT_MOST` spans; the last lies above the greatest number."""
    width = 10.0**-6
    while True:
        for step in STEPS:
            span = width * step
            first = least // span * span
            if first + span * BINS_AT_MOST > most:
                count = int((most - first) // span) + 1
                return [round(first + span * place, 6) for place in range(count + 1)]
        width *= 10


def month_columns(said: Sequence[str]) -> tuple[Column, ...]:
    """By month, by year where there are more months than a table has room for."""
    if len(said) <= MONTHS_AT_MOST:
        return tuple(Column(month, f"{month[:4]}年{int(month[5:7])}月", frozenset({month})) for month in said)
    years: dict[str, set[str]] = {}
    for month in said:
        years.setdefault(month[:4], set()).add(month)
    return tuple(Column(year, f"{year}年", frozenset(months)) for year, months in sorted(years.items()))


def median_of(counts: Mapping[str, int]) -> float | None:
    """The middle of the numbers that were answered, each as often as it was; None where there is none."""
    numbers = sorted((float(value), count) for value, count in counts.items() if value not in (DECLINED, BLANK, CHOSE))
    whole = sum(count for _, count in numbers)
    if not whole:
        return None
    return (_at(numbers, (whole - 1) // 2) + _at(numbers, whole // 2)) / 2


def _at(numbers: Sequence[tuple[float, int]], place: int) -> float:
    for number, count in numbers:
        if place < count:
            return number
        place -= count
    raise IndexError(place)


def counted_in(counts: Mapping[str, int]) -> int:
    """How many people stand in the rows of members that were filled in, or how many photos came."""
    return sum(count_of(value) * count for value, count in counts.items())
