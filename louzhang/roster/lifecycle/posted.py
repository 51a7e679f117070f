"""The states of what concerns posted cadres: the posting, a leave, a meeting, a sample check, a paper (R5, R10)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class Tie(StrEnum):
    """How an actor stands to a posted cadre: the four sides of dual management, and the clock."""

    PERSON = "person"  # whose posting it is
    HOME = "home"  # leads the unit that sends
    SITE = "site"  # heads the office where the cadre works
    ABOVE = "above"  # works in the office that runs the team
    CLOCK = "clock"  # the worker, at the end of a term


class PostingState(StrEnum):
    """Where a posting stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SERVING = "serving"
    QUESTIONED = "questioned"
    HEARD = "heard"
    DECLINED = "declined"
    ENDED = "ended"


class Ground(StrEnum):
    """Why somebody is to come back before the term is over."""

    RECALL = "recall"
    WITHDRAW = "withdraw"


class LeaveState(StrEnum):
    """Where a request for leave stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class MeetingState(StrEnum):
    """Where a meeting stands."""

    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class CheckState(StrEnum):
    """Where one drawn record stands."""

    DRAWN = "drawn"
    IN_ORDER = "in_order"
    FAULTY = "faulty"
    ANSWERED = "answered"
    CLOSED = "closed"


class PaperState(StrEnum):
    """Where a text to the home unit stands."""

    DRAFTED = "drafted"
    SHOWN = "shown"
    SEEN = "seen"
    SENT = "sent"


GROUNDS = {Ground.RECALL: "召回（不胜任或违反规定）", Ground.WITHDRAW: "撤回（工作需要或个人原因）"}
T = Tie
_PERSON, _HOME, _SITE, _ABOVE = (frozenset({tie}) for tie in (T.PERSON, T.HOME, T.SITE, T.ABOVE))
_MANAGERS = frozenset({T.HOME, T.SITE, T.ABOVE})

P = PostingState
STANDING = frozenset({P.SERVING, P.QUESTIONED, P.HEARD})
COMING = frozenset({P.PROPOSED, P.CONFIRMED})

POSTING = Lifecycle(
    labels={
        P.PROPOSED: "等双方确认",
        P.CONFIRMED: "双方已确认",
        P.SERVING: "在岗",
        P.QUESTIONED: "等本人说明",
        P.HEARD: "等决定",
        P.DECLINED: "没有派成",
        P.ENDED: "已结束",
    },
    missing={
        "reason": "请写明理由。",
        "ground": "请选择是召回还是撤回。",
        "words": "请写一句话。",
    },
    transitions=(
        Transition(
            "confirm_home", "派出单位确认", frozenset({P.PROPOSED}), (P.PROPOSED, P.CONFIRMED), _HOME,
            is_main=True, said="派出单位确认",
        ),
        Transition(
            "confirm_site", "接收地确认", frozenset({P.PROPOSED}), (P.PROPOSED, P.CONFIRMED), _SITE,
            is_main=True, said="接收地确认",
        ),
        Transition(
            "decline", "不同意", COMING, (P.DECLINED,), frozenset({T.HOME, T.SITE, T.PERSON}),
            needs=("reason",), is_grave=True, said="不同意",
        ),
        Transition(
            "take_back", "收回提议", COMING, (P.DECLINED,), _ABOVE, needs=("reason",), is_grave=True, said="收回了提议",
        ),
        Transition(
            "lapse", "没有派成", COMING, (P.DECLINED,), frozenset({T.CLOCK}), said="任期过了，没有派成",
        ),
        Transition(
            "take_up", "报到上岗", frozenset({P.CONFIRMED}), (P.SERVING,), _ABOVE, is_main=True, said="报到上岗",
        ),
        Transition(
            "question", "提出召回或撤回", frozenset({P.SERVING}), (P.QUESTIONED,), frozenset({*_MANAGERS, T.PERSON}),
            needs=("ground", "reason"), is_grave=True, said="提出召回或撤回",
        ),
        Transition(
            "be_heard", "本人说明", frozenset({P.QUESTIONED}), (P.HEARD,), _PERSON,
            needs=("words",), is_main=True, said="本人说明",
        ),
        Transition(
            "note_silence", "本人不作说明", frozenset({P.QUESTIONED}), (P.HEARD,), _ABOVE,
            needs=("words",), said="本人不作说明",
        ),
        Transition(
            "keep", "继续任职", frozenset({P.HEARD}), (P.SERVING,), _ABOVE, needs=("words",), said="决定继续任职",
        ),
        Transition(
            "call_back", "结束派驻", frozenset({P.HEARD}), (P.ENDED,), _ABOVE,
            needs=("words",), is_grave=True, said="决定结束派驻",
        ),
        Transition(
            "expire", "期满", STANDING, (P.ENDED,), frozenset({T.CLOCK}), said="期满结束",
        ),
    ),
)  # fmt: skip

L = LeaveState
LEAVE = Lifecycle(
    labels={L.ASKED: "等批准", L.APPROVED: "已批准", L.REFUSED: "没有批准", L.TAKEN_BACK: "已收回"},
    missing={"reason": "请写一句为什么，改到哪天可以。"},
    transitions=(
        Transition("approve", "批准", frozenset({L.ASKED}), (L.APPROVED,), _SITE, is_main=True, said="批准"),
        Transition("refuse", "不批准", frozenset({L.ASKED}), (L.REFUSED,), _SITE, needs=("reason",), said="没有批准"),
        Transition(
            "take_back", "收回请假", frozenset({L.ASKED, L.APPROVED}), (L.TAKEN_BACK,), _PERSON, said="收回请假"
        ),
    ),
)

M = MeetingState
MEETING = Lifecycle(
    labels={M.CALLED: "已通知", M.HELD: "已开", M.CANCELLED: "已取消"},
    missing={
        "minutes": "请写会议记录：说了什么，定了什么。",
        "reason": "请写为什么取消，改到什么时候。",
        "words": "请写清要办的事。",
        "category": "请选是哪一类事。",
        "area": "请选在哪里。",
    },
    transitions=(
        Transition(
            "hold", "写会议记录", frozenset({M.CALLED}), (M.HELD,), frozenset({T.ABOVE, T.SITE}),
            needs=("minutes",), takes=("present",), is_main=True, said="会议记录",
        ),
        Transition(
            "give_task", "定一件要办的事", frozenset({M.CALLED, M.HELD}), (), frozenset({T.ABOVE, T.SITE}),
            needs=("category", "area", "words"), said="定下要办的事",
        ),
        Transition(
            "cancel", "取消会议", frozenset({M.CALLED}), (M.CANCELLED,), frozenset({T.ABOVE}),
            needs=("reason",), is_grave=True, said="取消会议",
        ),
    ),
)  # fmt: skip

C = CheckState
CHECK = Lifecycle(
    labels={
        C.DRAWN: "等核对",
        C.IN_ORDER: "属实",
        C.FAULTY: "有出入",
        C.ANSWERED: "本人已回应",
        C.CLOSED: "已了结",
    },
    missing={"words": "请写清哪里有出入，或怎么回事。"},
    transitions=(
        Transition("confirm", "属实", frozenset({C.DRAWN}), (C.IN_ORDER,), _ABOVE, is_main=True, said="核对属实"),
        Transition(
            "fault", "有出入", frozenset({C.DRAWN}), (C.FAULTY,), _ABOVE, needs=("words",), said="核对有出入"
        ),
        Transition(
            "answer", "本人回应", frozenset({C.FAULTY}), (C.ANSWERED,), _PERSON, needs=("words",), is_main=True,
            said="本人回应",
        ),
        Transition(
            "close", "了结", frozenset({C.FAULTY, C.ANSWERED}), (C.CLOSED,), _ABOVE, needs=("words",), said="了结",
        ),
    ),
)  # fmt: skip

A = PaperState
PAPER = Lifecycle(
    labels={A.DRAFTED: "起草中", A.SHOWN: "等本人看", A.SEEN: "本人已看", A.SENT: "已送派出单位"},
    missing={"words": "请写内容。"},
    transitions=(
        Transition(
            "write", "改写", frozenset({A.DRAFTED, A.SHOWN, A.SEEN}), (A.DRAFTED,), frozenset({T.SITE, T.ABOVE}),
            needs=("words",), said="写了内容",
        ),
        Transition("show", "请本人看", frozenset({A.DRAFTED}), (A.SHOWN,), frozenset({T.SITE, T.ABOVE}), is_main=True,
                   said="请本人看"),
        Transition(
            "see", "我看过了", frozenset({A.SHOWN}), (A.SEEN,), _PERSON,
            takes=("remark",), is_main=True, said="本人看过",
        ),
        Transition("send", "送派出单位", frozenset({A.SEEN}), (A.SENT,), _ABOVE, is_main=True, said="送派出单位"),
        Transition(
            "assess", "写派出单位意见", frozenset({A.SENT}), (), _HOME,
            needs=("words",), is_main=True, said="派出单位意见",
        ),
    ),
)  # fmt: skip
