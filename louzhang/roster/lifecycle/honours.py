"""Honours as data: proposed → on notice → awarded, or not; bonuses ticked off by two; texts a person agrees to."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class HonourState(StrEnum):
    """Where an honour stands."""

    PROPOSED = "proposed"
    NOTICE = "notice"
    AWARDED = "awarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Tie(StrEnum):
    """How an actor stands to an honour."""

    NOMINEE = "nominee"  # whom it is for
    PROPOSER = "proposer"  # put it forward
    DESK = "desk"  # works in the office that gives it
    ABOVE = "above"  # works in an office above
    PUBLIC = "public"  # anybody, while it is on notice, and of what stands on the wall


LABELS = {
    HonourState.PROPOSED: "等审核",
    HonourState.NOTICE: "公示中",
    HonourState.AWARDED: "已授予",
    HonourState.DECLINED: "没有通过",
    HonourState.WITHDRAWN: "已撤回",
    HonourState.REVOKED: "已收回",
}
MISSING = {
    "words": "请写下意见，让大家知道为什么。",
    "reason": "请写明原因，推荐人和本人都能看到。",
    "answer": "请写下答复，提意见的人能看到。",
    "has_no_interest": "请先确认您和被推荐人没有亲属等利害关系；有的，请换一位同事审核。",
    "text": "请写下信的内容。",
    "photos": "请先选一张照片。",
}

S, T = HonourState, Tie
LIVE = frozenset({S.PROPOSED, S.NOTICE, S.AWARDED})
_OFFICES = frozenset({T.DESK, T.ABOVE})
_ANYBODY = frozenset({T.PUBLIC})
_NOMINEE = frozenset({T.NOMINEE})
_NOMINEE_OR_OFFICE = _OFFICES | _NOMINEE  # the office for people who have no account, by what they signed

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "check", "审核通过，开始公示", frozenset({S.PROPOSED}), (S.NOTICE,), _OFFICES,
            needs=("has_no_interest",), takes=("words",), is_main=True, said="审核通过，开始公示",
        ),
        Transition(
            "decline", "不通过", frozenset({S.PROPOSED, S.NOTICE}), (S.DECLINED,), _OFFICES,
            needs=("reason",), is_grave=True, said="没有通过",
        ),
        Transition(
            "withdraw", "撤回推荐", frozenset({S.PROPOSED}), (S.WITHDRAWN,), frozenset({T.PROPOSER}),
            is_grave=True, said="撤回推荐",
        ),
        Transition("object", "提意见", frozenset({S.NOTICE}), (), _ANYBODY, needs=("words",), said="有人提了意见"),
        Transition(
            "answer", "答复意见", frozenset({S.NOTICE, S.DECLINED}), (), _OFFICES,
            needs=("answer",), takes=("is_upheld",), said="答复意见",
        ),
        Transition(
            "award", "授予", frozenset({S.NOTICE}), (S.AWARDED,), _OFFICES, is_main=True, said="授予",
        ),
        Transition(
            "revoke", "收回", frozenset({S.AWARDED}), (S.REVOKED,), _OFFICES,
            needs=("reason",), is_grave=True, said="收回",
        ),
        Transition(
            "consent", "登记本人同意", frozenset({S.PROPOSED}), (), _NOMINEE_OR_OFFICE, said="本人同意参评",
        ),
        Transition(
            "ask", "请居民票选", frozenset({S.PROPOSED, S.NOTICE}), (), _OFFICES, said="请居民票选",
        ),
        Transition("join_wall", "上光荣榜", frozenset({S.AWARDED}), (), _NOMINEE_OR_OFFICE, said="本人同意上光荣榜"),
        Transition(
            "leave_wall", "从光荣榜撤下", frozenset({S.AWARDED}), (), _NOMINEE_OR_OFFICE, said="从光荣榜撤下",
        ),
        Transition(
            "give_photo", "放照片", frozenset({S.AWARDED}), (), _NOMINEE_OR_OFFICE, needs=("photos",),
            said="本人同意放照片",
        ),
        Transition(
            "withdraw_photo", "撤下照片", frozenset({S.AWARDED}), (), _NOMINEE_OR_OFFICE, said="撤下照片",
        ),
        Transition(
            "forget", "本人不愿留名", frozenset({S.PROPOSED, S.NOTICE, S.AWARDED}), (S.WITHDRAWN, S.AWARDED),
            _NOMINEE_OR_OFFICE, is_grave=True, said="按本人的意思不留名",
        ),
    ),
)  # fmt: skip


class BonusState(StrEnum):
    """Where a bonus stands."""

    OWED = "owed"
    TICKED = "ticked"
    PAID = "paid"
    CANCELLED = "cancelled"


class BonusTie(StrEnum):
    """How an actor stands to a bonus."""

    PAYEE = "payee"
    DESK = "desk"
    ABOVE = "above"


BONUS_LABELS = {
    BonusState.OWED: "待发放",
    BonusState.TICKED: "一人已核对",
    BonusState.PAID: "已发放",
    BonusState.CANCELLED: "不发放",
}
B = BonusState
_CASHIERS = frozenset({BonusTie.DESK, BonusTie.ABOVE})

BONUS_LOOP = Lifecycle(
    labels=BONUS_LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "tick", "核对已发放", frozenset({B.OWED, B.TICKED}), (B.TICKED, B.PAID), _CASHIERS,
            is_main=True, said="核对已发放",
        ),
        Transition("untick", "取消核对", frozenset({B.TICKED}), (B.OWED,), _CASHIERS, said="取消核对"),
        Transition(
            "cancel", "不发放", frozenset({B.OWED, B.TICKED}), (B.CANCELLED,), _CASHIERS,
            needs=("reason",), is_grave=True, said="不发放",
        ),
    ),
)  # fmt: skip


class LetterState(StrEnum):
    """Where a text about somebody stands; it goes out only while its person agrees."""

    SHOWN = "shown"
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class LetterTie(StrEnum):
    """How an actor stands to a letter."""

    SUBJECT = "subject"
    DESK = "desk"


LETTER_LABELS = {
    LetterState.SHOWN: "等本人看过",
    LetterState.AGREED: "本人同意发出",
    LetterState.REFUSED: "本人不同意",
    LetterState.TAKEN_BACK: "本人已收回同意",
}
L, LT = LetterState, LetterTie
_SUBJECT, _OFFICE = frozenset({LT.SUBJECT}), frozenset({LT.DESK})

LETTER_LOOP = Lifecycle(
    labels=LETTER_LABELS,
    missing=MISSING,
    transitions=(
        Transition("agree", "同意发出", frozenset({L.SHOWN}), (L.AGREED,), _SUBJECT, is_main=True, said="本人同意发出"),
        Transition(
            "refuse", "不同意", frozenset({L.SHOWN}), (L.REFUSED,), _SUBJECT, takes=("reason",), said="本人不同意",
        ),
        Transition(
            "take_back", "收回同意", frozenset({L.AGREED}), (L.TAKEN_BACK,), _SUBJECT,
            is_grave=True, said="本人收回同意",
        ),
        Transition(
            "rewrite", "改写", frozenset({L.SHOWN, L.REFUSED, L.AGREED}), (L.SHOWN,), _OFFICE,
            needs=("text",), said="改写，再请本人看",
        ),
    ),
)  # fmt: skip
