"""The pocket: what a phone carries to be read without a signal, closed with a key that ends at sign-out.

An app adds a part in `AppConfig.ready()`: the day's list, the doors of the own places, the forms that are open. A
part holds only what its owner may read in the own places now, and never ID numbers, marks of care or whole phone
numbers; the phone forgets it after three days, at sign-out and when the post has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Provider = Callable[[HttpRequest], Any]

_parts: dict[str, Provider] = {}


def add_part(name: str, provider: Provider) -> None:
    """Add a part: rows of a list, or choices of a select as `(value, label)` and `(heading, choices)`.

    The provider gives None for somebody who carries no such part.
    """
    _parts[name] = provider


def parts_for(request: HttpRequest) -> dict[str, Any]:
    """All that this person may carry now."""
    found = {name: provider(request) for name, provider in _parts.items()}
    return {name: part for name, part in found.items() if part is not None}
