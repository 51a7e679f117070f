"""What other apps show beside an order: a small registry, since this app knows none of those above it.

An app registers a provider in `AppConfig.ready()`; it is asked when staff open an order.
"""

from __future__ import annotations

from collections.abc import Callable

from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item
from louzhang.workorders.models import WorkOrder

Provider = Callable[[WorkOrder, Actor], list[Item]]

_providers: list[tuple[int, Provider]] = []


def add(provider: Provider, *, order: int) -> None:
    """Add a provider; a smaller `order` stands further up."""
    if (order, provider) not in _providers:
        _providers.append((order, provider))
        _providers.sort(key=lambda entry: entry[0])


def items_beside(order: WorkOrder, actor: Actor) -> list[Item]:
    """All that stands beside this order for this actor."""
    return [item for _, provider in _providers for item in provider(order, actor)]
