"""What moves when a post ends: a registry that this app and those above it fill.

A mover gives what was due in a post to the next one, or lets it wait where nobody follows, and says what it was: a
heading and an address each, no names. It may run again and then finds nothing. What lies with a place and not with a
post (orders, homes to be visited) need not move; it is told by `stays`, so that the page of a handover is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from louzhang.areas.models import Post


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that went to somebody else: what kind, which, where it stands now."""

    kind: str
    what: str
    url: str = ""


Mover = Callable[[Post, Post | None, datetime], Iterable[Moved]]
_movers: list[tuple[int, Mover]] = []


def add_mover(mover: Mover, *, order: int) -> None:
    """Add a mover; a smaller `order` goes first."""
    if (order, mover) not in _movers:
        _movers.append((order, mover))
        _movers.sort(key=lambda entry: entry[0])


def move_all(post: Post, to: Post | None, at: datetime) -> list[Moved]:
    """Give everything due in a post to the next one."""
    return [moved for _, mover in _movers for moved in mover(post, to, at)]
