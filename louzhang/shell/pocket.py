"""The pocket: what a phone carries to be read without a signal, closed with a key that ends at sign-out.

An app adds a part in `AppConfig.ready()`: the day's list, the doors of the own places, the forms that are open. A
part holds only what its owner may read in the own places now, and never ID numbers, marks of care or whole phone
numbers of people; the phone forgets it after three days, at sign-out and when the post has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Provider = Callable[[HttpRequest], Any]


class Several(dict[str, Any]):
    """What a provider gives whose parts are not known beforehand: each by its own name."""


_parts: dict[str, Provider] = {}


def add_part(name: str, provider: Provider) -> None:
    """Add a part: rows of a list, or choices of a select as `(value, label)` and `(heading, choices)`.

    The provider gives None for somebody who carries no such part.
    """
    _parts[name] = provider


def parts_for(request: HttpRequest) -> dict[str, Any]:
    """All that this person may carry now."""
    found: dict[str, Any] = {}
    for name, provider in _parts.items():
        part = provider(request)
        if part is not None:
            found.update(part if isinstance(part, Several) else {name: part})
    return found
