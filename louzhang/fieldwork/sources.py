"""Where the lines of a day come from: a registry that this app and those above it fill.

A source looks once for many posts. It names each thing by what it is (`workorder:12`, `home:7`), so that a list
gathered again knows its lines, and says in one sentence why it is there, without words or names of people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from louzhang.areas.models import Area

# What goes first when time is short: smaller first. Below PRESSING it also opens the round.
URGENT, LATE, PRESSING, DUE, ASKED, TELL, CALL, VISIT_LATE, VISIT, CHECK, SOME = (
    0,
    10,
    20,
    30,
    40,
    50,
    60,
    70,
    80,
    90,
    95,
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A post with a day to fill, as it stands on that day. `path` is good for this gathering only."""

    post_id: int
    user_id: int
    role: str
    area_id: int
    path: str
    rank: int
    is_volunteer: bool
    is_posted: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A line to be: see `models.DayItem`."""

    post_id: int
    kind: str
    source: str
    title: str
    why: str
    weight: int
    minutes: int = 0
    url: str = ""
    area_id: int | None = None
    dwelling_id: int | None = None
    due_at: datetime | None = None


@dataclass
class Field:
    """Everybody with a day in a stretch of the tree (`low` up to `high`), and for whom lines are wanted."""

    day: date
    at: datetime
    low: str
    high: str
    holders: Sequence[Holder]
    wanted: Collection[int]
    minutes: dict[str, int]
    _at_path: dict[str, list[Holder]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for holder in self.holders:
            self._at_path[holder.path].append(holder)

    def nearest(self, path: str, roles: Sequence[str], number: int) -> Holder | None:
        """Who does something that lies at a path: the first role there is, the nearest post, by turns among equals."""
        step = Area.steplen
        line = [path[:end] for end in range(len(path), 0, -step)]
        for role in roles:
            for above in line:
                found = [holder for holder in self._at_path.get(above, ()) if holder.role == role]
                if found:
                    return found[number % len(found)]
        return None

    def wants(self, holder: Holder | None) -> bool:
        """Whether lines of this post are asked for now."""
        return holder is not None and holder.post_id in self.wanted


Source = Callable[[Field], Iterable[Draft]]
_sources: list[tuple[int, Source]] = []


def add_source(source: Source, *, order: int) -> None:
    """Add a source; where two name the same thing for one post, the one with the smaller `order` holds."""
    if (order, source) not in _sources:
        _sources.append((order, source))
        _sources.sort(key=lambda entry: entry[0])


def gather(ground: Field) -> list[Draft]:
    """The lines of all sources for the posts wanted, each thing once a post."""
    found: dict[tuple[int, str], Draft] = {}
    for _, source in _sources:
        for draft in source(ground):
            found.setdefault((draft.post_id, draft.source), draft)
    return list(found.values())
