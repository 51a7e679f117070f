"""选任 as data: a round from its announcement to the appointment, a nominee, an objection (handbook R2, R3, R8)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class StepKind(StrEnum):
    """The steps that a district's rule may leave out, each only with its reason."""

    NOMINATION = "nomination"
    REVIEW = "review"
    ELECTION = "election"
    NOTICE = "notice"


STEP_LABELS = {
    StepKind.NOMINATION: "公开推荐",
    StepKind.REVIEW: "考察",
    StepKind.ELECTION: "投票",
    StepKind.NOTICE: "公示",
}


class RoundState(StrEnum):
    """Where a round stands."""

    NOMINATING = "nominating"
    EMPTY = "empty"
    CONSENTING = "consenting"
    REVIEWING = "reviewing"
    ELECTING = "electing"
    NOTICING = "noticing"
    APPOINTING = "appointing"
    APPOINTED = "appointed"
    BROKEN = "broken"


class NomineeState(StrEnum):
    """Where somebody who was named stands."""

    NAMED = "named"
    STANDING = "standing"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    FAILED = "failed"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    TAKEN_OUT = "taken_out"
    APPOINTED = "appointed"


class ObjectionState(StrEnum):
    """Where an objection to a notice stands."""

    OPEN = "open"
    ANSWERED = "answered"


class Tie(StrEnum):
    """How an actor stands to a round, a nominee or an objection."""

    DESK = "desk"  # works in the office of the community, and does not stand
    ABOVE = "above"  # works in the office of the street or district
    REVIEWER = "reviewer"  # looks after the grid, and does not stand
    NOMINEE = "nominee"  # was named
    RESIDENT = "resident"  # lives in the community, confirmed
    OBJECTOR = "objector"  # wrote the objection
    CLOCK = "clock"  # the worker


ROUND_LABELS = {
    RoundState.NOMINATING: "推荐中",
    RoundState.EMPTY: "没有人选",
    RoundState.CONSENTING: "等本人答复",
    RoundState.REVIEWING: "考察中",
    RoundState.ELECTING: "投票中",
    RoundState.NOTICING: "公示中",
    RoundState.APPOINTING: "等聘任",
    RoundState.APPOINTED: "已聘任",
    RoundState.BROKEN: "已中止",
}
NOMINEE_LABELS = {
    NomineeState.NAMED: "等本人答复",
    NomineeState.STANDING: "本人同意",
    NomineeState.DECLINED: "本人不参加",
    NomineeState.LAPSED: "没有答复",
    NomineeState.WITHDRAWN: "本人退出",
    NomineeState.PASSED: "考察通过",
    NomineeState.FAILED: "考察没有通过",
    NomineeState.CHOSEN: "拟任人选",
    NomineeState.NOT_CHOSEN: "没有选上",
    NomineeState.TAKEN_OUT: "取消人选",
    NomineeState.APPOINTED: "已聘任",
}
OBJECTION_LABELS = {ObjectionState.OPEN: "等答复", ObjectionState.ANSWERED: "已答复"}

MISSING = {
    "until": "请选推荐到哪一天为止。",
    "reason": "请写明原因，选任的页面和记录里都会写着。",
    "vacancy": "请选是哪个位置。",
    "nominee": "请选是哪一位。",
    "words": "请写一句话。",
    "answer": "请写答复，提意见的人会看到。",
    "finding": "请选异议成立不成立。",
    "virtue": "请写一句德行：为人怎么样，举一件事。",
    "ability": "请写一句能力：能办什么事。",
    "work": "请写一句实干：做过什么。",
    "people": "请写一句人熟：认识哪些住户。",
    "place": "请写一句地熟：对楼里院里熟不熟。",
    "matters": "请写一句情况熟：知道居民的什么事。",
}
# 德行、能力、实干；人熟、地熟、情况熟: each a sentence, never a number.
CRITERIA = {
    "virtue": "德行",
    "ability": "能力",
    "work": "实干",
    "people": "人熟",
    "place": "地熟",
    "matters": "情况熟",
}

R, N, T = RoundState, NomineeState, Tie
# What of a round stands open to change.
OPEN = frozenset({R.NOMINATING, R.EMPTY, R.CONSENTING, R.REVIEWING, R.ELECTING, R.NOTICING, R.APPOINTING})
NAMING = frozenset({R.NOMINATING, R.CONSENTING})
# Those who stand: residents read their names.
STANDS = frozenset({N.STANDING, N.PASSED, N.CHOSEN})
PUBLIC = frozenset({*STANDS, N.APPOINTED})
WAITING = frozenset({N.NAMED, *STANDS})
# Who reads what reviewers wrote.
REVIEW_READERS = frozenset({T.DESK, T.REVIEWER, T.NOMINEE})
_DESK = frozenset({T.DESK})
_NEXT = (R.REVIEWING, R.ELECTING, R.NOTICING, R.APPOINTING)

ROUND_LOOP = Lifecycle(
    labels=ROUND_LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "extend", "延长推荐", frozenset({R.NOMINATING, R.EMPTY, R.CONSENTING}), (R.NOMINATING,), _DESK,
            needs=("until", "reason"), audience="public", said="延长了推荐",
        ),
        Transition(
            "close", "结束推荐", frozenset({R.NOMINATING}), (R.CONSENTING, R.EMPTY), frozenset({T.DESK, T.CLOCK}),
            audience="public", said="推荐结束",
        ),
        Transition(
            "go_on", "进入下一步", frozenset({R.CONSENTING, R.REVIEWING, R.ELECTING}), _NEXT, _DESK,
            audience="public", is_main=True, said="进入下一步",
        ),
        Transition(
            "renotice", "换人选，重新公示", frozenset({R.NOTICING, R.APPOINTING}), (R.NOTICING, R.APPOINTING), _DESK,
            needs=("nominee", "reason"), audience="public", said="换了人选，重新公示",
        ),
        Transition(
            "end_notice", "公示结束", frozenset({R.NOTICING}), (R.APPOINTING,), frozenset({T.DESK, T.CLOCK}),
            audience="public", is_main=True, said="公示结束",
        ),
        Transition(
            "drop", "移出一个位置", OPEN, (), _DESK,
            needs=("vacancy", "reason"), audience="public", said="移出了一个位置",
        ),
        Transition(
            "appoint", "聘任", frozenset({R.APPOINTING}), (R.APPOINTED,), _DESK,
            takes=("starts_on", "ends_on"), audience="public", is_main=True, said="聘任",
        ),
        Transition(
            "break_off", "中止选任", OPEN, (R.BROKEN,), frozenset({T.DESK, T.ABOVE}),
            needs=("reason",), audience="public", is_grave=True, said="中止",
        ),
    ),
)  # fmt: skip

NOMINEE_LOOP = Lifecycle(
    labels=NOMINEE_LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "consent", "同意参加", frozenset({N.NAMED}), (N.STANDING,), frozenset({T.NOMINEE, T.DESK}),
            takes=("statement", "words"), audience="parties", is_main=True, said="本人同意参加",
        ),
        Transition(
            "decline", "不参加", frozenset({N.NAMED}), (N.DECLINED,), frozenset({T.NOMINEE, T.DESK}),
            takes=("words",), audience="parties", said="本人不参加",
        ),
        Transition(
            "withdraw", "退出", STANDS, (N.WITHDRAWN,), frozenset({T.NOMINEE, T.DESK}),
            takes=("words",), audience="parties", is_grave=True, said="本人退出",
        ),
        Transition(
            "review", "写考察意见", frozenset({N.STANDING}), (), frozenset({T.DESK, T.REVIEWER}),
            needs=tuple(CRITERIA), audience="parties", is_main=True, said="写了考察意见",
        ),
        Transition(
            "pass", "考察通过", frozenset({N.STANDING}), (N.PASSED,), _DESK,
            needs=("words",), audience="parties", said="考察通过",
        ),
        Transition(
            "fail", "考察不通过", frozenset({N.STANDING}), (N.FAILED,), _DESK,
            needs=("words",), audience="parties", said="考察没有通过",
        ),
        Transition(
            "choose", "定为拟任人选", frozenset({N.STANDING, N.PASSED, N.NOT_CHOSEN}), (N.CHOSEN,),
            frozenset({T.DESK, T.CLOCK}), takes=("words",), audience="parties", said="定为拟任人选",
        ),
        Transition(
            "take_out", "取消人选", frozenset({N.CHOSEN}), (N.TAKEN_OUT,), _DESK,
            needs=("reason",), audience="parties", is_grave=True, said="取消了人选",
        ),
        Transition(
            "lapse", "没有答复", frozenset({N.NAMED}), (N.LAPSED,), _DESK, audience="parties", said="没有答复",
        ),
        Transition(
            "pass_over", "没有选上", frozenset({N.STANDING, N.PASSED}), (N.NOT_CHOSEN,),
            frozenset({T.DESK, T.CLOCK}), audience="parties", said="没有选上",
        ),
        Transition(
            "appoint", "聘任", frozenset({N.CHOSEN}), (N.APPOINTED,), _DESK, audience="parties", said="聘任",
        ),
    ),
)  # fmt: skip

OBJECTION_LOOP = Lifecycle(
    labels=OBJECTION_LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "answer", "答复", frozenset({ObjectionState.OPEN}), (ObjectionState.ANSWERED,), _DESK,
            needs=("finding", "answer"), audience="parties", is_main=True, said="答复",
        ),
    ),
)  # fmt: skip
# Done as part of a step of the round, never by a button of their own.
UNDER_WAY = frozenset({"choose", "lapse", "pass_over", "appoint"})
# While which states of the round a verb of a nominee is open, and what is said otherwise.
WHILE = {
    "consent": (NAMING, "推荐已经结束，现在不能再答复。请联系社区。"),
    "decline": (NAMING, "推荐已经结束，不用再答复。"),
    "withdraw": (OPEN, "这次选任已经结束，不能再退出。要辞任请联系社区。"),
    "review": (frozenset({R.REVIEWING}), "现在不是考察的时候，请看选任走到了哪一步。"),
    "pass": (frozenset({R.REVIEWING}), "现在不是考察的时候，请看选任走到了哪一步。"),
    "fail": (frozenset({R.REVIEWING}), "现在不是考察的时候，请看选任走到了哪一步。"),
    "take_out": (frozenset({R.NOTICING, R.APPOINTING}), "只有公示以后才能取消拟任人选。"),
}
