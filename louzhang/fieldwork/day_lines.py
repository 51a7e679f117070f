"""What stands in the log of somebody's day: a registry that this app and those above it fill.

A provider reads the events of one person on one day, which are given to all of them, and says lines: what was done,
how many, with an address to look at. No line names a resident or repeats what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from louzhang.journal.models import Event


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a log."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """Whose day it is, which, and the events of this person on it."""

    user_id: int
    day: date
    events: Sequence[Event]

    def of(self, kind: str, *verbs: str) -> list[Event]:
        """The events of one kind of subject, of these verbs or any."""
        return [event for event in self.events if event.subject_kind == kind and (not verbs or event.verb in verbs)]


Provider = Callable[[Day], Iterable[Told]]
_providers: list[tuple[int, Provider]] = []


def add_lines(provider: Provider, *, order: int) -> None:
    """Add a provider of lines; a smaller `order` stands further up."""
    if (order, provider) not in _providers:
        _providers.append((order, provider))
        _providers.sort(key=lambda entry: entry[0])


def lines_of(day: Day) -> list[Told]:
    """All lines of a day."""
    return [told for _, provider in _providers for told in provider(day)]
