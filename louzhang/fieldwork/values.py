"""Named values for sheets from above: what the register, the field, the orders and the surveys can say of a place.

An app above this one adds its own source in `AppConfig.ready()`. A value is read for many places at once and says
None where it does not know: that cell stays a gap, and nobody types a guess into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.register.imports.columns import plain_heading

Cell = int | float | str | None
FILLING = re.compile(
    r"(总|共|合计|小计|本期|本月|本季度|本年|其中|社区|辖区|现有|常住|人口|人员|老年人|人|数|户|件|量|[0-9])*"
)
# A number that is there and not told: too small, or it would give one away.
HIDDEN = "＊"


@dataclass(frozen=True, slots=True)
class Value:
    """`words` are how headings call it. One with `span` is counted over the days; the others stand as they are now."""

    code: str
    label: str
    group: str
    words: tuple[str, ...] = ()
    span: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be known: of which places, over which days (`until` is the last), for whom."""

    places: Sequence[Area]
    since: date
    until: date
    actor: Actor
    at: datetime


Told = Mapping[tuple[str, str], Cell]  # by code and path of the place


@dataclass(frozen=True, slots=True)
class Source:
    """Where values come from: which there are for an actor, and what they are.

    Of one that `hides_small`, small counts are not told outside the community, nor what gives one away.
    """

    prefix: str
    values: Callable[[Actor, datetime], Sequence[Value]]
    read: Callable[[Collection[str], Ask], Told]
    hides_small: bool = False


_sources: dict[str, Source] = {}


def add_source(source: Source) -> None:
    """Make a source known; the codes of its values begin with its prefix."""
    _sources[source.prefix] = source


def values_for(actor: Actor, at: datetime) -> list[Value]:
    """Every value the actor may ask for, source by source."""
    return [value for source in _sources.values() for value in source.values(actor, at)]


def hides_small(code: str) -> bool:
    """Whether small counts of a value are hidden outside the community."""
    source = _sources.get(code.partition(".")[0])
    return source is not None and source.hides_small


def read_values(codes: Collection[str], ask: Ask) -> dict[tuple[str, str], Cell]:
    """Values of places; what no source knows is not there."""
    told: dict[tuple[str, str], Cell] = {}
    for prefix, source in _sources.items():
        own = [code for code in codes if code.partition(".")[0] == prefix]
        if own:
            told.update(source.read(own, ask))
    return told


def value_called(heading: str, values: Sequence[Value]) -> str:
    """The code of the value a heading names, the longest word decides; empty for none, or for two alike.

    What stands beside the word may only be filling: 残疾人数 is not 人数.
    """
    best, found = 0, set()
    for text in {plain_heading(heading), plain_heading(heading.rsplit(maxsplit=1)[-1] if heading.split() else "")}:
        for value in values:
            length = max((_matched(text, plain_heading(word)) for word in (*value.words, value.label)), default=0)
            if length > best:
                best, found = length, {value.code}
            elif length == best and length:
                found.add(value.code)
    return found.pop() if len(found) == 1 else ""


def _matched(text: str, word: str) -> int:
    """How long a word is that says what a text says; nought where more is said."""
    before, there, after = text.partition(word)
    return len(word) if word and there and FILLING.fullmatch(before + after) else 0
