"""What chiefs write for each other: a case (draft → looked at → published) and a question with its answers."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class CaseState(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    OFFERED = "offered"
    PUBLISHED = "published"
    TAKEN_BACK = "taken_back"


class CaseTie(StrEnum):
    """How an actor stands to a case."""

    AUTHOR = "author"
    REVIEWER = "reviewer"  # works in an office over the author's place, and did not write it
    READER = "reader"  # holds a post in the district; only of what is published


class AskState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    CLOSED = "closed"
    HIDDEN = "hidden"


class AskTie(StrEnum):
    """How an actor stands to a question."""

    ASKER = "asker"
    PEER = "peer"  # holds a post in the district
    KEEPER = "keeper"  # works in an office over the asker's place: keeps order, answers reports


CASE_LABELS = {
    CaseState.DRAFT: "草稿",
    CaseState.OFFERED: "等人看",
    CaseState.PUBLISHED: "已发布",
    CaseState.TAKEN_BACK: "已撤下",
}
ASK_LABELS = {AskState.OPEN: "可以回答", AskState.CLOSED: "已结束", AskState.HIDDEN: "已隐藏"}
_WORDS = {"title": "请写一个题目。", "words": "请写几句话。", "reason": "请写一句理由。", "number": "请选是哪一条。"}

C, K = CaseState, CaseTie
_AUTHOR = frozenset({K.AUTHOR})
_REVIEWER = frozenset({K.REVIEWER})

CASES = Lifecycle(
    labels=CASE_LABELS,
    missing=_WORDS | {"is_confirmed": "请先确认案例里认不出任何一个人。"},
    transitions=(
        Transition(
            "rewrite", "修改", frozenset({C.DRAFT}), (), _AUTHOR, needs=("title", "words"),
            takes=("subject", "byline"), said="改过",
        ),
        Transition(
            "offer", "交给别人看", frozenset({C.DRAFT}), (C.OFFERED,), _AUTHOR,
            needs=("is_confirmed",), is_main=True, said="交给别人看",
        ),
        Transition(
            "fetch_back", "拿回来再改", frozenset({C.OFFERED}), (C.DRAFT,), _AUTHOR, said="拿回来再改",
        ),
        Transition(
            "publish", "可以发布", frozenset({C.OFFERED}), (C.PUBLISHED,), _REVIEWER, is_main=True, said="发布了",
        ),
        Transition(
            "return", "退回修改", frozenset({C.OFFERED}), (C.DRAFT,), _REVIEWER, needs=("reason",), said="退回修改",
        ),
        Transition(
            "comment", "说一句", frozenset({C.PUBLISHED}), (), frozenset({K.READER, K.AUTHOR, K.REVIEWER}),
            needs=("words",), takes=("byline",), said="说",
        ),
        Transition(
            "report_abuse", "举报", frozenset({C.PUBLISHED}), (), frozenset({K.READER, K.AUTHOR, K.REVIEWER}),
            needs=("number", "reason"), audience="desk", said="有人举报",
        ),
        Transition(
            "hide", "隐藏这一条", frozenset({C.PUBLISHED}), (), _REVIEWER, needs=("number", "reason"),
            audience="desk", is_grave=True, said="隐藏了一条",
        ),
        Transition(
            "take_back", "撤下", frozenset({C.DRAFT, C.OFFERED, C.PUBLISHED}), (C.TAKEN_BACK,),
            frozenset({K.AUTHOR, K.REVIEWER}), is_grave=True, said="撤下了",
        ),
    ),
)  # fmt: skip

A, P = AskState, AskTie
_ANYBODY = frozenset({P.ASKER, P.PEER, P.KEEPER})

ASKS = Lifecycle(
    labels=ASK_LABELS,
    missing=_WORDS,
    transitions=(
        Transition(
            "answer", "回答", frozenset({A.OPEN}), (), _ANYBODY, needs=("words",), takes=("byline",),
            is_main=True, said="回答",
        ),
        Transition("close", "问题解决了", frozenset({A.OPEN}), (A.CLOSED,), frozenset({P.ASKER}), said="问题解决了"),
        Transition("reopen", "接着问", frozenset({A.CLOSED}), (A.OPEN,), frozenset({P.ASKER}), said="接着问"),
        Transition(
            "report_abuse", "举报", frozenset({A.OPEN, A.CLOSED}), (), _ANYBODY, needs=("number", "reason"),
            audience="desk", said="有人举报",
        ),
        Transition(
            "hide", "隐藏", frozenset({A.OPEN, A.CLOSED}), (A.OPEN, A.CLOSED, A.HIDDEN), frozenset({P.KEEPER}),
            needs=("number", "reason"), audience="desk", is_grave=True, said="隐藏了一条",
        ),
        Transition(
            "take_back", "删掉我的问题", frozenset({A.OPEN, A.CLOSED}), (A.HIDDEN,), frozenset({P.ASKER}),
            is_grave=True, said="删掉了问题",
        ),
    ),
)  # fmt: skip
