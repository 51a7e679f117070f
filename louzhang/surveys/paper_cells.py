"""Reading what is typed from paper, without the database: digits for choices, a line for each door.

A choice is its number on the form; 0 is 不愿回答. Everywhere `-` is 不愿回答, and `--` says it for the whole form.
Several choices stand as digits together (13), with blanks between them from the tenth on. People stand one after the
other with `;` between them, what is asked of each with blanks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from louzhang.surveys.answers import NOT_OFFERED
from louzhang.surveys.questions import CHOOSING, DECLINED, Asked, Kind, Only

REFUSES, REFUSES_ALL, NOUGHT = "-", "--", "0"
_SEPARATED = re.compile(r"[\s,，、]+")
_PEOPLE = re.compile(r"[;；\n]+")
_WIDE = str.maketrans("０１２３４５６７８９－．；", "0123456789-.;")


@dataclass(frozen=True, slots=True)
class Typed:
    """One line: the fields of a form, whether the whole form was declined, and what cannot be read."""

    fields: Mapping[str, str]
    is_declined: bool
    problems: Mapping[str, str]


def read_line(questions: Sequence[Asked], cells: Mapping[str, str]) -> Typed:
    """The cells of one door, by the key of their question, as fields."""
    typed = {question.key: cells.get(question.key, "").translate(_WIDE).strip() for question in questions}
    if REFUSES_ALL in typed.values():
        return Typed({}, is_declined=True, problems={})
    fields: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in questions:
        try:
            fields |= _fields(question, typed[question.key])
        except ValueError as sentence:
            problems[question.key] = str(sentence)
    return Typed(fields, is_declined=False, problems=problems)


def _fields(question: Asked, text: str) -> dict[str, str]:
    name = f"q_{question.key}"
    if text == REFUSES or (text == NOUGHT and question.kind in CHOOSING):
        return {name: DECLINED} if question.kind in CHOOSING else {f"n_{question.key}": "1"}
    if question.kind is Kind.MEMBERS:
        return _people(question, name, text)
    if question.kind is Kind.MANY:
        return {name: ",".join(_choice(question, digits) for digits in _numbers(question, text))}
    if question.kind in CHOOSING:
        return {name: _choice(question, text) if text else ""}
    return {name: _day(text) if question.kind is Kind.DATE else text}


def _numbers(question: Asked, text: str) -> list[str]:
    if len(question.choices) < 10 and text.isdigit():
        return list(text)
    return [each for each in _SEPARATED.split(text) if each]


def _choice(question: Asked, digits: str) -> str:
    """The code of a choice by its number on the form."""
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    if not 1 <= number <= len(question.choices):
        raise ValueError(f"请填 1 到 {len(question.choices)}，不愿回答填 0。" if digits else NOT_OFFERED)
    return question.choices[number - 1].code


def _day(text: str) -> str:
    """A day from eight digits, or from numbers with signs between them."""
    digits = re.sub(r"\D+", " ", text).split()
    if len(digits) == 1 and len(digits[0]) == 8:
        return f"{digits[0][:4]}-{digits[0][4:6]}-{digits[0][6:]}"
    if len(digits) == 3:
        return f"{digits[0]}-{int(digits[1]):02d}-{int(digits[2]):02d}"
    return text


def _people(question: Asked, name: str, text: str) -> dict[str, str]:
    fields = {}
    people = [_SEPARATED.split(person.strip(), len(question.columns) - 1) for person in _PEOPLE.split(text)]
    for row, person in enumerate(person for person in people if person != [""]):
        for column, value in zip(question.columns, person, strict=False):
            fields[f"{name}_{row}_{column.code}"] = value
    return fields


def hint_of(question: Asked) -> str:
    """What is typed, in a few words."""
    if question.kind in CHOOSING:
        digits = "　".join(f"{number} {option.words}" for number, option in enumerate(question.choices, start=1))
        return f"{digits}　0 不愿回答" + ("（可以几个，如 13）" if question.kind is Kind.MANY else "")
    words = {
        Kind.NUMBER: "数字",
        Kind.DATE: "如 20260301",
        Kind.TEXT: "文字",
        Kind.MEMBERS: "、".join(column.words for column in question.columns) + "，空格隔开；下一个人用分号",
    }
    return f"{words[question.kind]}　- 不愿回答"


def condition_of(question: Asked, questions: Sequence[Asked]) -> str:
    """When a question is answered, as it stands on paper; empty where always."""
    only: Only | None = question.only
    if only is None:
        return ""
    for number, parent in enumerate(questions, start=1):
        if parent.key == only.key:
            words = [option.words for option in parent.choices if option.code in only.answers]
            return f"第 {number} 题选“{'”或“'.join(words)}”的填"
    return ""
