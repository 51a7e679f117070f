"""The shape of a lifecycle: transitions as data.

Every app with states writes its own table of `Transition` rows in its `lifecycle.py`; code,
buttons, API, tests and the diagrams in the docs read that table, and only the walker moves a
row along it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Transition:
    """One verb: from which states, to which, for whom, with what.

    `targets` lists every state the verb may lead to; the first is the usual one, and an empty
    tuple means that the state stays. `relations` name ties to the row (DESK, HOLDER …), never
    posts. `needs` are inputs that may not be blank, `takes` the other inputs. `said` is the
    line a timeline shows. `is_main` marks the button that is filled, `is_grave` the one that
    asks once more.
    """

    verb: str
    label: str
    sources: frozenset[str]
    targets: tuple[str, ...]
    relations: frozenset[str]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    audience: str = "handlers"
    is_main: bool = False
    is_grave: bool = False
    said: str = ""


@dataclass(frozen=True)
class Lifecycle:
    """The table of one kind of subject; `labels` speaks the states, `missing` the inputs."""

    transitions: tuple[Transition, ...]
    labels: Mapping[Any, str]
    missing: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, verb: str) -> Transition:
        for transition in self.transitions:
            if transition.verb == verb:
                return transition
        raise KeyError(verb)

    def __contains__(self, verb: object) -> bool:
        return any(transition.verb == verb for transition in self.transitions)

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions)

    def allowed(self, status: str, relations: Iterable[str]) -> list[Transition]:
        """The transitions open now to someone in these relations, in the table's order."""
        held = set(relations)
        return [
            transition
            for transition in self.transitions
            if status in transition.sources and held & transition.relations
        ]
