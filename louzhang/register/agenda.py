"""What is due for who looks after a place: a small registry that apps above fill, shown in 我的本子."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item

Provider = Callable[[Actor, datetime], Iterable[Item]]
_providers: list[tuple[int, Provider]] = []


def add_due(provider: Provider, *, order: int) -> None:
    """Add a provider of what is due now; a smaller `order` stands further up."""
    if (order, provider) not in _providers:
        _providers.append((order, provider))
        _providers.sort(key=lambda entry: entry[0])


def due_items(actor: Actor, at: datetime) -> list[Item]:
    """All that is due for this actor."""
    return [item for _, provider in _providers for item in provider(actor, at)]
