"""What an app above puts on the contact card of a post: lines of duties, one provider for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Provider = Callable[[str], Sequence[str]]
_providers: list[Provider] = []


def add_lines(provider: Provider) -> None:
    """Add a provider; it is asked with the role of the post and gives short lines."""
    if provider not in _providers:
        _providers.append(provider)


def lines_for(role: str) -> list[str]:
    """The lines for the card of somebody in this role."""
    return [line for provider in _providers for line in provider(role)]
