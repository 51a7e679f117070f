"""A month's appraisal, an objection to a figure and a review as data (handbook R2, R3)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class Tie(StrEnum):
    """How an actor stands to a month, an objection or a review."""

    DESK = "desk"  # works in the office of the community
    APPRAISER = "appraiser"  # named to give scores that month
    SELF = "self"  # whom it is about
    CLOCK = "clock"  # the worker


class MonthState(StrEnum):
    """Where a month stands."""

    OPEN = "open"
    COMPUTED = "computed"
    PUBLISHED = "published"


class ObjectionState(StrEnum):
    """Where an objection to a figure stands."""

    RAISED = "raised"
    CORRECTED = "corrected"
    EXPLAINED = "explained"
    TAKEN_BACK = "taken_back"


class ReviewState(StrEnum):
    """Where a review stands; the three ends are what people decided."""

    OPEN = "open"
    HEARD = "heard"
    KEPT = "kept"
    HELPED = "helped"
    REPLACED = "replaced"


M, O, R, T = MonthState, ObjectionState, ReviewState, Tie  # noqa: E741 - a table reads better with short names
_DESK, _SELF = frozenset({T.DESK}), frozenset({T.SELF})
_UNPUBLISHED = frozenset({M.OPEN, M.COMPUTED})

MONTH_LABELS = {M.OPEN: "收分中", M.COMPUTED: "算好，待公布", M.PUBLISHED: "已公布"}
MONTH = Lifecycle(
    labels=MONTH_LABELS,
    missing={"criteria": "请至少写一项这个月要打分的事。", "points": "请给每一项选一个分。"},
    transitions=(
        Transition("set_criteria", "定打分项", _UNPUBLISHED, (M.OPEN,), _DESK, needs=("criteria",), said="定了打分项"),
        Transition("name_appraisers", "请谁打分", _UNPUBLISHED, (), _DESK, said="指定了评分人"),
        Transition(
            "score", "打分", _UNPUBLISHED, (M.OPEN,), frozenset({T.APPRAISER}), needs=("points",), is_main=True,
            said="打了分",
        ),
        Transition("ask_stars", "请住户打星", _UNPUBLISHED, (), frozenset({T.CLOCK, T.DESK}), said="发了星级表"),
        Transition(
            "compute", "计算", _UNPUBLISHED, (M.COMPUTED,), frozenset({T.DESK, T.CLOCK}), is_main=True, said="算了一次",
        ),
        Transition("publish", "公布", frozenset({M.COMPUTED}), (M.PUBLISHED,), _DESK, is_main=True, said="公布"),
        Transition("recount", "再算一次对照", frozenset({M.PUBLISHED}), (), frozenset({T.DESK, T.CLOCK}), said="对照"),
        Transition("amend", "更正", frozenset({M.PUBLISHED}), (), _DESK, needs=("reason",), said="更正了数字"),
    ),
)  # fmt: skip

OBJECTION_LABELS = {
    O.RAISED: "等社区答复", O.CORRECTED: "已更正", O.EXPLAINED: "已说明", O.TAKEN_BACK: "本人收回",
}  # fmt: skip
OBJECTION = Lifecycle(
    labels=OBJECTION_LABELS,
    missing={"reason": "请写一句理由，本人会看到。"},
    transitions=(
        Transition(
            "correct", "更正数字", frozenset({O.RAISED}), (O.CORRECTED,), _DESK, needs=("reason",), is_main=True,
            audience="parties", said="更正了",
        ),
        Transition(
            "explain", "说明理由", frozenset({O.RAISED}), (O.EXPLAINED,), _DESK, needs=("reason",),
            audience="parties", said="说明了理由",
        ),
        Transition(
            "take_back", "收回", frozenset({O.RAISED}), (O.TAKEN_BACK,), _SELF, audience="parties", said="收回了",
        ),
    ),
)  # fmt: skip
OBJECTION_OPEN = frozenset({O.RAISED})

REVIEW_LABELS = {
    R.OPEN: "等本人说", R.HEARD: "本人说过了，等决定", R.KEPT: "继续担任", R.HELPED: "帮带、培训",
    R.REPLACED: "另行推选",
}  # fmt: skip
REVIEW_OPEN = frozenset({R.OPEN, R.HEARD})
# What people may decide; the program proposes none of them.
DECISIONS = (R.KEPT, R.HELPED, R.REPLACED)
REVIEW = Lifecycle(
    labels=REVIEW_LABELS,
    missing={
        "words": "请把本人的话写下来。本人不想说，也写明“本人说不想说”。",
        "way": "请选是怎么听的。",
        "decision": "请选一个决定。",
        "reason": "请写一句为什么这样决定，本人会看到。",
    },
    transitions=(
        Transition(
            "hear", "听本人说", frozenset({R.OPEN, R.HEARD}), (R.HEARD,), frozenset({T.SELF, T.DESK}),
            needs=("words", "way"), audience="parties", is_main=True, said="听了本人说",
        ),
        Transition(
            "decide", "决定", frozenset({R.HEARD}), DECISIONS, _DESK, needs=("decision", "reason"),
            audience="parties", is_main=True, is_grave=True, said="决定",
        ),
    ),
)  # fmt: skip
