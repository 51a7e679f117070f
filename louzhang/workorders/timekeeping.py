"""The clocks of one order as its row keeps them, and the facts of its events that move them.

Every event that starts, stops, pauses, moves or tells of a clock says so under `clocks` in its payload, as
a list of facts. `applied` is the one place that knows what a fact does: the walker's actions use it to
write the row, `queries.clocks.clock_of` to rebuild the clocks from the events. Pure: no tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from louzhang.workorders.clocks import CLOCK_LABELS, Clock, ClockKind, Limit, Measure, Pause

Fact = dict[str, Any]


class Told(StrEnum):
    """How far people have been told about a clock."""

    NOTHING = ""
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Kept:
    """One clock with the unit by whose hours it runs (None: the district's), and what was last read of it."""

    clock: Clock
    unit_id: int | None = None
    due_at: datetime | None = None
    soon_at: datetime | None = None
    told: Told = Told.NOTHING

    @property
    def is_running(self) -> bool:
        """Whether the thing is still to be done (a paused clock is running too)."""
        return self.clock.stopped_at is None

    @property
    def paused_since(self) -> datetime | None:
        """Since when a pause holds it that has no end yet."""
        return next((pause.since for pause in self.clock.pauses if pause.until is None), None)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for the resident."""
        return any(pause.until is None and pause.is_wait for pause in self.clock.pauses)

    @property
    def alarm_at(self) -> datetime | None:
        """When somebody is to be told next: that it is due soon, then that it is due."""
        if self.told is Told.OVER or not self.is_running:
            return None
        return self.soon_at if self.told is Told.NOTHING else self.due_at


Clocks = dict[ClockKind, Kept]

# Facts after which what is due has to be read again.
MOVING = frozenset({"start", "limit", "pause", "resume", "extend", "read"})


def started(kind: ClockKind, clock: Clock, unit_id: int | None = None, *, at: datetime | None = None) -> Fact:
    """A clock starts with the event, or, with `at`, started before it."""
    fact: Fact = {"do": "start", "clock": kind.value, **limit_words(clock)}
    if unit_id is not None:
        fact["unit"] = unit_id
    return fact | ({"at": at.isoformat()} if at else {})


def limited(kind: ClockKind, clock: Clock) -> Fact:
    """Another limit holds for a clock; when it started, its pauses and extensions stay."""
    return {"do": "limit", "clock": kind.value, **limit_words(clock)}


def limit_words(clock: Clock) -> Fact:
    """The limit, the cap of its extensions and the share that is left when it becomes due soon."""
    limit = [clock.limit.amount, clock.limit.measure.value]
    return {"limit": limit, "cap": clock.cap, "warn": clock.warn_share}


def stopped(kind: ClockKind, kept: Kept, at: datetime) -> Fact:
    """The thing was done; `late` where that was after the due moment."""
    is_late = kept.due_at is not None and at > kept.due_at
    return {"do": "stop", "clock": kind.value, **({"late": True} if is_late else {})}


def dropped(kind: ClockKind) -> Fact:
    """There is no such clock any more."""
    return {"do": "drop", "clock": kind.value}


def paused(*, is_wait: bool) -> Fact:
    """Every running clock stands still; `wait` where it waits for the resident."""
    return {"do": "pause", **({"wait": True} if is_wait else {})}


RESUMED: Fact = {"do": "resume"}
READ_AGAIN: Fact = {"do": "read"}


def extended(kind: ClockKind, amount: int) -> Fact:
    """A clock may run longer by an amount of its measure."""
    return {"do": "extend", "clock": kind.value, "amount": amount}


def told_of(kind: ClockKind, how: Told) -> Fact:
    """People are told that a clock is due soon, or over."""
    return {"do": "tell", "clock": kind.value, "told": how.value}


def applied(clocks: Mapping[ClockKind, Kept], facts: Iterable[Fact], at: datetime) -> Clocks:
    """The clocks after the facts of an event that happened at a moment."""
    after = dict(clocks)
    for fact in facts:
        kinds = [ClockKind(fact["clock"])] if "clock" in fact else list(after)
        for kind in kinds:
            kept = _APPLIED[fact["do"]](after.get(kind), fact, at)
            if kept is None:
                after.pop(kind, None)
            else:
                after[kind] = kept
    return after


def _start(_kept: Kept | None, fact: Fact, at: datetime) -> Kept:
    begun = datetime.fromisoformat(fact["at"]) if "at" in fact else at
    return Kept(Clock(begun, _limit(fact), cap=fact["cap"], warn_share=fact["warn"]), fact.get("unit"))


def _limit(fact: Fact) -> Limit:
    amount, measure = fact["limit"]
    return Limit(amount, Measure(measure))


def _change_limit(kept: Kept | None, fact: Fact, _at: datetime) -> Kept | None:
    return kept and replace(
        kept, clock=replace(kept.clock, limit=_limit(fact), cap=fact["cap"], warn_share=fact["warn"])
    )


def _stop(kept: Kept | None, _fact: Fact, at: datetime) -> Kept | None:
    return kept and replace(kept, clock=replace(kept.clock, stopped_at=at))


def _pause(kept: Kept | None, fact: Fact, at: datetime) -> Kept | None:
    if kept is None or not kept.is_running or kept.paused_since is not None:
        return kept
    pauses = (*kept.clock.pauses, Pause(at, is_wait=fact.get("wait", False)))
    return replace(kept, clock=replace(kept.clock, pauses=pauses))


def _resume(kept: Kept | None, _fact: Fact, at: datetime) -> Kept | None:
    if kept is None or not kept.is_running:
        return kept
    pauses = tuple(pause if pause.until else replace(pause, until=at) for pause in kept.clock.pauses)
    return replace(kept, clock=replace(kept.clock, pauses=pauses))


def _extend(kept: Kept | None, fact: Fact, _at: datetime) -> Kept | None:
    return kept and replace(kept, clock=replace(kept.clock, extensions=(*kept.clock.extensions, fact["amount"])))


def _tell(kept: Kept | None, fact: Fact, _at: datetime) -> Kept | None:
    return kept and replace(kept, told=Told(fact["told"]))


_APPLIED: Mapping[str, Callable[[Kept | None, Fact, datetime], Kept | None]] = {
    "start": _start,
    "limit": _change_limit,
    "stop": _stop,
    "drop": lambda _kept, _fact, _at: None,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "tell": _tell,
    "read": lambda kept, _fact, _at: kept,
}


def packed(clocks: Mapping[ClockKind, Kept]) -> dict[str, Any]:
    """The clocks as the column keeps them, in the order of their kinds."""
    return {kind.value: _packed(clocks[kind]) for kind in ClockKind if kind in clocks}


def _packed(kept: Kept) -> dict[str, Any]:
    clock = kept.clock
    known = {
        "at": _said(clock.started_at),
        **limit_words(clock),
        "pauses": [[_said(pause.since), _said(pause.until), pause.is_wait] for pause in clock.pauses],
        "more": list(clock.extensions),
        "done": _said(clock.stopped_at),
        "unit": kept.unit_id,
        "due": _said(kept.due_at),
        "soon": _said(kept.soon_at),
        "told": kept.told.value,
    }
    return {name: value for name, value in known.items() if value not in (None, [], "")}


def unpacked(column: Mapping[str, Any]) -> Clocks:
    """The clocks of a column; the other end of `packed`."""
    return {ClockKind(kind): _unpacked(known) for kind, known in column.items()}


def _unpacked(known: Mapping[str, Any]) -> Kept:
    pauses = tuple(_moment_pause(*each) for each in known.get("pauses", ()))
    started_at = datetime.fromisoformat(known["at"])
    clock = Clock(
        started_at, _limit(dict(known)), pauses, tuple(known.get("more", ())), known["cap"],
        _moment(known.get("done")), known["warn"],
    )  # fmt: skip
    due, soon = _moment(known.get("due")), _moment(known.get("soon"))
    return Kept(clock, known.get("unit"), due, soon, Told(known.get("told", "")))


def _moment_pause(since: str, until: str | None, is_wait: bool) -> Pause:  # noqa: FBT001 - as the column lists them
    return Pause(datetime.fromisoformat(since), _moment(until), is_wait)


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _said(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of some moments; None where there is none."""
    return min((at for at in moments if at is not None), default=None)


def told_lines(facts: Sequence[Fact]) -> list[str]:
    """What the facts of an event told people, for its line in the history: 办结还剩不多, 签收超期 …."""
    words = {Told.SOON.value: "快到时限", Told.OVER.value: "已到时限"}
    said = [fact for fact in facts if fact["do"] == "tell" and fact["told"]]
    return [f"{CLOCK_LABELS[ClockKind(fact['clock'])]}{words[fact['told']]}" for fact in said]
