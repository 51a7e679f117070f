"""Where an order can stand, and how a person can stand to it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an order stands."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    TAKEN = "taken"
    SETTLED = "settled"
    ANSWERED = "answered"
    RATED = "rated"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Relation(StrEnum):
    """How an actor stands to an order (see `queries.relation_terms`)."""

    DESK = "desk"  # works in the office that accepts and dispatches it
    HOLDER = "holder"  # sits in the seat that holds it, or is named on it
    LEAD = "lead"  # works in the unit it is dispatched to
    ASSIST = "assist"  # works in a unit that helps with a part of it, or has done so
    ASKED = "asked"  # works in a unit that has still to sign for its part
    HELPING = "helping"  # works in a unit that has still to reply about its part
    ARBITER = "arbiter"  # works in an office above its desk, where only the level above decides
    ADDRESSEE = "addressee"  # has to sign for a standing supervision and to answer it
    OVER = "over"  # works in an office above its desk; the district is above all
    FORMER = "former"  # works in a unit that had it before
    KEEPER = "keeper"  # looks after the grid, building or stairwell it lies in
    TELLER = "teller"  # keeper whose neighbour chose to be told at the door
    REPORTER = "reporter"  # reported it, or opened it by its code
    ABOVE = "above"  # works in the office of a place above it
    SYSTEM = "system"  # the clock


LABELS = {
    State.REPORTED: "待受理",
    State.ACCEPTED: "待交办",
    State.DISPATCHED: "待签收",
    State.TAKEN: "办理中",
    State.SETTLED: "待反馈",
    State.ANSWERED: "待评价",
    State.RATED: "已评价",
    State.CLOSED: "已结案",
    State.DECLINED: "不予受理",
    State.WITHDRAWN: "已撤回",
    State.MERGED: "已并入",
}

# What a resident reads instead.
RESIDENT_LABELS = {
    State.REPORTED: "已收到，等待受理",
    State.ACCEPTED: "已受理，正在安排",
    State.DISPATCHED: "已交给承办单位",
    State.TAKEN: "正在办",
    State.SETTLED: "办好了，等待向您反馈",
    State.ANSWERED: "已反馈，请您评价",
    State.RATED: "谢谢您的评价",
    State.CLOSED: "已结束",
    State.DECLINED: "没有受理，请看说明",
    State.WITHDRAWN: "您已撤回",
    State.MERGED: "和邻居反映的同一件事一起办",
}

OPEN = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN, State.SETTLED})
# Still to be done: only these can be the same matter as another (an order merged into one of them is
# neither open nor ended: it waits for that one).
IN_PROGRESS = OPEN - {State.SETTLED}
AWAITING_RESIDENT = frozenset({State.ANSWERED, State.RATED})
ENDED = frozenset({State.CLOSED, State.DECLINED, State.WITHDRAWN})

# The four steps a resident sees; the step a state is in, 1 to 4 (5: all done).
STEPS = ("受理", "交办", "办理", "反馈")
STEP_OF = {
    State.REPORTED: 1,
    State.ACCEPTED: 2,
    State.DISPATCHED: 3,
    State.TAKEN: 3,
    State.SETTLED: 4,
    State.ANSWERED: 5,
    State.RATED: 5,
    State.CLOSED: 5,
    State.DECLINED: 1,
    State.WITHDRAWN: 1,
    State.MERGED: 1,
}
