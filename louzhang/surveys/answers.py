"""Reading what was written in a form into an answer, without the database.

Fields are plain text under `q_<key>`; several choices, and the ids of photos, stand there with commas between them,
choices also each under `q_<key>_<code>`, rows of members under `q_<key>_<row>_<column>`. `n_<key>` says 不愿回答
beside a written field; a choice says it by `DECLINED`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from louzhang.surveys.questions import DECLINED, ROWS_AT_MOST, WORDS_AT_MOST, Asked, Kind, given_mark, is_shown

MISSING = "请回答这一题，或者选“不愿回答”。"
NOT_OFFERED = "请从列出的选项里选。"
NOT_ARRIVED = "有照片没有上传成功，请删掉它重新选一次。"
BIGGEST = Decimal(10**12)
Fields = Mapping[str, str]


class Wrong(Exception):
    """An answer that cannot be taken: a sentence for each question."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Given:
    """What was said: `chosen` in the clear, `said` to be sealed."""

    chosen: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)


def read_answers(questions: Sequence[Asked], fields: Fields) -> Given:
    """The answers of a form; what stands under a question that is not asked is left out. Raises `Wrong`."""
    given, problems = Given(), {}
    for question in questions:
        if not is_shown(question, given.chosen):
            continue
        try:
            _read_one(question, fields, given)
        except ValueError as sentence:
            problems[question.key] = str(sentence)
    if problems:
        raise Wrong(problems)
    return given


def _read_one(question: Asked, fields: Fields, given: Given) -> None:
    key = question.key
    raw = fields.get(f"q_{key}", "").strip()
    if raw == DECLINED or fields.get(f"n_{key}"):
        given.chosen[key] = DECLINED
        return
    reads_several = SEVERAL.get(question.kind)
    value = READERS[question.kind](question, raw) if reads_several is None else reads_several(question, fields)
    if value in (None, "", []):
        if question.is_needed:
            raise ValueError(MISSING)
        return
    if question.is_sealed:
        given.chosen[key], given.said[key] = given_mark(question, value), value
    else:
        given.chosen[key] = value


def _one(question: Asked, raw: str) -> str:
    if raw and all(raw != option.code for option in question.choices):
        raise ValueError(NOT_OFFERED)
    return raw


def _many(question: Asked, fields: Fields) -> list[str]:
    together = fields.get(f"q_{question.key}", "").split(",")
    codes = {code for part in together if (code := part.strip())}
    codes |= {option.code for option in question.choices if fields.get(f"q_{question.key}_{option.code}")}
    chosen = [option.code for option in question.choices if option.code in codes]
    if len(chosen) < len(codes):
        raise ValueError(NOT_OFFERED)
    if chosen and question.least is not None and len(chosen) < question.least:
        raise ValueError(f"请至少选 {question.least} 个。")
    if question.most is not None and len(chosen) > question.most:
        raise ValueError(f"最多选 {question.most} 个。")
    return chosen


def _number(question: Asked, raw: str) -> int | float | None:
    if not raw:
        return None
    try:
        number = Decimal(raw)
    except InvalidOperation:
        raise ValueError("请填数字。") from None
    if not number.is_finite() or abs(number) > BIGGEST:
        raise ValueError("这个数字太大了，请核对。")
    if question.least is not None and number < Decimal(str(question.least)):
        raise ValueError(f"不能小于 {question.least}。")
    if question.most is not None and number > Decimal(str(question.most)):
        raise ValueError(f"不能大于 {question.most}。")
    return int(number) if number == number.to_integral_value() else float(number)


def _date(question: Asked, raw: str) -> str:
    if not raw:
        return ""
    try:
        day = date.fromisoformat(raw).isoformat()
    except ValueError:
        raise ValueError("请选择一个日期。") from None
    if question.least and day < question.least:
        raise ValueError(f"不能早于 {question.least}。")
    if question.most and day > question.most:
        raise ValueError(f"不能晚于 {question.most}。")
    return day


def _text(question: Asked, raw: str) -> str:
    longest = min(question.most or WORDS_AT_MOST, WORDS_AT_MOST)
    if len(raw) > longest:
        raise ValueError(f"文字太长了，请缩短到 {longest} 字以内。")
    return raw


def _photos(question: Asked, raw: str) -> list[str]:
    """The ids of photos that were uploaded before; whether they are the writer's is asked where they are kept."""
    try:
        uids = list(dict.fromkeys(str(UUID(each)) for part in raw.split(",") if (each := part.strip())))
    except ValueError:
        raise ValueError(NOT_ARRIVED) from None
    if len(uids) > question.photos_at_most:
        raise ValueError(f"最多附 {question.photos_at_most} 张照片。")
    return uids


def photos_in(questions: Sequence[Asked], fields: Fields) -> dict[str, list[UUID]]:
    """The ids of photos under each question that asks for some; what is none is left out."""
    found: dict[str, list[UUID]] = {}
    for question in questions:
        if question.kind is Kind.PHOTO and (raw := fields.get(f"q_{question.key}", "")) not in ("", DECLINED):
            try:
                found[question.key] = [UUID(uid) for uid in _photos(question, raw)]
            except ValueError:
                continue
    return found


def _rows(question: Asked, fields: Fields) -> list[dict[str, str]]:
    """Rows of members, each with at least one column filled."""
    rows = []
    for index in range(ROWS_AT_MOST):
        row = {
            column.code: value[:WORDS_AT_MOST]
            for column in question.columns
            if (value := fields.get(f"q_{question.key}_{index}_{column.code}", "").strip())
        }
        if row:
            rows.append(row)
    if question.most is not None and len(rows) > question.most:
        raise ValueError(f"最多填 {question.most} 个人。")
    return rows


READERS: Mapping[Kind, Callable[[Asked, str], Any]] = {
    Kind.YES_NO: _one,
    Kind.ONE: _one,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TEXT: _text,
    Kind.PHOTO: _photos,
}
SEVERAL: Mapping[Kind, Callable[[Asked, Fields], Any]] = {Kind.MANY: _many, Kind.MEMBERS: _rows}
