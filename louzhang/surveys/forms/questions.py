"""One question as it is typed: choices a line each, a condition on an earlier question, bounds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from louzhang.journal.forms import VerbForm
from louzhang.shell.widgets import ChipRadio, Words
from louzhang.surveys.models import Kind as KindChoice
from louzhang.surveys.questions import CHOOSING, Asked, Kind, Only, Option

BETWEEN = "|"


class QuestionForm(VerbForm):
    """A question."""

    text = forms.CharField(label="题目", max_length=120, error_messages={"required": "请写题目。"})
    kind = forms.ChoiceField(label="怎么答", choices=KindChoice.choices, widget=ChipRadio, initial=Kind.YES_NO.value)
    lines = forms.CharField(
        label="选项",
        required=False,
        max_length=2000,
        widget=Words,
        help_text="一行一个；“家里每个人”写每人填哪几项。",
    )
    note = forms.CharField(label="说明", max_length=200, required=False)
    least = forms.CharField(label="最少或最小", max_length=12, required=False)
    most = forms.CharField(label="最多或最大", max_length=12, required=False)
    only = forms.ChoiceField(label="只在这样回答时问", required=False)
    is_needed = forms.BooleanField(label="要回答（仍可以选“不愿回答”）", required=False, initial=True)

    def prepare(self, before: Sequence[Asked]) -> None:
        """The answers of earlier questions on which this one may depend."""
        field: Any = self.fields["only"]
        answers = [
            (f"{question.key}{BETWEEN}{option.code}", f"{question.text}：{option.words}")
            for question in before
            if question.kind in CHOOSING
            for option in question.choices
        ]
        field.choices = [("", "总是问"), *answers]

    def asked(self, key: str, before: Asked | None = None) -> Asked:
        """The question under a key; choices keep the codes they had. Only for a valid form."""
        said = self.cleaned_data
        kind = Kind(said["kind"])
        lines = [line.strip() for line in said["lines"].splitlines() if line.strip()]
        parent, _, answer = said["only"].partition(BETWEEN)
        known = before.options if before is not None else ()
        return Asked(
            key=key,
            text=" ".join(said["text"].split()),
            kind=kind,
            note=" ".join(said["note"].split()),
            options=coded(lines, known) if kind in (Kind.ONE, Kind.MANY) else (),
            columns=coded(lines, before.columns if before is not None else ()) if kind is Kind.MEMBERS else (),
            only=Only(parent, frozenset({answer})) if answer else None,
            least=self.bound("least", kind),
            most=self.bound("most", kind),
            is_needed=said["is_needed"],
        )

    def clean(self) -> dict[str, Any]:
        """Bounds are whole numbers, days for dates."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("least", "most"):
            try:
                self.bound(name, Kind(said.get("kind", Kind.TEXT)))
            except ValueError:
                self.add_error(name, "请填整数；日期题写成 2026-11-22 这样。")
        return said

    def bound(self, name: str, kind: Kind) -> Any:
        """A bound that was typed; None for none. Raises `ValueError`."""
        said = self.cleaned_data.get(name, "").strip()
        if not said or kind in (Kind.YES_NO, Kind.ONE) or (kind is Kind.PHOTO and name == "least"):
            return None
        if kind is Kind.DATE:
            return date.fromisoformat(said).isoformat()
        return int(said)


def coded(lines: Sequence[str], known: Sequence[Option]) -> tuple[Option, ...]:
    """Lines as choices: words that stood before keep their code, new ones get the next letter-number."""
    codes = {option.words: option.code for option in known}
    taken = set(codes.values())
    made = []
    number = 0
    for words in lines:
        if words not in codes:
            number += 1
            while f"a{number}" in taken:
                number += 1
            codes[words] = f"a{number}"
            taken.add(f"a{number}")
        made.append(Option(codes[words], words))
    return tuple(made)


def first_values(question: Asked) -> dict[str, Any]:
    """A question as first values of the form."""
    only = question.only
    return {
        "text": question.text,
        "kind": question.kind.value,
        "lines": "\n".join(option.words for option in (*question.options, *question.columns)),
        "note": question.note,
        "least": "" if question.least is None else question.least,
        "most": "" if question.most is None else question.most,
        "only": f"{only.key}{BETWEEN}{min(only.answers)}" if only else "",
        "is_needed": question.is_needed,
    }


def next_key(asked: Sequence[Asked]) -> str:
    """A key that no question has."""
    taken = {question.key for question in asked}
    return next(key for number in range(1, len(taken) + 2) if (key := f"q{number}") not in taken)
