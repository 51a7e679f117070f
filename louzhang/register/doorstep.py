"""Kinds of entries a phone writes down while there is no signal: a small registry, so that later apps add theirs.

An entry says of one row what somebody saw or was told there. It is read by the form of its kind, carried out by the
kind's action, and compared with what others said of the same columns since the phone last read the row. Register a
kind in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from louzhang.journal.actor import Actor

ENTRIES_AT_MOST = 200
PHOTOS = "photos"
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it came: `base` is the version of the row the phone knew, `seen_at` when it had read it."""

    uid: UUID
    kind: str
    row: UUID
    fields: Mapping[str, str]
    happened_at: datetime
    base: int | None = None
    seen_at: datetime | None = None


def photos_of(fields: Mapping[str, str]) -> list[UUID]:
    """The photos of an entry, sent before it: ids under `photos`, commas between. Raises `ValueError`."""
    return [UUID(uid) for part in fields.get(PHOTOS, "").split(",") if (uid := part.strip())]


def says_nothing(_said: Said) -> frozenset[str]:
    """Of a kind that adds something and overwrites nothing."""
    return frozenset()


def never(_row: Any) -> bool:
    """Of a kind that always has something to do."""
    return False


def place_of(row: Any) -> Any:
    """The area a row lies in: its own, or that of its household or dwelling; None for a row without a place."""
    if getattr(row, "area_id", None) is not None:
        return row.area
    behind = getattr(row, "dwelling", None) or getattr(row, "household", None)
    return place_of(behind) if behind is not None else None


def met_nobody(_row: Any, _entry: Entry, _columns: Collection[str], _actor: Actor) -> str:
    """Of a kind that cannot meet another change but by the refusal of its action."""
    return ""


DONE, CONFLICT, REFUSED = "done", "conflict", "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one entry: done, conflict (both versions are kept) or refused with a sentence."""

    uid: UUID
    result: str
    message: str = ""
    field: str = ""
    address: str = ""


ManyAtOnce = Callable[[Sequence[Entry], Actor, datetime], Sequence[Result]]


@dataclass(frozen=True, slots=True)
class EntryKind:
    """How entries of one kind are read and carried out.

    `find` gives the row in scope, or None for one that the entry makes. `read` is its form and raises `InputRefused`.
    `perform` takes what was read and gives the row it was about. `columns` names what it overwrites, `met` says in a
    sentence what another has changed of it meanwhile. `is_done` tells that the row already is as wanted. `spoken` and
    `stands` are both versions for the page that settles: pairs of label and value.

    A kind of which very many come at once has `perform_many`: it takes all of a batch in one transaction, knows by
    itself what was sent before, and gives a result for each in their order.
    """

    name: str
    label: str
    find: Callable[[Actor, UUID, Mapping[str, str]], Any]
    read: Callable[[Mapping[str, str]], Said]
    perform: Callable[[Entry, Any, Said, Actor, datetime], Any]
    address: Callable[[Any], str]
    about: Callable[[Any], str] = str
    columns: Callable[[Said], Collection[str]] = says_nothing
    met: Callable[[Any, Entry, Collection[str], Actor], str] = met_nobody
    is_done: Callable[[Any], bool] = never
    spoken: Callable[[Mapping[str, str]], Sequence[tuple[str, str]]] = field(default=lambda fields: ())
    stands: Callable[[Any, Mapping[str, str]], Sequence[tuple[str, str]]] = field(default=lambda row, fields: ())
    perform_many: ManyAtOnce | None = None


_kinds: dict[str, EntryKind] = {}


def add_kinds(*kinds: EntryKind) -> None:
    """Make kinds known to sync, pages and programs."""
    _kinds.update({kind.name: kind for kind in kinds})


def kind_of(name: str) -> EntryKind | None:
    """The kind of this name."""
    return _kinds.get(name)


def kind_names() -> list[str]:
    """All names, for the description of the route."""
    return sorted(_kinds)
