"""What keeping any list of the district shares: what a change changes, what is wrong with a row, why one ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from louzhang.journal.refusals import InputRefused


def put_columns(row: models.Model, columns: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    """Put values on a row and give the names of those that differ; only the `known` columns may be changed."""
    if unknown := set(columns) - set(known):
        raise TypeError(f"no columns of {type(row).__name__} that may be changed: {sorted(unknown)}")
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    return changed


def refuse_first(wrong: Mapping[str, object]) -> None:
    """Raise `InputRefused` with the first sentence, by the field it belongs to; what is false is right."""
    for field, sentence in wrong.items():
        if sentence:
            raise InputRefused(str(sentence), field=field)


def reason_to_end(reason: str) -> str:
    """The reason as it was meant; raises `InputRefused` where there is none."""
    if not reason.strip():
        raise InputRefused("请写明停用的原因。", field="reason")
    return reason.strip()
