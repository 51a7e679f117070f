"""An errand as data: asked → taken → papers collected → handed back → confirmed (handbook R3, R14)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class ErrandState(StrEnum):
    """Where an errand stands."""

    ASKED = "asked"
    TAKEN = "taken"
    COLLECTED = "collected"
    HANDED = "handed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Tie(StrEnum):
    """How an actor stands to an errand."""

    ASKER = "asker"  # whose errand it is, on their own phone
    AGENT = "agent"  # fills the post that runs it
    KEEPER = "keeper"  # looks after the place
    DESK = "desk"  # works in the office of the community
    CLOCK = "clock"  # the worker, when a post has ended


LABELS = {
    ErrandState.ASKED: "等人接",
    ErrandState.TAKEN: "有人办了",
    ErrandState.COLLECTED: "材料已收",
    ErrandState.HANDED: "办好交回",
    ErrandState.CONFIRMED: "本人已确认",
    ErrandState.DECLINED: "办不了",
    ErrandState.WITHDRAWN: "已撤回",
}
MISSING = {
    "papers": "请写收了什么材料，一行一样，收条上就是这些。",
    "words": "请写一句办得怎么样、交回了什么。",
    "reason": "请写一句为什么办不了，接下来可以怎么办。",
    "way": "请选是怎么确认的。",
    "post": "请选交给谁办。",
}

S, T = ErrandState, Tie
OPEN = frozenset({S.ASKED, S.TAKEN, S.COLLECTED})
RUNNING = frozenset({S.TAKEN, S.COLLECTED})
_AGENT = frozenset({T.AGENT})
_STAFF = frozenset({T.AGENT, T.KEEPER, T.DESK})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "take", "我来办", frozenset({S.ASKED}), (S.TAKEN,), frozenset({T.KEEPER, T.DESK}),
            audience="public", is_main=True, said="接下了",
        ),
        Transition(
            "collect", "收材料，开收条", frozenset({S.TAKEN, S.COLLECTED}), (S.COLLECTED,), _AGENT,
            needs=("papers",), audience="public", said="收了材料",
        ),
        Transition(
            "hand_over", "办好了，交回", RUNNING, (S.HANDED,), _AGENT,
            needs=("words",), takes=("photos",), audience="public", is_main=True, said="办好交回",
        ),
        Transition(
            "confirm", "确认办好了", frozenset({S.HANDED}), (S.CONFIRMED,), frozenset({T.ASKER, T.AGENT}),
            needs=("way",), takes=("code",), audience="public", is_main=True, said="确认办好",
        ),
        Transition(
            "not_yet", "还没有办好", frozenset({S.HANDED}), (S.TAKEN,), frozenset({T.ASKER}),
            needs=("reason",), audience="public", said="还没有办好",
        ),
        Transition(
            "pass_on", "交给别人办", OPEN, (S.TAKEN,), frozenset({T.AGENT, T.DESK, T.CLOCK}),
            needs=("post",), audience="public", said="换了人办",
        ),
        Transition(
            "put_back", "没有人办了", RUNNING, (S.ASKED,), frozenset({T.CLOCK}), audience="public", said="等人接着办",
        ),
        Transition(
            "decline", "办不了", OPEN, (S.DECLINED,), _STAFF,
            needs=("reason",), audience="public", is_grave=True, said="办不了",
        ),
        Transition(
            "withdraw", "不用办了", OPEN, (S.WITHDRAWN,), frozenset({T.ASKER, T.AGENT}),
            audience="public", is_grave=True, said="撤回",
        ),
    ),
)  # fmt: skip
