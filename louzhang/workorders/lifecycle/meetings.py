"""On the spot together (现场办公, R5): meetings on an order, and motions for what no office can settle (议案、建议)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.workorders.lifecycle.joint import JOINT_STATES
from louzhang.workorders.lifecycle.rows import MISSING, transition
from louzhang.workorders.lifecycle.states import Relation, State

S, R = State, Relation
CALLERS = frozenset({R.DESK, R.LEAD, R.ABOVE})


class MeetingState(StrEnum):
    """Where a meeting stands."""

    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class MotionState(StrEnum):
    """Where a motion stands."""

    RAISED = "raised"
    SUBMITTED = "submitted"
    ANSWERED = "answered"
    CLOSED = "closed"


MEETING_LABELS = {
    MeetingState.CALLED: "已召集",
    MeetingState.HELD: "已开",
    MeetingState.CANCELLED: "已取消",
}
MOTION_LABELS = {
    MotionState.RAISED: "已提出",
    MotionState.SUBMITTED: "已提交",
    MotionState.ANSWERED: "已答复",
    MotionState.CLOSED: "已办结",
}

MEETINGS = (
    transition(
        "call_meeting", "召集现场办公", JOINT_STATES, (), set(CALLERS),
        needs=("units", "place", "held_at"), takes=("note",), said="召集现场办公",
    ),
    transition(
        "record_meeting", "记录现场办公", set(S), (), set(CALLERS),
        needs=("meeting", "minutes"), takes=("promises",), said="现场办公有了结果",
    ),
    transition(
        "cancel_meeting", "取消现场办公", set(S), (), set(CALLERS),
        needs=("meeting", "reason"), said="取消了现场办公",
    ),
    transition(
        "raise_motion", "提出议案建议", set(S) - {S.REPORTED, S.DECLINED, S.WITHDRAWN}, (), set(CALLERS),
        needs=("title", "words"), takes=("meeting",), said="列入议案建议",
    ),
)  # fmt: skip

_M, _N = MeetingState, MotionState

MEETING_LOOP = Lifecycle(
    labels=MEETING_LABELS,
    missing=MISSING,
    transitions=(
        Transition("record_meeting", "记录", frozenset({_M.CALLED}), (_M.HELD,), CALLERS),
        Transition("cancel_meeting", "取消", frozenset({_M.CALLED}), (_M.CANCELLED,), CALLERS),
    ),
)

MOTION_LOOP = Lifecycle(
    labels=MOTION_LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "submit", "提交", frozenset({_N.RAISED, _N.ANSWERED}), (_N.SUBMITTED,), CALLERS,
            needs=("body",), takes=("words",), is_main=True, said="提交给",
        ),
        Transition(
            "answer", "登记答复", frozenset({_N.SUBMITTED}), (_N.ANSWERED,), CALLERS,
            needs=("words",), is_main=True, said="收到答复",
        ),
        Transition(
            "close", "办结", frozenset({_N.RAISED, _N.SUBMITTED, _N.ANSWERED}), (_N.CLOSED,), CALLERS,
            needs=("words",), said="已办结",
        ),
    ),
)  # fmt: skip
