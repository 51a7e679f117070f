"""A question as data: asked → answered → closed, or turned into a work order by either side (handbook R4 微邻里)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class InquiryState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    TURNED = "turned"


class Tie(StrEnum):
    """How an actor stands to a question."""

    ASKER = "asker"  # asked it, as a person or by this phone
    KEEPER = "keeper"  # grid worker, grid lead or chief of the place
    DESK = "desk"  # works in the office of the community
    SYSTEM = "system"  # the clock


LABELS = {
    InquiryState.ASKED: "等回答",
    InquiryState.ANSWERED: "已回答",
    InquiryState.CLOSED: "已结束",
    InquiryState.TURNED: "已转工单",
}

MISSING = {
    "words": "请写下您想问的话。",
    "answer": "请写一句回答，或点一句常用的话。",
}

S, T = InquiryState, Tie
OPEN = frozenset({S.ASKED, S.ANSWERED})
KEEPERS = frozenset({T.KEEPER, T.DESK})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "answer", "回答", frozenset({S.ASKED}), (S.ANSWERED,), KEEPERS,
            needs=("answer",), audience="public", is_main=True, said="回答",
        ),
        Transition(
            "ask_more", "再问一句", frozenset({S.ANSWERED}), (S.ASKED,), frozenset({T.ASKER}),
            needs=("words",), audience="public", said="再问一句",
        ),
        Transition(
            "close", "明白了", OPEN, (S.CLOSED,), frozenset({T.ASKER, T.SYSTEM}),
            audience="public", said="结束",
        ),
        Transition(
            "turn", "变成工单", OPEN, (S.TURNED,), KEEPERS | {T.ASKER},
            needs=("order",), audience="public", said="变成工单",
        ),
    ),
)  # fmt: skip
