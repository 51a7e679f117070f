"""An admission as data: a campaign from above at one street, asked, let in or not, taken back, over."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class AdmissionState(StrEnum):
    """Where an admission stands."""

    ASKED = "asked"
    ADMITTED = "admitted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Tie(StrEnum):
    """How an actor stands to an admission."""

    ASKER = "asker"  # works in the office or department that asks, or wrote it
    GATE = "gate"  # works in the office of the street that lets in what comes from above
    ABOVE = "above"  # works in the district's office, which answers for what its departments ask
    BELOW = "below"  # works in the office of a community of the street, once it may be reached
    CLOCK = "clock"  # the worker


LABELS = {
    AdmissionState.ASKED: "等街道准入",
    AdmissionState.ADMITTED: "同意开展",
    AdmissionState.DECLINED: "没有同意",
    AdmissionState.WITHDRAWN: "已撤回",
    AdmissionState.ENDED: "已结束",
}
MISSING = {"reason": "请写明为什么不同意，让发起的单位知道怎么改。"}

S, T = AdmissionState, Tie
# What a community and its holders may know of.
LET_IN = frozenset({S.ADMITTED, S.ENDED})
STANDING = frozenset({S.ASKED, S.ADMITTED})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "admit", "同意开展", frozenset({S.ASKED}), (S.ADMITTED,), frozenset({T.GATE}),
            takes=("reason",), is_main=True, said="同意开展",
        ),
        Transition(
            "decline", "不同意", frozenset({S.ASKED}), (S.DECLINED,), frozenset({T.GATE}),
            needs=("reason",), said="没有同意",
        ),
        Transition(
            "withdraw", "撤回", STANDING, (S.WITHDRAWN,), frozenset({T.ASKER, T.CLOCK}), is_grave=True, said="撤回",
        ),
        Transition(
            "end", "结束", frozenset({S.ADMITTED}), (S.ENDED,), frozenset({T.ASKER, T.CLOCK}), said="结束",
        ),
    ),
)  # fmt: skip
