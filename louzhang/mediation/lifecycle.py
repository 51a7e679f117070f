"""A mediation as data: started → talking → agreed or failed → followed up (handbook R1, R14)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class MediationState(StrEnum):
    """Where a mediation stands."""

    STARTED = "started"
    TALKING = "talking"
    AGREED = "agreed"
    FAILED = "failed"
    FOLLOWED = "followed"


class Tie(StrEnum):
    """How an actor stands to a mediation. Only the first two read what was said."""

    MEDIATOR = "mediator"  # the one who talks with the parties now
    PARTY = "party"  # one of those in dispute, by the own code
    STARTER = "starter"  # began it and has handed it on
    DESK = "desk"  # works in the office of the community
    ABOVE = "above"  # works in the office of the street or district
    CLOCK = "clock"  # the worker, when a mediator's post has ended; it reads nothing


class Kept(StrEnum):
    """What became of it, when somebody looked back."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"


KEPT_LABELS = {Kept.KEPT: "都做到了", Kept.PARTLY: "做到一部分", Kept.BROKEN: "没有做到"}

LABELS = {
    MediationState.STARTED: "已发起",
    MediationState.TALKING: "调解中",
    MediationState.AGREED: "达成协议",
    MediationState.FAILED: "没有达成",
    MediationState.FOLLOWED: "已回访",
}

MISSING = {
    "name": "请填写当事人的姓名或称呼。",
    "talked_on": "请选择是哪一天谈的。",
    "words": "请写下谈了什么。",
    "mediator": "请选择交给谁调解。",
    "terms": "请写下双方同意的内容。",
    "follow_up_on": "请选择哪一天回访。",
    "reason": "请写明为什么没有谈成，接下来建议怎么办。",
    "kept": "请选择做到了没有。",
}

S, T = MediationState, Tie
OPEN = frozenset({S.STARTED, S.TALKING})
UNFINISHED = frozenset({*OPEN, S.AGREED, S.FAILED})
"""Somebody still has to talk, or to look back."""
READERS = frozenset({T.MEDIATOR, T.PARTY})
_MEDIATOR = frozenset({T.MEDIATOR})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "talk", "记一次谈话", OPEN, (S.TALKING,), _MEDIATOR,
            needs=("talked_on", "words"), takes=("is_private",), audience="parties", is_main=True, said="谈话",
        ),
        Transition(
            "add_party", "加当事人", OPEN, (), _MEDIATOR,
            needs=("name",), takes=("phone",), audience="parties", said="加入当事人",
        ),
        Transition(
            "agree", "达成协议", frozenset({S.TALKING}), (S.AGREED,), _MEDIATOR,
            needs=("terms", "follow_up_on"), audience="parties", said="达成协议",
        ),
        Transition(
            "fail", "没有谈成", OPEN, (S.FAILED,), _MEDIATOR,
            needs=("reason", "follow_up_on"), audience="parties", is_grave=True, said="没有谈成",
        ),
        Transition(
            "hand_on", "交给别人调解", UNFINISHED, (), frozenset({T.MEDIATOR, T.DESK, T.CLOCK}),
            needs=("mediator",), audience="parties", said="交给了新的调解员",
        ),
        Transition(
            "follow_up", "回访", frozenset({S.AGREED, S.FAILED}), (S.FOLLOWED,), _MEDIATOR,
            needs=("kept", "words"), audience="parties", is_main=True, said="回访",
        ),
    ),
)  # fmt: skip
