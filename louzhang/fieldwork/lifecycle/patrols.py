"""A round as data: going → walked whole, in part, or broken off (handbook R4, R11)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class PatrolState(StrEnum):
    """Where a round stands."""

    GOING = "going"
    WHOLE = "whole"
    PARTLY = "partly"


class Tie(StrEnum):
    """How an actor stands to a round."""

    WALKER = "walker"  # fills the post that walks it, as its holder or stand-in
    KEEPER = "keeper"  # looks after the grid it goes through
    DESK = "desk"  # works in the office of the community
    CLOCK = "clock"  # the worker, at night


LABELS = {PatrolState.GOING: "正在巡查", PatrolState.WHOLE: "走完了", PatrolState.PARTLY: "走了一部分"}
MISSING = {
    "way": "请选是怎么确认到了的。",
    "reason": "请写一句为什么没有走完，社区好另作安排。",
    "words": "请写一句看到了什么。",
}

S, T = PatrolState, Tie
OPEN = frozenset({S.GOING})
_WALKER = frozenset({T.WALKER})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "confirm", "到了", frozenset({S.GOING}), (S.GOING, S.WHOLE), _WALKER,
            needs=("way",), takes=("reason",), is_main=True, said="到点位",
        ),
        Transition(
            "confirm_late", "补传到点位", frozenset({S.PARTLY}), (S.PARTLY, S.WHOLE), _WALKER,
            needs=("way",), takes=("reason",), said="补传到点位",
        ),
        Transition("fault", "发现问题", frozenset(S), (), _WALKER, needs=("words",), said="发现问题"),
        Transition(
            "break_off", "先走到这里", OPEN, (S.PARTLY,), _WALKER, needs=("reason",), is_grave=True, said="没有走完",
        ),
        Transition("run_out", "当天没有走完", OPEN, (S.PARTLY,), frozenset({T.CLOCK}), said="当天没有走完"),
    ),
)  # fmt: skip
