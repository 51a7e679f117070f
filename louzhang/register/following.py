"""What other parts keep about a resident, told to this app, which knows none of those above it.

A table added here (with a column `resident`) follows when two entries become one (`actions.merging`) and loses its
content when the entry is erased (`actions.erasing`), in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.register.models import Resident

Forget = Callable[[Resident, str, Actor, datetime], None]

_kept: dict[type[Any], Forget] = {}


def add_table(table: type[Any], forget: Forget) -> None:
    """Add a table; `forget` empties what it says of a person, under a named rule. Called in `AppConfig.ready()`."""
    _kept[table] = forget


def tables() -> tuple[type[Any], ...]:
    """All of them, in the order they were added."""
    return tuple(_kept)


def forget_kept(resident: Resident, *, rule: str, actor: Actor, at: datetime) -> None:
    """Empty all that other parts keep about a person who is erased."""
    for forget in _kept.values():
        forget(resident, rule, actor, at)
