"""What an import would do, as values: what becomes of each line, homes, families, moves, changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from louzhang.register.imports.lines import Entry
from louzhang.register.imports.standing import Person

DoorKey = tuple[int, str]


class Outcome(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class LineRefused(ValueError):
    """A line that cannot be carried in; the sentence says what to do."""


@dataclass(slots=True)
class Numbered:
    """A line with its place among all, and whom it is about where they are registered.

    `moves` tells that they come from another household, or from nowhere.
    """

    place: int
    entry: Entry
    person: Person | None = None
    moves: bool = False


@dataclass(slots=True)
class NewHome:
    """A door to be entered."""

    area_id: int
    door: str
    floor: int | None
    position: int
    kind_id: int | None
    is_vacant: bool = False


@dataclass(slots=True)
class Moving:
    """Somebody registered who comes to live in another household; `before` is None where they live nowhere now."""

    resident_id: int
    before: int | None
    on: date
    entry: Entry


@dataclass(slots=True)
class Settling:
    """People to be put into a household: one that stands, or a new one behind a door."""

    door: DoorKey
    starts_on: date
    household_id: int | None = None
    people: list[Entry] = field(default_factory=list)
    moves: list[Moving] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many people it is about."""
        return len(self.people) + len(self.moves)


@dataclass(slots=True)
class Change:
    """Columns of a registered person to be corrected."""

    resident_id: int
    entry: Entry
    columns: tuple[str, ...]


@dataclass(slots=True)
class TieChange:
    """Another tie of somebody to the head of the household they live in."""

    resident_id: int
    household_id: int
    before: str
    tie: str


@dataclass(slots=True)
class DoorChange:
    """Another kind of a standing home, or that it stands empty."""

    dwelling_id: int
    kind_id: int | None = None
    is_vacated: bool = False


@dataclass
class Plan:
    """Everything an import would do; `outcomes`, `reasons` and `notes` go with the entries by their place."""

    outcomes: list[Outcome] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)  # what a line moves or changes, in words
    homes: dict[DoorKey, NewHome] = field(default_factory=dict)
    settlings: list[Settling] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    ties: list[TieChange] = field(default_factory=list)
    doors: list[DoorChange] = field(default_factory=list)
    met: list[int] = field(default_factory=list)  # residents elsewhere whose ID numbers stand in the file

    def counts(self) -> dict[str, int]:
        """What a page shows of it."""
        changed = {change.resident_id for change in self.changes} | {change.resident_id for change in self.ties}
        made = {
            "homes": len(self.homes),
            "households": sum(settling.household_id is None for settling in self.settlings),
            "people": sum(len(settling.people) for settling in self.settlings),
            "moves": sum(len(settling.moves) for settling in self.settlings),
            "changes": len(changed),
            "doors": len(self.doors),
        }
        return {outcome.value: self.outcomes.count(outcome) for outcome in Outcome} | made


@dataclass(slots=True)
class Answer:
    """What becomes of lines, kept while a plan is made."""

    plan: Plan

    def refuse(self, place: int, reason: str) -> None:
        """The line goes back."""
        self.plan.outcomes[place] = Outcome.WRONG
        self.plan.reasons[place] = reason
        self.plan.notes.pop(place, None)

    def is_open(self, place: int) -> bool:
        """Whether the line has not been refused."""
        return self.plan.outcomes[place] is not Outcome.WRONG

    def becomes(self, place: int, outcome: Outcome, *notes: str) -> None:
        """The line does that; one that brings or moves somebody does no less by changing something beside."""
        if self.plan.outcomes[place] is Outcome.SAME:
            self.plan.outcomes[place] = outcome
        if notes:
            self.plan.notes.setdefault(place, []).extend(notes)
