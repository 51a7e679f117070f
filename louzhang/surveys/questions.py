"""What a survey asks, without the database: kinds of answers, conditions, and whether the questions hang together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

DECLINED = "-"  # 不愿回答, in place of an answer
GIVEN = "*"  # something was given that lies sealed; of members and photos with how many there are
YES, NO = "yes", "no"
KEY = re.compile(r"[a-z][a-z0-9]{0,18}")
ROWS_AT_MOST = 20
WORDS_AT_MOST = 500
QUESTIONS_AT_MOST = 60
OPTIONS_AT_MOST = 30
PHOTOS_AT_MOST = 9
PHOTO_QUESTIONS_AT_MOST = 3  # a phone brings all photos of a household before its answer


class Kind(StrEnum):
    """What sort of answer is asked for."""

    YES_NO = "yes_no"
    ONE = "one"
    MANY = "many"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    MEMBERS = "members"
    PHOTO = "photo"

    @property
    def label(self) -> str:
        """As people read it."""
        return LABELS[self]


LABELS = {
    Kind.YES_NO: "是或否",
    Kind.ONE: "选一个",
    Kind.MANY: "选几个",
    Kind.NUMBER: "数字",
    Kind.DATE: "日期",
    Kind.TEXT: "文字",
    Kind.MEMBERS: "家里每个人",
    Kind.PHOTO: "照片",
}
CHOOSING = frozenset({Kind.YES_NO, Kind.ONE, Kind.MANY})
COUNTED = frozenset({Kind.MEMBERS, Kind.PHOTO})
SEALED = frozenset({Kind.TEXT, Kind.MEMBERS, Kind.PHOTO})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, or one column of a row: its code and its words."""

    code: str
    words: str


YES_OR_NO = (Option(YES, "是"), Option(NO, "否"))


@dataclass(frozen=True, slots=True)
class Only:
    """A question is shown only where another one has one of these answers."""

    key: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `least` and `most` bound a number, a length, choices or rows; of dates they are days.

    `left_out` are the streets that let the survey in without it.
    """

    key: str
    text: str
    kind: Kind
    note: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Option, ...] = ()
    only: Only | None = None
    least: Any = None
    most: Any = None
    is_needed: bool = True
    left_out: frozenset[int] = frozenset()

    @property
    def choices(self) -> tuple[Option, ...]:
        """What can be chosen; empty for kinds that are written."""
        return YES_OR_NO if self.kind is Kind.YES_NO else self.options

    @property
    def photos_at_most(self) -> int:
        """How many photos may go with one answer."""
        return min(self.most or PHOTOS_AT_MOST, PHOTOS_AT_MOST)

    @property
    def is_sealed(self) -> bool:
        """Whether the answer may name a person and lies sealed."""
        return self.kind in SEALED


def asked_in(questions: Sequence[Asked], line: Iterable[int]) -> list[Asked]:
    """Those that are asked at a place, given the ids of the line down to it."""
    above = set(line)
    return [question for question in questions if not question.left_out & above]


def without_photos(questions: Sequence[Asked]) -> list[Asked]:
    """Those that can be asked on paper."""
    return [question for question in questions if question.kind is not Kind.PHOTO]


def given_mark(question: Asked, value: Sequence[Any]) -> str:
    """What stands in the clear in place of an answer that lies sealed."""
    return GIVEN + str(len(value)) if question.kind in COUNTED else GIVEN


def count_of(mark: Any) -> int:
    """How many people or photos such a mark tells of."""
    return int(mark[len(GIVEN) :] or 0) if isinstance(mark, str) and mark.startswith(GIVEN) else 0


def is_shown(question: Asked, chosen: Mapping[str, Any]) -> bool:
    """Whether a question is asked, given the answers before it; those not asked themselves have none."""
    if question.only is None:
        return True
    answer = chosen.get(question.only.key)
    said = answer if isinstance(answer, list) else [answer]
    return any(each in question.only.answers for each in said)


def problems_of(questions: Sequence[Asked]) -> dict[str, str]:
    """What is wrong with a list of questions, as sentences by key; none for one that may be asked."""
    found: dict[str, str] = {}
    before: dict[str, Asked] = {}
    for question in questions:
        sentence = _problem(question, before)
        if sentence:
            found.setdefault(question.key, sentence)
        before[question.key] = question
    for question in [each for each in questions if each.kind is Kind.PHOTO][PHOTO_QUESTIONS_AT_MOST:]:
        found.setdefault(question.key, f"一次最多问 {PHOTO_QUESTIONS_AT_MOST} 道照片题。")
    return found


def _problem(question: Asked, before: Mapping[str, Asked]) -> str:
    if not KEY.fullmatch(question.key) or question.key in before:
        return "题目的代号要用小写字母开头，而且不能重复。"
    return _of_options(question) or _of_bounds(question) or _of_condition(question, before)


def _of_options(question: Asked) -> str:
    if question.kind in (Kind.ONE, Kind.MANY) and not 2 <= len(question.options) <= OPTIONS_AT_MOST:
        return f"请写 2 到 {OPTIONS_AT_MOST} 个选项，一行一个。"
    if question.kind is Kind.MEMBERS and not question.columns:
        return "请写每个人要填哪几项，一行一项。"
    return "选项不能重复。" if _repeats(question.options) or _repeats(question.columns) else ""


def _repeats(options: Collection[Option]) -> bool:
    return len({option.code for option in options}) < len(options) or len({each.words for each in options}) < len(
        options
    )


def _of_bounds(question: Asked) -> str:
    least, most = question.least, question.most
    if question.kind is Kind.PHOTO and most is not None and not 1 <= most <= PHOTOS_AT_MOST:
        return f"照片题最多的张数填 1 到 {PHOTOS_AT_MOST}。"
    return "最小不能大于最大。" if least is not None and most is not None and least > most else ""


def _of_condition(question: Asked, before: Mapping[str, Asked]) -> str:
    if question.only is None:
        return ""
    parent = before.get(question.only.key)
    if parent is None or parent.kind not in CHOOSING:
        return "“只在…时问”要指前面的一道选择题。"
    codes = {option.code for option in parent.choices}
    return "" if question.only.answers and question.only.answers <= codes else "请选前面那道题的哪个答案下才问这一题。"
