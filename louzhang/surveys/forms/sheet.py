"""The questions of a survey as a form shows them: what was given, what is wrong, what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from louzhang.surveys.answers import Given
from louzhang.surveys.questions import COUNTED, DECLINED, GIVEN, Asked, Kind, count_of

ROWS_OPEN, ROWS_SHOWN = 2, 8


@dataclass(frozen=True, slots=True)
class Tick:
    """One choice of a question: its field, value and words."""

    name: str
    value: str
    words: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row of members."""

    name: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """One question with what was typed."""

    number: int
    asked: Asked
    value: str = ""
    is_declined: bool = False
    problem: str = ""
    ticks: tuple[Tick, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=())
    photos: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """The field of the answer."""
        return f"q_{self.asked.key}"

    @property
    def refusing(self) -> str:
        """The field of 不愿回答, where it is not one of the choices."""
        return f"n_{self.asked.key}"

    @property
    def kind(self) -> str:
        """The sort of answer."""
        return self.asked.kind.value

    @property
    def open_rows(self) -> tuple[tuple[Cell, ...], ...]:
        """Rows that are shown at once; the others fold."""
        return self.rows[: self._open]

    @property
    def more_rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The others."""
        return self.rows[self._open :]

    @property
    def _open(self) -> int:
        filled = [index for index, row in enumerate(self.rows, start=1) if any(cell.value for cell in row)]
        return max([ROWS_OPEN, *filled])

    @property
    def bounds(self) -> str:
        """What fits, in words; empty where anything does."""
        least, most = self.asked.least, self.asked.most
        if self.asked.kind is Kind.NUMBER and least is not None and most is not None:
            return f"{least} 到 {most}"
        if self.asked.kind is Kind.PHOTO:
            return f"最多 {self.asked.photos_at_most} 张"
        return f"最多选 {most} 个" if self.asked.kind is Kind.MANY and most is not None else ""


def blocks_of(
    questions: Sequence[Asked], fields: Mapping[str, str], problems: Mapping[str, str] | None = None
) -> list[Block]:
    """Every question with what stands in the fields of a form."""
    wrong = problems or {}
    return [
        _block(number, question, fields, wrong.get(question.key, "")) for number, question in enumerate(questions, 1)
    ]


def _block(number: int, question: Asked, fields: Mapping[str, str], problem: str) -> Block:
    name = f"q_{question.key}"
    value = fields.get(name, "")
    is_declined = value == DECLINED or bool(fields.get(f"n_{question.key}"))
    return Block(
        number=number,
        asked=question,
        value="" if is_declined else value,
        is_declined=is_declined,
        problem=problem,
        ticks=_ticks(question, name, fields),
        rows=_rows(question, name, fields),
    )


def _ticks(question: Asked, name: str, fields: Mapping[str, str]) -> tuple[Tick, ...]:
    value = fields.get(name, "")
    if question.kind is Kind.MANY:
        chosen = value.split(",")
        return tuple(
            Tick(f"{name}_{option.code}", "1", option.words,
                 option.code in chosen or bool(fields.get(f"{name}_{option.code}")))
            for option in question.choices
        )  # fmt: skip
    return tuple(Tick(name, option.code, option.words, option.code == value) for option in question.choices)


def _rows(question: Asked, name: str, fields: Mapping[str, str]) -> tuple[tuple[Cell, ...], ...]:
    if question.kind is not Kind.MEMBERS:
        return ()
    count = min(question.most or ROWS_SHOWN, ROWS_SHOWN)
    return tuple(
        tuple(
            Cell(f"{name}_{row}_{column.code}", column.words, fields.get(f"{name}_{row}_{column.code}", ""))
            for column in question.columns
        )
        for row in range(count)
    )


def fields_of(chosen: Mapping[str, Any], said: Mapping[str, Any] | None = None) -> dict[str, str]:
    """A stored answer as the fields of a form; without what lies sealed unless it was opened."""
    fields: dict[str, str] = {}
    for key, value in {**chosen, **(said or {})}.items():
        if isinstance(value, str) and value.startswith(GIVEN):
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row, cells in enumerate(value):
                fields |= {f"q_{key}_{row}_{column}": words for column, words in cells.items()}
        else:
            fields[f"q_{key}"] = ",".join(value) if isinstance(value, list) else str(value)
    return fields


def spoken_answer(question: Asked, value: Any) -> str:
    """An answer in words, as staff read it; of what lies sealed only that it was given."""
    words = {option.code: option.words for option in question.choices}
    if value == DECLINED:
        return "不愿回答"
    if question.kind in COUNTED and (count := count_of(value)):
        return f"已填 {count} 人" if question.kind is Kind.MEMBERS else f"已附 {count} 张照片"
    if question.is_sealed:
        return "已填写"
    if isinstance(value, list):
        return "、".join(words.get(str(code), str(code)) for code in value)
    return words.get(str(value), str(value))


def spoken_answers(questions: Sequence[Asked], given: Given) -> list[tuple[str, str]]:
    """All that was said, question by question."""
    return [
        (question.text, spoken_answer(question, given.chosen[question.key]))
        for question in questions
        if question.key in given.chosen
    ]
