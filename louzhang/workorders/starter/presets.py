"""Presets of limits read from `clocks.toml`; examples that a district loads and then changes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("clocks.toml")


@dataclass(frozen=True, slots=True)
class PresetLimit:
    """One limit of a preset; see the head of the file for what each word means."""

    kind: str
    amount: int
    measure: str
    category: str = ""
    urgent: bool | None = None
    cap: int = 0


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of limits under the name of a place."""

    key: str
    name: str
    words: str
    limits: tuple[PresetLimit, ...]


@cache
def presets() -> tuple[Preset, ...]:
    """The presets in the order of the file."""
    with FILE.open("rb") as file:
        written = tomllib.load(file)["preset"]
    return tuple(
        Preset(**(each | {"limits": tuple(PresetLimit(**limit) for limit in each["limits"])})) for each in written
    )
