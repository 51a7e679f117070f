"""Actors who are alike share their statements: ids are taken out of one, and put back into what is bound.

Which conditions a scope writes follows from an actor's roles and levels, never from the ids. So a
statement is compiled for a stand-in whose ids are marks, and each run has the ids of whoever asks
in their place (`kit.compiled`). The desks of fifty communities have one statement between them,
which the server has prepared, instead of fifty that it plans anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from louzhang.journal.actor import Actor, Seat
from louzhang.kit.compiled import StandIn

FIRST_ID = -(2**62)  # no row has a negative id
FIRST_LETTER = 0xE000  # the private letters of Unicode, which no path and no device carries
LETTERS = range(FIRST_LETTER, 0xF900)


class Likeness(StandIn):
    """An actor's stand-in: `shape` is the same for all who are alike.

    A text is marked by one letter repeated to its length, so that a condition may cut it short or
    lengthen it; equal ids of one kind have one mark.
    """

    shape: Actor

    def __init__(self, actor: Actor) -> None:
        self._ids: list[tuple[str, int]] = []
        self._texts: list[str] = []
        self.shape = replace(
            actor,
            user_id=self._id("user", actor.user_id),
            seats=tuple(self._seat(seat) for seat in actor.seats),
            unit_ids=frozenset(self._id("unit", unit_id) for unit_id in sorted(actor.unit_ids)),
            device=self._text(actor.device),
            token_id=None,
            opened_report_ids=frozenset(self._id("report", pk) for pk in sorted(actor.opened_report_ids)),
        )

    def put_back(self, value: Any) -> Any:
        """The value with the actor's own ids and texts where marks stood."""
        if isinstance(value, int):  # psycopg has integers of its own
            return self._ids[value - FIRST_ID][1] if value < 0 and value - FIRST_ID < len(self._ids) else value
        if isinstance(value, str):
            return self._text_of(value) if value and ord(value[0]) in LETTERS else value
        return [self.put_back(each) for each in value] if isinstance(value, list) else value

    def _seat(self, seat: Seat) -> Seat:
        return replace(
            seat,
            post_id=0,
            area_id=self._id("area", seat.area_id),
            unit_id=self._id("unit", seat.unit_id),
            path=self._text(seat.path),
            is_stand_in=False,
        )

    def _id(self, kind: str, value: int | None) -> Any:
        if value is None:
            return None
        if (kind, value) not in self._ids:
            self._ids.append((kind, value))
        return FIRST_ID + self._ids.index((kind, value))

    def _text(self, value: str) -> str:
        self._texts.append(value)
        return chr(FIRST_LETTER + len(self._texts) - 1) * len(value)

    def _text_of(self, marked: str) -> str:
        marks = len(marked) - len(marked.lstrip(marked[0]))
        return self._texts[ord(marked[0]) - FIRST_LETTER][:marks] + marked[marks:]
