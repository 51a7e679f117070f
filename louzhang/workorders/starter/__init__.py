"""The categories a district starts with, read from `categories.toml`; the district changes them later."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("categories.toml")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One category a report can have; see the head of the file for what each word means."""

    code: str
    name: str
    letters: str
    hours: int
    keywords: str = ""
    handling: str = "plain"
    urgent: bool = False
    photo_reason: str = ""
    keep_days: int = 1095
    public: bool = False
    metres: int = 50
    bursts: bool = False
    questions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of leaves as the pages list them."""

    code: str
    name: str
    leaves: tuple[Leaf, ...]


def starter_groups() -> list[Group]:
    """Read the groups in the order of the file."""
    with FILE.open("rb") as file:
        groups = tomllib.load(file)["group"]
    return [_group(written) for written in groups]


def _group(written: Mapping[str, Any]) -> Group:
    shared = {name: written[name] for name in ("handling", "keep_days") if name in written}
    leaves = tuple(Leaf(**(shared | leaf)) for leaf in written["leaves"])
    return Group(code=written["code"], name=written["name"], leaves=leaves)
