"""Who else has a say before a file is received: apps above register limits they count themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest

from louzhang.journal.actor import Actor

Limit = Callable[[HttpRequest, Actor, datetime], None]

_limits: list[Limit] = []


def add_limit(limit: Limit) -> None:
    """Ask this limit before each upload; it raises `TooOften`."""
    if limit not in _limits:
        _limits.append(limit)


def ask_all(request: HttpRequest, actor: Actor, at: datetime) -> None:
    """Raise `TooOften` when any of them refuses."""
    for limit in _limits:
        limit(request, actor, at)
