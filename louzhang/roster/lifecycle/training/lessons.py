"""A lesson (planned → held, or called off) and an enrolment (waiting → seated → attended or missed)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class LessonState(StrEnum):
    """Where a lesson stands."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class LessonTie(StrEnum):
    """How an actor stands to a lesson."""

    TRAINER = "trainer"  # gives it, with an account
    OFFICE = "office"  # works in the office that runs it, or one above
    AUDIENCE = "audience"  # it is for the place they work in


class EnrolmentState(StrEnum):
    """Where somebody stands in a lesson."""

    WAITING = "waiting"
    SEATED = "seated"
    WITHDRAWN = "withdrawn"
    ATTENDED = "attended"
    MISSED = "missed"


class EnrolmentTie(StrEnum):
    """How an actor stands to an enrolment."""

    OWN = "own"
    TRAINER = "trainer"
    OFFICE = "office"
    CLOCK = "clock"


class Way(StrEnum):
    """How it is known that somebody was there. Where they were is never asked of a phone."""

    SHEET = "sheet"
    CODE = "code"


LESSON_LABELS = {
    LessonState.PLANNED: "报名中",
    LessonState.HELD: "已开课",
    LessonState.CALLED_OFF: "已取消",
}
ENROLMENT_LABELS = {
    EnrolmentState.WAITING: "候补",
    EnrolmentState.SEATED: "已报名",
    EnrolmentState.WITHDRAWN: "已取消",
    EnrolmentState.ATTENDED: "已参加",
    EnrolmentState.MISSED: "没有到",
}

_RUN = frozenset({LessonTie.TRAINER, LessonTie.OFFICE})

LESSONS = Lifecycle(
    labels=LESSON_LABELS,
    missing={
        "place": "请写在哪里上课。",
        "starts_at": "请填什么时候开始。",
        "ends_at": "请填什么时候结束。",
        "seats": "请填有多少个座位。",
        "reason": "请写一句为什么取消，报了名的人都会看到。",
    },
    transitions=(
        Transition(
            "change", "改时间地点", frozenset({LessonState.PLANNED}), (), _RUN,
            needs=("place", "starts_at", "ends_at", "seats"), takes=("trainer",), said="改了时间或地点",
        ),
        Transition(
            "hold", "结束并登记", frozenset({LessonState.PLANNED}), (LessonState.HELD,), _RUN,
            is_main=True, said="课上完了",
        ),
        Transition(
            "call_off", "取消这一场", frozenset({LessonState.PLANNED}), (LessonState.CALLED_OFF,), _RUN,
            needs=("reason",), is_grave=True, said="取消了",
        ),
    ),
)  # fmt: skip

E, T = EnrolmentState, EnrolmentTie
TAKES_PART = frozenset({E.WAITING, E.SEATED})
_STAFF = frozenset({T.TRAINER, T.OFFICE})

ENROLMENTS = Lifecycle(
    labels=ENROLMENT_LABELS,
    missing={"way": "请选是签到表还是现场码。"},
    transitions=(
        Transition(
            "give_seat", "补上座位", frozenset({E.WAITING}), (E.SEATED,), frozenset({T.CLOCK}), said="候补上了",
        ),
        Transition(
            "withdraw", "取消报名", TAKES_PART, (E.WITHDRAWN,), frozenset({T.OWN, T.CLOCK}),
            is_grave=True, said="取消了报名",
        ),
        Transition(
            "attend", "到了", TAKES_PART | {E.MISSED}, (E.ATTENDED,), frozenset({T.OWN, *_STAFF}),
            needs=("way",), is_main=True, said="参加了",
        ),
        Transition(
            "correct", "没有到（更正）", frozenset({E.ATTENDED}), (E.MISSED,), _STAFF, said="更正为没有到",
        ),
        Transition(
            "miss", "没有到", TAKES_PART, (E.MISSED,), frozenset({T.CLOCK}), said="没有到",
        ),
    ),
)  # fmt: skip
