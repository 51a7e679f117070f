"""The loop of a work order as data (handbook R11: 受理 → 交办 → 办理 → 反馈).

States, relations and transitions; the walker, the buttons, the API, the tests and the diagram
in the docs all read this table. Relations are ties to the order, never posts. Each module holds
the verbs of one part of the work; a verb stands in one of them and nowhere else.
"""

from louzhang.kit.lifecycle import Lifecycle
from louzhang.workorders.lifecycle.closing_the_loop import MAIN
from louzhang.workorders.lifecycle.duplicates import DUPLICATES
from louzhang.workorders.lifecycle.joint import BOUNCES_AT_MOST, JOINT, JOINT_STATES, bar_of
from louzhang.workorders.lifecycle.meetings import (
    MEETING_LABELS,
    MEETING_LOOP,
    MEETINGS,
    MOTION_LABELS,
    MOTION_LOOP,
    MeetingState,
    MotionState,
)
from louzhang.workorders.lifecycle.on_duty import ON_DUTY, UNTAKEN
from louzhang.workorders.lifecycle.oversight import (
    ONLY_WHILE,
    OVERSIGHT,
    SHELVABLE,
    STANDING,
    SUPERVISION_LABELS,
    SUPERVISION_LOOP,
    Explanation,
    SupervisionState,
    lacks,
)
from louzhang.workorders.lifecycle.parts import OPEN_PARTS, PART_LABELS, PART_LOOP, PartState
from louzhang.workorders.lifecycle.rows import MISSING
from louzhang.workorders.lifecycle.states import (
    AWAITING_RESIDENT,
    ENDED,
    IN_PROGRESS,
    LABELS,
    OPEN,
    RESIDENT_LABELS,
    STEP_OF,
    STEPS,
    Relation,
    State,
)
from louzhang.workorders.lifecycle.time import TIME

LOOP = Lifecycle(
    labels=LABELS, missing=MISSING, transitions=(*MAIN, *JOINT, *MEETINGS, *DUPLICATES, *OVERSIGHT, *TIME, *ON_DUTY)
)

__all__ = [
    "AWAITING_RESIDENT",
    "BOUNCES_AT_MOST",
    "ENDED",
    "IN_PROGRESS",
    "JOINT_STATES",
    "LABELS",
    "LOOP",
    "MEETING_LABELS",
    "MEETING_LOOP",
    "MISSING",
    "MOTION_LABELS",
    "MOTION_LOOP",
    "ONLY_WHILE",
    "OPEN",
    "OPEN_PARTS",
    "PART_LABELS",
    "PART_LOOP",
    "RESIDENT_LABELS",
    "SHELVABLE",
    "STANDING",
    "STEPS",
    "STEP_OF",
    "SUPERVISION_LABELS",
    "SUPERVISION_LOOP",
    "UNTAKEN",
    "Explanation",
    "MeetingState",
    "MotionState",
    "PartState",
    "Relation",
    "State",
    "SupervisionState",
    "bar_of",
    "lacks",
]
