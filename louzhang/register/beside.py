"""What other apps show on pages of the register: small registries, since this app knows none of those above it.

A provider is added in `AppConfig.ready()`. Beside a building, dwelling or household stand the open orders of the
place, visits, care; on the picture of a building each home may carry a dot (something is due) or the one neutral
mark 关, which says that there is something to look after and not what.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.register.models import Dwelling, Household, Resident
from louzhang.shell.parts import Item


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page is about: a place, and as far as it goes a dwelling, its household, a resident of it."""

    area: Area
    dwelling: Dwelling | None = None
    household: Household | None = None
    resident: Resident | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what belongs under it."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a home carries on the picture: something is due, or it is to be looked after (关)."""

    is_due: bool = False
    is_cared: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """Homes that carry a mark: rows of any table, and the column in which the id of the home stands."""

    mark: Mark
    rows: QuerySet[Any]
    column: str


SectionProvider = Callable[[Ground, Actor, datetime], Iterable[Section]]
MarkProvider = Callable[[Collection[int], Actor, datetime], Iterable[Marked]]

LinkProvider = Callable[[Area, datetime], Iterable[Item]]
OwnProvider = Callable[[Resident, Actor, datetime], Iterable[Section]]

_own: list[OwnProvider] = []
_links: list[LinkProvider] = []
_sections: list[tuple[int, SectionProvider]] = []
_marks: list[MarkProvider] = []


def add_sections(provider: SectionProvider, *, order: int) -> None:
    """Add a provider of sections; a smaller `order` stands further up."""
    if (order, provider) not in _sections:
        _sections.append((order, provider))
        _sections.sort(key=lambda entry: entry[0])


def add_links(provider: LinkProvider) -> None:
    """Add what anybody may do from the page of a building whose code hangs at its door."""
    if provider not in _links:
        _links.append(provider)


def links_at(house: Area, at: datetime) -> list[Item]:
    """All of it."""
    return [item for provider in _links for item in provider(house, at)]


def add_own(provider: OwnProvider) -> None:
    """Add what somebody reads of themselves in 我的登记: given who they are, which was confirmed before."""
    if provider not in _own:
        _own.append(provider)


def own_sections(resident: Resident, actor: Actor, at: datetime) -> list[Section]:
    """All of it; empty sections are left out."""
    found = [section for provider in _own for section in provider(resident, actor, at)]
    return [section for section in found if section.items]


def add_marks(provider: MarkProvider) -> None:
    """Add a provider of marks, given the ids of the dwellings on a page; it only says what to ask for."""
    if provider not in _marks:
        _marks.append(provider)


def sections_beside(ground: Ground, actor: Actor, at: datetime) -> list[Section]:
    """All that stands beside this ground for this actor; empty sections are left out."""
    found = [section for _, provider in _sections for section in provider(ground, actor, at)]
    return [section for section in found if section.items]


def marks_on(dwelling_ids: Collection[int], actor: Actor, at: datetime) -> dict[int, Mark]:
    """What each home carries, from all providers together: one query however many they are."""
    found = [marked for provider in _marks for marked in provider(dwelling_ids, actor, at)]
    asked = [
        marked.rows.order_by().annotate(home=F(marked.column), place=Value(place)).values_list("home", "place")
        for place, marked in enumerate(found)
    ]
    joined: dict[int, Mark] = {}
    for home, place in asked[0].union(*asked[1:]) if asked else ():
        mark, so_far = found[place].mark, joined.get(home, Mark())
        joined[home] = Mark(so_far.is_due or mark.is_due, so_far.is_cared or mark.is_cared)
    return joined
