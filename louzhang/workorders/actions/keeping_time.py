"""What every step of an order does to its clocks: one place, whatever the verb.

The walker's step says what has changed; what follows for the clocks goes into its event as facts
(`timekeeping`) and into the columns of the row. A verb that is about time only adds facts of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from louzhang.journal.walker import Step
from louzhang.workorders.clocks import ClockKind, Moved
from louzhang.workorders.lifecycle import IN_PROGRESS, Relation, State
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.models.timing import DUE_COLUMNS, Asked
from louzhang.workorders.queries.clocks import (
    Ground,
    columns_of,
    ground_beside,
    ground_now,
    is_timed,
    read_anew,
    with_lengths,
)
from louzhang.workorders.timekeeping import (
    MOVING,
    RESUMED,
    Clocks,
    Fact,
    Kept,
    applied,
    dropped,
    limit_words,
    limited,
    paused,
    started,
    stopped,
)

# Nothing came of it: there never was anything to be done in time.
VOID = frozenset({State.DECLINED, State.WITHDRAWN})
# The clocks of whoever has it in hand; they start anew for the next one.
OF_UNIT = (ClockKind.TAKE, ClockKind.CONTACT)


@dataclass(frozen=True, slots=True)
class Before:
    """What an order was when its step began, as far as its clocks hang on it."""

    status: str
    lead_unit_id: int | None
    category_id: int
    is_urgent: bool
    is_shelved: bool


def before(order: WorkOrder) -> Before:
    """Remember what a step may change."""
    return Before(order.status, order.lead_unit_id, order.category_id, order.is_urgent, order.shelved_until is not None)


def start_time(order: WorkOrder, at: datetime, known: Ground | None = None) -> list[Fact]:
    """Start the settling clock of an order that is being reported; gives the facts for its event.

    `known` is what holds now, for who starts many at once.
    """
    ground = known or ground_now()
    facts = list(_starts(order, [ClockKind.SETTLE], ground, at))
    clocks = read_anew(applied({}, facts, at), ground.calendar, at)
    for column, value in (
        columns_of(clocks, counts=is_timed(order.status, is_shelved=False)) | _promise(clocks)
    ).items():
        setattr(order, column, value)
    return facts


class LateGround:
    """What holds now, asked for only by a step that needs it; no query where the order was read with its state."""

    def __init__(self, order: WorkOrder) -> None:
        self._order = order
        self._known: Ground | None = None

    def __call__(self) -> Ground:
        """The limits, days and hours as they stand."""
        if self._known is None:
            self._known = ground_beside(self._order)
        return self._known


def keep_time(step: Step[WorkOrder], was: Before) -> None:
    """Have the clocks follow a step, before the walker writes it; no query while calendar and limits stand."""
    order, at = step.subject, step.at
    kept = order.kept
    ground = LateGround(order)
    facts = [*_follow(step, was, kept, ground), *step.payload.pop("clocks", ())]
    counts = is_timed(step.target, is_shelved=order.shelved_until is not None)
    counted = is_timed(was.status, is_shelved=was.is_shelved)
    _clear_asked(step, was, counts=counts)
    if not facts and counts == counted:
        return
    clocks = applied(kept, facts, at)
    if counts and (not counted or any(fact["do"] in MOVING for fact in facts)):
        clocks = read_anew(clocks, ground().calendar, at)
    if any(fact["do"] == "stop" for fact in facts):
        facts = with_lengths(facts, kept, ground().calendar, at)
    if facts:
        step.note(clocks=facts)
    _note_moved(step, order, clocks, counts=counts)
    step.set(**columns_of(clocks, counts=counts), **(_promise(clocks) if counts else {}))


def _promise(clocks: Clocks) -> dict[str, Any]:
    """What the resident is promised: when it is to be settled, as last known while a pause runs."""
    settle = clocks.get(ClockKind.SETTLE)
    return {"promised_at": settle.due_at} if settle is not None and settle.due_at is not None else {}


def _clear_asked(step: Step[WorkOrder], was: Before, *, counts: bool) -> None:
    """What a unit asked falls with its hold on the order."""
    order = step.subject
    if order.asked and (not counts or order.lead_unit_id != was.lead_unit_id):
        step.set(asked=Asked.NOTHING, asked_amount=None)
    if order.contacted_at is not None and order.lead_unit_id != was.lead_unit_id:
        step.set(contacted_at=None)


# Verbs after which the history says what is due now; the others say it in their own words.
TELLS_MOVES = frozenset(
    {"recategorise", "relocate", "gather", "split_off", "grant_extension", "resume", "recompute", "unshelve"}
)


def _note_moved(step: Step[WorkOrder], order: WorkOrder, clocks: Clocks, *, counts: bool) -> None:
    if not counts or step.transition.verb not in TELLS_MOVES:
        return
    moves = [
        Moved(kind, getattr(order, column), clocks[kind].due_at)
        for kind, column in DUE_COLUMNS.items()
        if kind in clocks and clocks[kind].is_running and getattr(order, column) != clocks[kind].due_at
    ]
    if moves:
        step.note(moved=[move.payload for move in moves])


def _follow(step: Step[WorkOrder], was: Before, kept: Clocks, ground: LateGround) -> Iterator[Fact]:
    """The facts that follow from where the order went and what changed on it."""
    order, target = step.subject, step.target
    running = {kind: each for kind, each in kept.items() if each.is_running}
    if target in VOID:
        yield from (dropped(kind) for kind in running)
    elif target in IN_PROGRESS:
        yield from _go_on(step, was, kept, ground)
    elif target != State.MERGED:
        yield from (stopped(kind, each, step.at) for kind, each in running.items())
    if target in IN_PROGRESS and was.is_shelved != (order.shelved_until is not None):
        yield RESUMED if was.is_shelved else paused(is_wait=False)


def _go_on(step: Step[WorkOrder], was: Before, kept: Clocks, ground: LateGround) -> Iterator[Fact]:
    order, at = step.subject, step.at
    running = {kind: each for kind, each in kept.items() if each.is_running}
    is_moved = order.lead_unit_id != was.lead_unit_id
    is_reopened = was.status not in IN_PROGRESS and was.status != State.MERGED
    is_other = (order.category_id, order.is_urgent) != (was.category_id, was.is_urgent)
    if (is_moved and order.paused_at) or _is_answered(step):
        yield RESUMED
    if is_moved:
        yield from (dropped(kind) for kind in OF_UNIT if kind in kept)
    elif step.target == State.TAKEN and ClockKind.TAKE in running:
        yield stopped(ClockKind.TAKE, running[ClockKind.TAKE], at)
    begun = _begun(order, step.target, is_moved=is_moved, is_settling=is_reopened or ClockKind.SETTLE not in kept)
    if not begun and not is_other:
        return
    yield from _starts(order, begun, ground(), at, reported=not is_reopened)
    if is_other:
        yield from relimits(order, {kind: each for kind, each in running.items() if kind not in begun}, ground(), at)


def _is_answered(step: Step[WorkOrder]) -> bool:
    """Whether the resident that the order waits for has said something."""
    order = step.subject
    return order.is_waiting and step.transition.verb == "comment" and order.relations_now == {Relation.REPORTER}


def _begun(order: WorkOrder, target: str, *, is_moved: bool, is_settling: bool) -> list[ClockKind]:
    """The clocks that begin with this step."""
    in_hand = is_moved and order.lead_unit_id is not None
    begins = {
        ClockKind.TAKE: in_hand and target == State.DISPATCHED,
        ClockKind.CONTACT: in_hand,
        ClockKind.SETTLE: is_settling,
    }
    return [kind for kind, is_so in begins.items() if is_so]


def _starts(
    order: WorkOrder, kinds: list[ClockKind], ground: Ground, at: datetime, *, reported: bool = True
) -> Iterator[Fact]:
    """The starts of clocks that there are limits for; a settling clock that is missing has run since the report."""
    for kind in kinds:
        clock = ground.clock_for(order, kind, at)
        since = order.reported_at if kind is ClockKind.SETTLE and reported and order.reported_at != at else None
        if clock is not None:
            yield started(kind, clock, order.lead_unit_id if kind in OF_UNIT else None, at=since)


def relimits(order: WorkOrder, running: Mapping[ClockKind, Kept], ground: Ground, at: datetime) -> Iterator[Fact]:
    """The limits that hold for what the order is now; a clock without a limit goes."""
    for kind, kept in running.items():
        clock = ground.clock_for(order, kind, at)
        if clock is None:
            yield dropped(kind)
        elif limit_words(clock) != limit_words(kept.clock):
            yield limited(kind, clock)


def limits_now(order: WorkOrder, ground: Ground, at: datetime) -> list[Fact]:
    """The facts that bring the running clocks to the limits as they stand; a settling clock that is missing starts.

    A plain promise stays what it was, whatever the category has promised since.
    """
    kept = order.kept
    running = {kind: each for kind, each in kept.items() if each.is_running}
    if ClockKind.SETTLE in running and ground.is_plain_promise(order, running[ClockKind.SETTLE].clock):
        del running[ClockKind.SETTLE]
    facts = list(relimits(order, running, ground, at))
    missing = [ClockKind.SETTLE] if ClockKind.SETTLE not in kept else []
    return [*facts, *_starts(order, missing, ground, at)]
