"""How far a building is, as a picture: floors down the side, stairwells across, a cell for each home.

Who would rather not answer is done, and looks like everybody who is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from louzhang.surveys.models import TargetState
from louzhang.surveys.queries.doors import Door, Stairs

FITS_ACROSS = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One home."""

    door: Door

    @property
    def look(self) -> str:
        """done, absent or waiting."""
        if self.door.is_done:
            return "done"
        return "absent" if self.door.target.state == TargetState.ABSENT else "waiting"

    @property
    def letter(self) -> str:
        """The sign of it."""
        return {"done": "已问", "absent": "未遇", "waiting": "·"}[self.look]

    @property
    def words(self) -> str:
        """The same for a screen reader."""
        return {"done": "已问", "absent": "没遇到人", "waiting": "还没问"}[self.look]


@dataclass(frozen=True, slots=True)
class Floor:
    """One storey: for each stairwell its cells, None where there is no home."""

    label: str
    stairs: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole building."""

    stairs: tuple[tuple[Stairs, int], ...]
    floors: tuple[Floor, ...]
    total: int
    left: int

    @property
    def done(self) -> int:
        """How many are done."""
        return self.total - self.left

    @property
    def is_wide(self) -> bool:
        """Whether a phone shows only a part of it at a time."""
        return sum(width for _, width in self.stairs) > FITS_ACROSS


def picture_of(stairs: Sequence[Stairs]) -> Picture:
    """The picture of the stairwells of one building."""
    levels = sorted(
        {door.target.dwelling.floor for each in stairs for door in each.doors},
        key=lambda floor: (floor is not None, floor or 0), reverse=True,
    )  # fmt: skip
    widths = [
        max(sum(door.target.dwelling.floor == level for door in each.doors) for level in levels) for each in stairs
    ]
    floors = tuple(
        Floor("" if level is None else f"{level}层", tuple(map(lambda s, w: _cells(s, level, w), stairs, widths)))
        for level in levels
    )
    return Picture(
        tuple(zip(stairs, widths, strict=True)), floors, sum(len(each.doors) for each in stairs),
        sum(each.left for each in stairs),
    )  # fmt: skip


def _cells(stairs: Stairs, level: int | None, width: int) -> tuple[Cell | None, ...]:
    here: list[Cell | None] = [Cell(door) for door in stairs.doors if door.target.dwelling.floor == level]
    return tuple(here + [None] * (width - len(here)))
