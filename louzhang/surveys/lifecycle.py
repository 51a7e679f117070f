"""A survey as data: drafted, admitted where somebody above asks, open, closed, and then nothing but counts (R8)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class SurveyState(StrEnum):
    """Where a survey stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    PURGED = "purged"
    WITHDRAWN = "withdrawn"


class Tie(StrEnum):
    """How an actor stands to a survey."""

    ASKER = "asker"  # works in the office that asks
    GATE = "gate"  # works in the office of a street that is asked to let it in (fieldwork.Admission)
    OFFICE = "office"  # works in an office of a place that is asked, or above it
    HOLDER = "holder"  # looks after a place that is asked, or somebody passed a part on to them
    HOUSEHOLD = "household"  # lives in a household that is asked
    CLOCK = "clock"  # the worker


LABELS = {
    SurveyState.DRAFT: "草稿",
    SurveyState.WAITING: "等街道准入",
    SurveyState.READY: "可以开始",
    SurveyState.OPEN: "进行中",
    SurveyState.CLOSED: "已结束",
    SurveyState.PURGED: "只留汇总",
    SurveyState.WITHDRAWN: "已撤销",
}

MISSING = {
    "reason": "请写明原因，让对方知道怎么改。",
    "ends_at": "请选择新的结束时间。",
}

S, T = SurveyState, Tie
BEFORE = frozenset({S.DRAFT, S.WAITING, S.READY})
AFTER = frozenset({S.CLOSED, S.PURGED})
_ASKER = frozenset({T.ASKER})
_CLOCK = frozenset({T.CLOCK})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "submit", "送街道准入", frozenset({S.DRAFT}), (S.WAITING,), _ASKER, is_main=True, said="送街道准入",
        ),
        Transition(
            "admit", "同意开展", frozenset({S.WAITING}), (S.READY,), _CLOCK,
            takes=("reason",), said="街道同意开展",
        ),
        Transition(
            "decline", "不同意开展", frozenset({S.WAITING}), (S.DRAFT,), _CLOCK,
            needs=("reason",), said="街道没有同意",
        ),
        Transition(
            "open", "开始", frozenset({S.DRAFT, S.READY}), (S.OPEN,), _ASKER, is_main=True, said="开始",
        ),
        Transition(
            "remind", "提醒还没做完的", frozenset({S.OPEN}), (), frozenset({T.ASKER, T.OFFICE}), said="提醒",
        ),
        Transition(
            "extend", "延长", frozenset({S.OPEN}), (), _ASKER, needs=("ends_at",), takes=("purge_on",), said="延长",
        ),
        Transition(
            "close", "结束", frozenset({S.OPEN}), (S.CLOSED,), frozenset({T.ASKER, T.CLOCK}),
            is_grave=True, said="结束",
        ),
        Transition(
            "withdraw", "撤销", BEFORE, (S.WITHDRAWN,), _ASKER, is_grave=True, said="撤销",
        ),
        Transition("purge", "只留汇总", frozenset({S.CLOSED}), (S.PURGED,), _CLOCK, said="回答已删除，只留汇总"),
    ),
)  # fmt: skip
