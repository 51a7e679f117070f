"""The values pages hand to components: plain frozen rows, no behaviour, no domain words.

Every component also takes a dict with the same keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Item:
    """A place to go: a tab, an entry of the navigation, a filter, a segment.

    In a long navigation of the desk, neighbours with the same ``group`` fold under its name.
    """

    label: str
    url: str
    icon: str = ""
    count: int | str | None = None
    current: bool = False
    tone: str = ""
    note: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Neighbours of a navigation under one name, with what waits in them; no name, no fold."""

    label: str
    items: Sequence[Item]
    is_here: bool = False
    is_open: bool = True

    @property
    def count(self) -> int:
        """What waits behind the fold."""
        return sum(item.count for item in self.items if isinstance(item.count, int))

    @property
    def tone(self) -> str:
        """The most pressing colour among what waits."""
        return next((item.tone for item in self.items if item.tone and item.count), "")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a progress line; ``state`` is done, current, todo or stopped."""

    label: str
    state: str
    unit: str = ""
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A mark with colour and word; ``kind`` is one of the kinds in docs/components.md."""

    kind: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A picture with its thumbnail; ``state`` waiting shows a placeholder until it is ready."""

    url: str
    thumbnail: str = ""
    words: str = ""
    state: str = "ready"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a timeline: when, who, what happened, in whose words, with which photos."""

    what: str
    at: datetime | None = None
    who: str = ""
    words: str = ""
    photos: Sequence[Photo] = ()
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """Something that may be done now.

    ``url`` works without JavaScript; ``opens`` names a dialog on the page that is shown instead.
    ``method`` is get or post; ``kind`` is main, plain or danger; ``key`` is the desk's letter.
    """

    label: str
    url: str
    method: str = "get"
    kind: str = "plain"
    icon: str = ""
    opens: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a list of facts; ``url`` makes the value a link."""

    label: str
    value: str
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Search:
    """The search box of the desk's bar. The words are posted, since they may name somebody."""

    url: str
    label: str
    hint: str = ""
    at_most: int = 60


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """What must not wait: how many, the list of them, and where the bar asks for it again."""

    count: int
    url: str
    live_url: str
