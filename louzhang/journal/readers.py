"""Who reads the journal: notices, figures and the like learn what happened from its events alone.

An app registers its reader in `AppConfig.ready()`. The worker hands it every new event of the kinds
it asked for, in the order of each chain, exactly once: what the reader writes and the mark that it
has read are one transaction (docs/decisions/0014). A reader therefore writes rows and nothing else;
what leaves the house is sent afterwards, from those rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from louzhang.journal.models import Event, Unread


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: a short name, the kinds of subject it reads about, and what it does with a batch."""

    name: str
    kinds: frozenset[str]
    read: Callable[[Sequence[Event]], None]


_readers: dict[str, Reader] = {}


def register(name: str, *kinds: str, read: Callable[[Sequence[Event]], None]) -> None:
    """Have the events of these kinds of subject read; a name belongs to one reader."""
    _readers[name] = Reader(name, frozenset(kinds), read)


def readers() -> list[Reader]:
    """Every reader, in the order they were registered."""
    return list(_readers.values())


def reader_named(name: str) -> Reader | None:
    """The reader of a name; None where it is gone."""
    return _readers.get(name)


def is_read(kind: str) -> bool:
    """Whether anybody reads about this kind of subject."""
    return any(kind in reader.kinds for reader in _readers.values())


def unread(event: Event) -> Unread | None:
    """The row that goes beside a new event; None where nobody reads about its kind."""
    if not is_read(event.subject_kind):
        return None
    return Unread(subject_kind=event.subject_kind, subject_id=event.subject_id, seq=event.seq)
