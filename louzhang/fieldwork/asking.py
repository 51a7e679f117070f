"""Who asks from above, and what: a registry of kinds of campaigns that this app and those above it fill.

A kind knows where its campaigns live. It says how many homes of a street one asks, is told when the streets have
decided, and counts what was entered for it, for the burden report: by campaign and place, never by person but for
that person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor

if TYPE_CHECKING:
    from louzhang.fieldwork.models import Admission

PREFILLED, DROPPED, KEPT = "prefilled", "dropped", "kept"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked; `known` names the entry of the register that answers it already."""

    key: str
    text: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A campaign as it goes to the streets of its grounds. An emergency one names its decision and begins at once.

    `subject` is its chain, whose notices are counted with it.
    """

    kind: str
    source_uid: UUID
    title: str
    purpose: str
    asker_id: int
    author_id: int
    grounds: Sequence[Area]
    starts_on: date
    ends_on: date
    pace_seconds: int
    is_pace_measured: bool = False
    role: str = ""
    questions: Sequence[Question] = ()
    decision: str = ""
    subject: tuple[str, int | None] = ("", None)

    @property
    def is_emergency(self) -> bool:
        """Whether a decision lets it begin before the street has looked at it."""
        return bool(self.decision)


Places = Sequence[str]  # paths of the tree
Counted = Mapping[UUID, int]
Days = tuple[date, date]  # the first and the last of a campaign


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of campaign.

    `loads` gives homes by the id of their place, below these paths; `decided` is called in the transaction of every
    decision, with all admissions of the campaign. `entries` counts what was entered below a path from a day up to
    another, `own` what one person entered, `named` gives titles with the seconds one entry takes; `url` is where who
    may read a campaign opens it. One that `ends_at_source` is taken back and ended where it lives.
    """

    code: str
    label: str
    loads: Callable[[UUID, Places, date], Mapping[int, int]]
    decided: Callable[[Sequence[Admission], datetime], None]
    entries: Callable[[Mapping[UUID, Days], str, date, date], Counted]
    own: Callable[[int, date, date], Counted]
    named: Callable[[Collection[UUID]], Mapping[UUID, tuple[str, int]]]
    url: Callable[[UUID, Actor], str]
    ends_at_source: bool = False


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    """Make a sort of campaign known; called in `AppConfig.ready()`."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """A sort of campaign; raises KeyError for one that nobody added."""
    return _kinds[code]


def kinds() -> list[Kind]:
    """All sorts."""
    return list(_kinds.values())
