"""A request about one's own data as a table: asked → done or declined with a reason, or taken back by who asked."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class RequestState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    RETRACTED = "retracted"


class RightsTie(StrEnum):
    """How an actor stands to a request."""

    ASKER = "asker"  # the person whose data it is about
    OFFICE = "office"  # works in the office of the community
    SYSTEM = "system"


LABELS = {
    RequestState.ASKED: "等答复",
    RequestState.DONE: "已办好",
    RequestState.DECLINED: "没有同意",
    RequestState.RETRACTED: "已收回",
}

S, T = RequestState, RightsTie

REQUESTS = Lifecycle(
    labels=LABELS,
    missing={"reason": "请写明为什么不能照办，本人会看到。"},
    transitions=(
        Transition(
            "grant", "照办", frozenset({S.ASKED}), (S.DONE,), frozenset({T.OFFICE, T.SYSTEM}),
            audience="parties", is_main=True, said="照办",
        ),
        Transition(
            "decline", "不能照办", frozenset({S.ASKED}), (S.DECLINED,), frozenset({T.OFFICE}),
            needs=("reason",), audience="parties", said="说明理由",
        ),
        Transition(
            "retract", "收回", frozenset({S.ASKED}), (S.RETRACTED,), frozenset({T.ASKER}),
            audience="parties", said="收回",
        ),
    ),
)  # fmt: skip
