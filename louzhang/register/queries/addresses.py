"""An address as people type it, read as places of the tree and a door: "阳光小区12号楼2单元301", "12-2-301"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from louzhang.areas.models import AreaQuerySet, LevelKind

_DASHED = re.compile(r"(\d+)[-#/](?:(\d+)[-#/])?(\d+)")
_PARTS = re.compile(r"\d+(?:号楼|号院|单元|栋|幢|座|楼|室|户|号|层)?|[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_BUILDING = ("号楼", "栋", "幢", "座", "楼")
_DOOR = ("室", "户")
HOUSES = (LevelKind.BUILDING, LevelKind.GROUP)
MOST_PARTS = 4
MOST_AREAS = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address: words, or a number of a building or stairwell."""

    text: str
    number: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def term(self) -> Q:
        """Areas that may be meant; `is_meant` looks closer."""
        if self.number:
            return Q(name__contains=self.number, level__kind__in=self.kinds)
        return Q(name__contains=self.text) | Q(estate__name__contains=self.text)

    def is_meant(self, name: str, kind: str, estate: str) -> bool:
        """Whether this area is what the part says: 2单元 is not 12单元."""
        if self.number:
            return kind in self.kinds and self.number in _NUMBER.findall(name)
        return self.text in name or self.text in estate


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says: parts of which every one is meant, and a door."""

    parts: tuple[Part, ...]
    door: str = ""


def read_address(typed: str) -> Address:
    """Read an address; a bare number at the end is a door."""
    words = unicodedata.normalize("NFKC", typed).strip()
    dashed = _DASHED.search(words)
    rest = words[: dashed.start()] if dashed else words
    parts, door = _parts(_PARTS.findall(rest))
    if dashed:
        building, stairwell, door = dashed.groups()
        parts.append(Part(building, building, HOUSES))
        parts += [Part(stairwell, stairwell, (LevelKind.STAIRWELL,))] if stairwell else []
    return Address(tuple(parts[:MOST_PARTS]), door)


def _parts(found: Sequence[str]) -> tuple[list[Part], str]:
    parts, door = [], ""
    for place, text in enumerate(found):
        number = _NUMBER.match(text)
        unit = text[number.end() :] if number else ""
        if number is None:
            parts.append(Part(text))
        elif unit == "单元":
            parts.append(Part(text, number[0], (LevelKind.STAIRWELL,)))
        elif unit in _BUILDING:
            parts.append(Part(text, number[0], HOUSES))
        elif unit in _DOOR or (not unit and place == len(found) - 1):
            door = number[0]
        else:
            parts.append(Part(text))
    return parts, door


def places_meant(rows: AreaQuerySet, parts: Sequence[Part]) -> list[str]:
    """The highest places an address means, from its first part down; paths, one query a part.

    People write from large to small, so each part is looked for below what the one before it meant, or there itself.
    At most `MOST_AREAS` are followed.
    """
    paths: list[str] = []
    for place, part in enumerate(parts):
        near = rows.under_paths(paths) if place else rows
        found = near.current().filter(part.term).order_by("path")
        named = found.values_list("path", "name", "level__kind", "estate__name")
        paths = _highest(path for path, name, kind, estate in named if part.is_meant(name, kind, estate or ""))
        paths = paths[:MOST_AREAS]
        if not paths:
            return []
    return paths


def _highest(paths: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
