"""The extra questions of a category: what was answered, and what is wrong with it, each under its own key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ANSWER_LENGTH = 200


def field_of(question: Mapping[str, Any]) -> str:
    """The name under which a question is posted, and under which its error stands."""
    return f"answer_{question['key']}"


def read_answers(
    questions: Sequence[Mapping[str, Any]], posted: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """The answers by key, and the sentences about wrong ones by field; `given` is what a program sent by key."""
    answers, wrong = {}, {}
    for question in questions:
        name, label = field_of(question), question["label"]
        answer = posted.get(name) or given.get(question["key"], "")
        if answer and question.get("choices") and answer not in question["choices"]:
            wrong[name] = f"“{label}”请从给出的选项里选。"
        elif answer:
            answers[question["key"]] = str(answer)[:ANSWER_LENGTH]
        elif question.get("required"):
            wrong[name] = f"请回答：{label}。"
    return answers, wrong


def question_rows(
    questions: Sequence[Mapping[str, Any]], posted: Mapping[str, Any], errors: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The questions of a category with what was answered so far and what is wrong with it."""
    said = errors or {}
    rows = [
        {**question, "name": (name := field_of(question)), "answer": posted.get(name, ""), "errors": said.get(name, "")}
        for question in questions
    ]
    first = next((row for row in rows if row["errors"]), None)
    return [row | {"is_first_wrong": row is first} for row in rows]
