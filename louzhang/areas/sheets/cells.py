"""What stands in single cells: days, names of choices, codes in a row, fields judged by a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from louzhang.journal.refusals import InputRefused

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00:00)?|(\d{4})(\d{2})(\d{2})")
_BETWEEN = re.compile("[、，,；;]")


def day_of(typed: str, label: str) -> date | None:
    """A day as people and Excel write it; None for an empty cell; raises `InputRefused`."""
    if not typed:
        return None
    found = _DAY.fullmatch(typed)
    try:
        year, month, day = (int(part) for part in (found.groups() if found else ()) if part)
        return date(year, month, day)
    except ValueError:
        raise InputRefused(f"{label}“{typed[:20]}”不是日期，请写成 2026-03-02 这样。") from None


def choice_of(typed: str, choices: Mapping[str, str], label: str) -> str:
    """The value behind a name that is chosen from; raises `InputRefused` with the names there are."""
    if typed not in choices:
        raise InputRefused(f"{label}“{typed[:20]}”不认识，可以填：{'、'.join(choices)}。")
    return choices[typed]


def listed(typed: str) -> list[str]:
    """What stands one after the other in a cell, each once."""
    return list(dict.fromkeys(part.strip() for part in _BETWEEN.split(typed) if part.strip()))


def judged(form: forms.Form) -> dict[str, Any]:
    """What a form understood; raises `InputRefused` with what it says of each field."""
    if form.is_valid():
        return form.cleaned_data
    raise InputRefused("".join(_sentences(form)))


def _sentences(form: forms.Form) -> Iterable[str]:
    for name, reasons in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for reason in reasons:
            yield str(reason) if not label or str(label) in str(reason) else f"{label}：{reason}"
