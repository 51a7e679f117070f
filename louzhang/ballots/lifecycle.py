"""A poll as data: drafted, its roll shown and fixed, open, closed, counted; then nothing but counts (R2, R3, R8)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class PollState(StrEnum):
    """Where a poll stands."""

    DRAFT = "draft"
    ROLL = "roll"
    FIXED = "fixed"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    TIED = "tied"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Tie(StrEnum):
    """How an actor stands to a poll. Whoever it is about stands in none of the first three."""

    OFFICE = "office"  # works in the office of the place, or above it
    COUNTER = "counter"  # one of the two who keep the roll and count
    TYPIST = "typist"  # types totals of paper ballots
    RESIDENT = "resident"  # lives where people vote
    CLOCK = "clock"  # the worker


LABELS = {
    PollState.DRAFT: "草稿",
    PollState.ROLL: "名册公示",
    PollState.FIXED: "名册已定",
    PollState.OPEN: "投票中",
    PollState.CLOSED: "等计票",
    PollState.COUNTED: "已计票",
    PollState.TIED: "得票相同",
    PollState.FAILED: "没有结果",
    PollState.WITHDRAWN: "已撤销",
}

MISSING = {
    "reason": "请写明原因，参加投票的人会看到。",
    "words": "请写一句话，说明为什么。",
    "drawn": "请勾选抽中的人。",
    "opens_at": "请选择开始的时间。",
    "closes_at": "请选择结束的时间。",
}

S, T = PollState, Tie
BEFORE = frozenset({S.DRAFT, S.ROLL, S.FIXED})
LIVE = frozenset({S.FIXED, S.OPEN, S.CLOSED})  # a round key lies outside the database
ENDED = frozenset({S.COUNTED, S.TIED, S.FAILED, S.WITHDRAWN})
_OFFICE = frozenset({T.OFFICE, T.CLOCK})
_COUNTER = frozenset({T.COUNTER})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "show_roll", "公示名册", frozenset({S.DRAFT}), (S.ROLL,), _OFFICE,
            audience="public", is_main=True, said="公示名册",
        ),
        Transition(
            "set_hours", "改时间", frozenset({S.DRAFT}), (), _OFFICE,
            needs=("opens_at", "closes_at"), said="改了开始和结束的时间",
        ),
        Transition(
            "object", "提出异议", frozenset({S.ROLL}), (), frozenset({T.RESIDENT, T.COUNTER}),
            needs=("words",), said="对名册提出异议",
        ),
        Transition(
            "settle", "答复异议", frozenset({S.ROLL}), (), _COUNTER, needs=("words",), said="答复了名册异议",
        ),
        Transition(
            "fix_roll", "定下名册", frozenset({S.ROLL}), (S.FIXED,), frozenset({T.COUNTER, T.OFFICE, T.CLOCK}),
            audience="public", is_main=True, said="名册定下来了",
        ),
        Transition(
            "register_proxy", "登记委托投票", frozenset({S.FIXED, S.OPEN}), (), _COUNTER, said="登记了一份委托",
        ),
        Transition(
            "print_slips", "打印投票单", frozenset({S.FIXED, S.OPEN}), (), _COUNTER, said="打印了投票单",
        ),
        Transition(
            "open", "开始投票", frozenset({S.FIXED}), (S.OPEN,), _OFFICE,
            audience="public", is_main=True, said="开始投票",
        ),
        Transition(
            "close", "结束投票", frozenset({S.OPEN}), (S.CLOSED,), frozenset({T.COUNTER, T.CLOCK}),
            audience="public", is_grave=True, said="投票结束",
        ),
        Transition(
            "confirm", "确认可以计票", frozenset({S.CLOSED}), (), _COUNTER, is_main=True, said="一位计票人确认可以计票",
        ),
        Transition(
            "count", "计票", frozenset({S.CLOSED}), (S.COUNTED, S.TIED), frozenset({T.COUNTER, T.CLOCK}),
            audience="public", is_main=True, said="计票完成",
        ),
        Transition(
            "fail", "没有结果", frozenset({S.CLOSED}), (S.FAILED,), frozenset({T.COUNTER, T.CLOCK}),
            audience="public", said="参加的人或得票不够，没有结果",
        ),
        Transition(
            "draw", "当众抽签", frozenset({S.TIED}), (S.COUNTED,), _COUNTER,
            needs=("drawn", "words"), audience="public", is_main=True, said="当众抽签决定",
        ),
        Transition(
            "run_off", "安排再投一轮", frozenset({S.TIED}), (), _OFFICE,
            audience="public", is_main=True, said="安排再投一轮",
        ),
        Transition(
            "withdraw", "撤销", frozenset({S.DRAFT, S.ROLL, S.FIXED, S.OPEN, S.CLOSED}), (S.WITHDRAWN,), _OFFICE,
            needs=("reason",), audience="public", is_grave=True, said="撤销",
        ),
    ),
)  # fmt: skip
