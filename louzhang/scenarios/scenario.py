"""What a scenario is: a name, what it plays in words, and a function that plays it and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Told = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; `play` is called with an empty, migrated schema and tells how far it is.

    A place that fills several scenarios has one for each part of its work, chosen by `--<part>`. `play` answers
    with the figures of its line of JSON; `seconds` are added by whoever runs it.
    """

    name: str
    words: str
    play: Callable[[Told], Mapping[str, int | float | str]]
    part: str = ""

    @property
    def call(self) -> str:
        """What stands behind `manage.py scenario`."""
        return f"{self.name} --{self.part}" if self.part else self.name
