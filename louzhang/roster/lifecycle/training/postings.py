"""挂职学习: a chief goes to another community for some weeks and tells what was learnt (R3)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class PostingState(StrEnum):
    """Where a posting stands."""

    ARRANGED = "arranged"
    REPORTED = "reported"
    CALLED_OFF = "called_off"


class PostingTie(StrEnum):
    """How an actor stands to a posting."""

    OWN = "own"
    OFFICE = "office"


POSTING_LABELS = {
    PostingState.ARRANGED: "已安排",
    PostingState.REPORTED: "已交小结",
    PostingState.CALLED_OFF: "已取消",
}

POSTINGS = Lifecycle(
    labels=POSTING_LABELS,
    missing={"words": "请写学到了什么、回来打算怎么用。", "reason": "请写一句为什么取消。"},
    transitions=(
        Transition(
            "report", "交学习小结", frozenset({PostingState.ARRANGED}), (PostingState.REPORTED,),
            frozenset({PostingTie.OWN}), needs=("words",), is_main=True, said="交了学习小结",
        ),
        Transition(
            "add", "补充小结", frozenset({PostingState.REPORTED}), (), frozenset({PostingTie.OWN}),
            needs=("words",), said="补充了小结",
        ),
        Transition(
            "call_off", "取消挂职", frozenset({PostingState.ARRANGED}), (PostingState.CALLED_OFF,),
            frozenset({PostingTie.OFFICE}), needs=("reason",), is_grave=True, said="取消了",
        ),
    ),
)  # fmt: skip
