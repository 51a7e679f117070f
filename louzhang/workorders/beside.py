"""What other apps show beside an order: a small registry, since this app knows none of those above it.

An app registers a provider in `AppConfig.ready()`; it is asked when staff open an order. With it may come a
mark, a condition that is read with the order itself: the provider asks only where the order has it, so that
what most orders have not costs no query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.shell.parts import Item
from louzhang.workorders.models import WorkOrder

Provider = Callable[[WorkOrder, Actor], list[Item]]

_providers: list[tuple[int, Provider]] = []
_marks: dict[str, Any] = {}


def add(provider: Provider, *, order: int, **marks: Any) -> None:
    """Add a provider; a smaller `order` stands further up. `marks` are annotations of an order, by name."""
    _marks.update(marks)
    if (order, provider) not in _providers:
        _providers.append((order, provider))
        _providers.sort(key=lambda entry: entry[0])


def marks() -> dict[str, Any]:
    """What is read with one order for those who stand beside it."""
    return dict(_marks)


def items_beside(order: WorkOrder, actor: Actor) -> list[Item]:
    """All that stands beside this order for this actor."""
    return [item for _, provider in _providers for item in provider(order, actor)]
