"""The clocks of parts (协办): each starts when its unit is asked, runs by the hours of that unit, follows its order.

The limits are those of the order's category and urgency (签收, 办结 as 回复), unless somebody agreed to a
moment. Time stands still for a part while it does for its order. One place, whatever the verb: each step of
a part passes `keep_part_time`, each step of an order `keep_parts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from louzhang.journal.actor import SYSTEM, Actor
from louzhang.journal.walker import Move, Step, walk_together
from louzhang.workorders.actions.keeping_time import Before, LateGround, relimits
from louzhang.workorders.clocks import ClockKind, agreed
from louzhang.workorders.lifecycle import OPEN_PARTS, PART_LOOP, PartState
from louzhang.workorders.models import Part, WorkOrder
from louzhang.workorders.queries.clocks import Ground, columns_of, is_timed, read_anew, with_lengths
from louzhang.workorders.timekeeping import (
    MOVING,
    READ_AGAIN,
    Clocks,
    Fact,
    applied,
    dropped,
    paused,
    started,
    stopped,
)

# What a part has to be done in time: signing for it, replying.
OF_PART = (ClockKind.TAKE, ClockKind.SETTLE)


def part_starts(part: Part, order: WorkOrder, ground: Ground, at: datetime) -> list[Fact]:
    """The facts that start the clocks of a part; it stands still at once where its order does."""
    facts = list(_starts(part, order, OF_PART, ground, at, since=at))
    return [*facts, paused(is_wait=order.is_waiting)] if order.paused_at is not None else facts


def _starts(
    part: Part, order: WorkOrder, kinds: Iterable[ClockKind], ground: Ground, at: datetime, *, since: datetime
) -> Iterator[Fact]:
    for kind in kinds:
        is_agreed = kind is ClockKind.SETTLE and part.is_agreed
        clock = agreed(since, part.due_at) if is_agreed else ground.clock_for(order, kind, since)
        if clock is not None:
            yield started(kind, clock, part.unit_id, at=clock.started_at if clock.started_at != at else None)


def part_columns(clocks: Clocks, *, counts: bool) -> dict[str, Any]:
    """The columns of a part that follow from its clocks; time may count for it only while it is open."""
    columns = columns_of(clocks, counts=counts)
    kept = {name: columns[name] for name in ("clocks", "alarm_at", "paused_at")}
    settle = clocks.get(ClockKind.SETTLE)
    by = {"due_at": settle.due_at} if settle is not None and settle.due_at is not None else {}
    return kept | by | {"late_at": columns["due_at"]}


def start_part(part: Part, order: WorkOrder, ground: Ground, at: datetime) -> list[Fact]:
    """Start the clocks of a part that is being made; gives the facts for its event."""
    facts = part_starts(part, order, ground, at)
    clocks = read_anew(applied({}, facts, at), ground.calendar, at)
    for column, value in part_columns(clocks, counts=counts_for(order, order.status)).items():
        setattr(part, column, value)
    return facts


def counts_for(order: WorkOrder, status: str) -> bool:
    """Whether the time of an order's parts counts in a state of it."""
    return is_timed(status, is_shelved=order.shelved_until is not None)


@contextmanager
def walk_parts(
    step: Step[WorkOrder], moves: Sequence[Move], *, actor: Actor | None = None
) -> Iterator[list[Step[Part]]]:
    """Open steps of parts of an order inside a step of it; their clocks follow."""
    rows = Part.objects.filter(order_id=step.subject.pk).select_related("unit")
    with walk_together(PART_LOOP, rows, moves, actor=actor or step.actor, at=step.at) as parts:
        yield parts
        ground = LateGround(step.subject)
        for part in parts:
            keep_part_time(part, step, ground)


@contextmanager
def walk_part(step: Step[WorkOrder], move: Move, *, actor: Actor | None = None) -> Iterator[Step[Part]]:
    """The same for one part."""
    with walk_parts(step, [move], actor=actor) as (part,):
        yield part


def keep_part_time(step: Step[Part], whole: Step[WorkOrder], ground: LateGround) -> None:
    """Have the clocks of a part follow its step, before the walker writes it."""
    part, order, at = step.subject, whole.subject, step.at
    facts = [*_follow(step), *step.payload.pop("clocks", ())]
    clocks = applied(part.kept, facts, at)
    counts = counts_for(order, whole.target) and step.target in OPEN_PARTS
    if counts and any(fact["do"] in MOVING for fact in facts):
        clocks = read_anew(clocks, ground().calendar, at)
    if any(fact["do"] == "stop" for fact in facts):
        facts = with_lengths(facts, part.kept, ground().calendar, at)
    if facts:
        step.note(clocks=facts)
    was = part.due_at
    step.set(**part_columns(clocks, counts=counts))
    if part.due_at != was:
        step.note(moved={"before": was.isoformat(), "after": part.due_at.isoformat()})


def _follow(step: Step[Part]) -> Iterator[Fact]:
    """What a part's own step does to its clocks."""
    running = {kind: kept for kind, kept in step.subject.kept.items() if kept.is_running}
    if step.target == PartState.RELEASED:
        yield from (dropped(kind) for kind in running)
    elif step.target == PartState.REPLIED:
        yield from (stopped(kind, kept, step.at) for kind, kept in running.items())
    elif step.target == PartState.TAKEN and ClockKind.TAKE in running:
        yield stopped(ClockKind.TAKE, running[ClockKind.TAKE], step.at)


OF_ORDER = frozenset({"pause", "resume"})


def keep_parts(step: Step[WorkOrder], was: Before) -> None:
    """Have the open parts follow what a step of their order did to time; no query where it did nothing."""
    order = step.subject
    if not order.open_part_count:
        return
    shared = [fact for fact in step.payload.get("clocks", ()) if fact["do"] in OF_ORDER]
    is_other = (order.category_id, order.is_urgent) != (was.category_id, was.is_urgent)
    counts = counts_for(order, step.target)
    is_back = counts and not is_timed(was.status, is_shelved=was.is_shelved)
    has_gone = not counts and is_timed(was.status, is_shelved=was.is_shelved)
    if not (shared or is_other or is_back or has_gone):
        return
    rows = Part.objects.filter(order_id=order.pk, status__in=sorted(OPEN_PARTS))
    open_now = rows.order_by("pk").values_list("pk", flat=True)
    ground = LateGround(step.subject)
    with walk_parts(step, [Move(part_id, "follow") for part_id in open_now], actor=SYSTEM) as parts:
        for part in parts:
            more = relimits(order, _bound(part.subject), ground(), step.at) if is_other else ()
            part.note(clocks=[*shared, *more, *([READ_AGAIN] if is_back else [])])
    _note_moved(step, parts)


def _note_moved(step: Step[WorkOrder], parts: Sequence[Step[Part]]) -> None:
    moved = [{"unit": part.subject.unit.name, **part.payload["moved"]} for part in parts if "moved" in part.payload]
    if moved:
        step.note(parts_moved=moved)


def _bound(part: Part) -> Clocks:
    """The running clocks that follow the limits; what was agreed to stays."""
    return {
        kind: kept
        for kind, kept in part.kept.items()
        if kept.is_running and not (kind is ClockKind.SETTLE and part.is_agreed)
    }


def part_limits_now(part: Part, order: WorkOrder, ground: Ground, at: datetime) -> list[Fact]:
    """The facts that bring a part's running clocks to the limits as they stand; a part of before gets its clock.

    A plain promise stays what it was, as it does for the order.
    """
    bound = _bound(part)
    if ClockKind.SETTLE in bound and ground.is_plain_promise(order, bound[ClockKind.SETTLE].clock):
        del bound[ClockKind.SETTLE]
    facts = list(relimits(order, bound, ground, at))
    if ClockKind.SETTLE in part.kept:
        return facts
    facts += _starts(part, order, [ClockKind.SETTLE], ground, at, since=part.asked_at)
    return [*facts, paused(is_wait=order.is_waiting)] if order.paused_at is not None else facts
