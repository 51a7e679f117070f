"""Finding people of the register by name, initials, address, or exactly by ID number or phone.

Everything starts at what the actor keeps. A search by number is an act of its own (`actions.looking`): it is
logged and counted before anything is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from louzhang.areas.models import Area, AreaQuerySet
from louzhang.areas.queries.spoken import spoken_places
from louzhang.journal.actor import Actor
from louzhang.kit import bigrams
from louzhang.register.models import Dwelling, DwellingQuerySet, Resident, ResidentQuerySet, Stay
from louzhang.register.queries.addresses import HOUSES, MOST_AREAS, Address, places_meant, read_address
from louzhang.register.scope import keeping_seats, kept_places

MOST = 50
MOST_PLACES = 12
_INITIALS = re.compile(r"[a-z]{2,10}")
_SHORTEST_NAME = 2
# What a line of the page needs.
SHOWN = ("uid", "name", "birth_year", "phone_sealed", "died_on", "area__path")


@dataclass(frozen=True, slots=True)
class Known:
    """One person found, with where they live now."""

    resident: Resident
    where: str
    household_uid: UUID | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: people, doors and buildings; `has_more` people than are shown."""

    people: tuple[Known, ...] = ()
    homes: tuple[tuple[Dwelling, str], ...] = ()
    houses: tuple[tuple[Area, str], ...] = ()
    has_more: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.people or self.homes or self.houses)


def search_register(actor: Actor, typed: str) -> Found:
    """People by any two characters of the name or its initials, and whoever lives at an address; seven queries.

    Words with a blank between are all meant: "12号楼 王芳" is a 王芳 of building 12.
    """
    words = unicodedata.normalize("NFKC", typed).casefold().strip()
    rows = Resident.objects.kept_by(actor).current()
    if _INITIALS.fullmatch(words):
        return _found(_of_initials(actor, rows, words))
    address = read_address(words)
    paths = places_meant(_speakable(actor), address.parts)
    if paths or (address.door and not address.parts):
        return _at(actor, rows, address, paths)
    return _by_name(actor, rows, words)


def _of_initials(actor: Actor, rows: ResidentQuerySet, initials: str) -> ResidentQuerySet:
    """Two letters are the beginning of thousands of names of a district: which of them live here is read from the index
    alone (`resident_initials_place`), and only those rows are opened.
    """
    here = Resident.objects.current().filter(kept_places(actor), initials__startswith=initials)
    return rows.filter(pk__in=here.values("pk"))


def search_by_index(actor: Actor, *, id_index: str = "", phone_index: str = "") -> ResidentQuerySet:
    """The people of exactly this ID number or phone, where the actor keeps the register."""
    rows = Resident.objects.kept_by(actor).current()
    if id_index:
        return rows.filter(id_index=id_index)
    return rows.filter(phone_index=phone_index) if phone_index else rows.none()


def show_people(rows: ResidentQuerySet) -> Found:
    """Rows as a page shows them, by name."""
    return _found(rows)


def _kept_areas(actor: Actor) -> AreaQuerySet:
    areas = Area.objects.get_queryset()
    return areas if actor.is_system else areas.under_paths([seat.path for seat in keeping_seats(actor)])


def _speakable(actor: Actor) -> AreaQuerySet:
    """The kept areas and those above them, by whose names an address goes on."""
    if actor.is_system:
        return _kept_areas(actor)
    paths = [seat.path for seat in keeping_seats(actor)]
    above = [path[:end] for path in paths for end in range(Area.steplen, len(path), Area.steplen)]
    rows: AreaQuerySet = _kept_areas(actor) | Area.objects.filter(path__in=above)
    return rows


def _by_name(actor: Actor, rows: ResidentQuerySet, words: str) -> Found:
    """A name alone, or a name beside an address."""
    pieces = words.split()
    named = [piece for piece in pieces if bigrams.query_terms(piece) and not any(sign.isdigit() for sign in piece)]
    address = read_address(" ".join(piece for piece in pieces if piece not in named))
    paths = places_meant(_speakable(actor), address.parts)
    if len(pieces) > 1 and not paths and not address.parts:
        named, paths = _name_beside_place(actor, named)
    if not named or (address.parts and not paths):
        return Found()
    rows = rows.saying_all(sorted({term for piece in named for term in bigrams.query_terms(piece)}))
    return _found(_living_at(rows, address, paths))


def _name_beside_place(actor: Actor, pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of several words without a number those that are places, and the rest, which is the name."""
    for piece in pieces:
        paths = places_meant(_speakable(actor), read_address(piece).parts)
        if paths:
            return [other for other in pieces if other != piece], paths
    return list(pieces), []


def _at(actor: Actor, rows: ResidentQuerySet, address: Address, paths: Sequence[str]) -> Found:
    """Whoever lives at an address; the doors or buildings themselves; and people whose name it is as well."""
    people = _found(_living_at(rows, address, paths), is_cut=len(paths) == MOST_AREAS)
    named = [part.text for part in address.parts if len(part.text) >= _SHORTEST_NAME and not part.number]
    if len(address.parts) == len(named) == 1 and not address.door:
        both = _found(rows.saying_all(bigrams.query_terms(named[0])))
        people = both if both.people else people
    doors = Dwelling.objects.kept_by(actor).current()
    areas = _kept_areas(actor).under_paths(paths).current()
    if address.door:
        here = doors.filter(door=address.door)
        found = list(
            _within(here, areas, paths)
            .select_related("area")
            .only("uid", "door", "area__path")
            .order_by("area__path", "pk")[:MOST_PLACES]
        )
        places = spoken_places([door.area for door in found])
        homes = tuple((door, f"{places[door.area_id]} {door.door}") for door in found)
        return Found(people.people, homes, (), people.has_more)
    houses = list(areas.of_kind(*HOUSES).select_related("level").defer("outline").order_by("path")[:MOST_PLACES])
    named_houses = spoken_places(houses)
    return Found(people.people, (), tuple((house, named_houses[house.pk]) for house in houses), people.has_more)


def _within(rows: DwellingQuerySet, areas: AreaQuerySet, paths: Sequence[str]) -> DwellingQuerySet:
    return rows.filter(area__in=areas.order_by().values("pk")) if paths else rows


def _living_at(rows: ResidentQuerySet, address: Address, paths: Sequence[str]) -> ResidentQuerySet:
    if paths:
        areas = Area.objects.get_queryset().under_paths(paths).order_by().values("pk")
        rows = rows.filter(area__in=areas)
    if address.door:
        behind = Stay.objects.filter(ends_on=None, household__dwelling__door=address.door)
        rows = rows.filter(pk__in=behind.values("resident_id"))
    return rows


def _found(rows: ResidentQuerySet, *, is_cut: bool = False) -> Found:
    """The first rows by name with where they live; three queries, which read only what a page shows."""
    named = rows.select_related("area").only(*SHOWN)
    people = list(named.order_by("name_key", "pk")[: MOST + 1])
    shown = people[:MOST]
    stays = Stay.objects.filter(resident__in=[row.pk for row in shown], ends_on=None)
    homes = {
        resident_id: (door, uid)
        for resident_id, door, uid in stays.values_list("resident_id", "household__dwelling__door", "household__uid")
    }
    places = spoken_places({row.area_id: row.area for row in shown}.values())
    known = tuple(_known(row, homes.get(row.pk), places[row.area_id]) for row in shown)
    return Found(known, has_more=is_cut or len(people) > MOST)


def _known(row: Resident, home: tuple[str, UUID] | None, place: str) -> Known:
    if home is None:
        return Known(row, f"{place}（现在不住这里）", None)
    door, household = home
    return Known(row, f"{place} {door}", household)
