"""Lists behind the figures of other apps: a small registry, since this app knows none of those above it.

An app that shows figures of orders names the condition behind each; the list of orders takes such a name among
its filters (`Filters.figure`) and says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Figure:
    """What orders behind a figure have in common: in words, and as a condition on orders."""

    label: str
    condition: Callable[[], Q]


_figures: dict[str, Figure] = {}


def add(figures: Mapping[str, Figure]) -> None:
    """Make figures known by their names."""
    _figures.update(figures)


def figure_named(name: str) -> Figure | None:
    """The figure of a name; None where there is none."""
    return _figures.get(name)
