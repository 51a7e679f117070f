"""A work log as data: draft → sent → read → closed (handbook R4, R5, R11)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class LogState(StrEnum):
    """Where a log stands."""

    DRAFT = "draft"
    SENT = "sent"
    READ = "read"
    CLOSED = "closed"


class Tie(StrEnum):
    """How an actor stands to a log."""

    HOLDER = "holder"
    DESK = "desk"  # works in the office of the community; sees nothing of a draft


LABELS = {LogState.DRAFT: "没有发", LogState.SENT: "已发", LogState.READ: "已阅", LogState.CLOSED: "已办结"}
MISSING = {"comment": "请写一句话。", "words": "请写一句要办什么。"}

S, T = LogState, Tie
_DESK, _HOLDER = frozenset({T.DESK}), frozenset({T.HOLDER})
_TO_READ = frozenset({S.SENT, S.READ})

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition("write", "存草稿", frozenset({S.DRAFT}), (), _HOLDER, takes=("sentence",), said="写了一句"),
        Transition(
            "send", "发出", frozenset({S.DRAFT}), (S.SENT,), _HOLDER, takes=("sentence",), is_main=True, said="发出",
        ),
        Transition(
            "fault", "变成工单", frozenset(S), (), frozenset({T.HOLDER, T.DESK}), needs=("words",), said="变成工单",
        ),
        Transition("take_back", "收回来改", frozenset({S.SENT}), (S.DRAFT,), _HOLDER, said="收回"),
        Transition("read", "已阅", frozenset({S.SENT}), (S.READ,), _DESK, is_main=True, said="已阅"),
        Transition("comment", "批一句", _TO_READ, (S.READ,), _DESK, needs=("comment",), said="批注"),
        Transition("close", "办结", _TO_READ, (S.CLOSED,), _DESK, said="办结"),
    ),
)  # fmt: skip
