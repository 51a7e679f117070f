"""The closed loop of a work order as data (handbook R11: 受理 → 交办 → 办理 → 反馈).

States, relations and transitions; the walker, the buttons, the API, the tests and the diagram
in the docs all read this table. Relations are ties to the order, never posts.
"""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class State(StrEnum):
    """Where an order stands."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    TAKEN = "taken"
    SETTLED = "settled"
    ANSWERED = "answered"
    RATED = "rated"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Relation(StrEnum):
    """How an actor stands to an order (see `queries.relation_terms`)."""

    DESK = "desk"  # works in the office that accepts and dispatches it
    HOLDER = "holder"  # sits in the seat that holds it, or is named on it
    LEAD = "lead"  # works in the unit it is dispatched to
    FORMER = "former"  # works in a unit that had it before
    KEEPER = "keeper"  # looks after the grid, building or stairwell it lies in
    TELLER = "teller"  # keeper whose neighbour chose to be told at the door
    REPORTER = "reporter"  # reported it, or opened it by its code
    ABOVE = "above"  # works in the office of a place above it
    SYSTEM = "system"  # the clock


LABELS = {
    State.REPORTED: "待受理",
    State.ACCEPTED: "待交办",
    State.DISPATCHED: "待签收",
    State.TAKEN: "办理中",
    State.SETTLED: "待反馈",
    State.ANSWERED: "待评价",
    State.RATED: "已评价",
    State.CLOSED: "已结案",
    State.DECLINED: "不予受理",
    State.WITHDRAWN: "已撤回",
}

# What a resident reads instead.
RESIDENT_LABELS = {
    State.REPORTED: "已收到，等待受理",
    State.ACCEPTED: "已受理，正在安排",
    State.DISPATCHED: "已交给承办单位",
    State.TAKEN: "正在办",
    State.SETTLED: "办好了，等待向您反馈",
    State.ANSWERED: "已反馈，请您评价",
    State.RATED: "谢谢您的评价",
    State.CLOSED: "已结束",
    State.DECLINED: "没有受理，请看说明",
    State.WITHDRAWN: "您已撤回",
}

OPEN = frozenset({State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.TAKEN, State.SETTLED})
AWAITING_RESIDENT = frozenset({State.ANSWERED, State.RATED})
ENDED = frozenset({State.CLOSED, State.DECLINED, State.WITHDRAWN})

# The four steps a resident sees; the step a state is in, 1 to 4 (5: all done).
STEPS = ("受理", "交办", "办理", "反馈")
STEP_OF = {
    State.REPORTED: 1,
    State.ACCEPTED: 2,
    State.DISPATCHED: 3,
    State.TAKEN: 3,
    State.SETTLED: 4,
    State.ANSWERED: 5,
    State.RATED: 5,
    State.CLOSED: 5,
    State.DECLINED: 1,
    State.WITHDRAWN: 1,
}

MISSING = {
    "reason": "请写明理由，让对方知道为什么。",
    "advice": "请写一句建议，告诉反映人接下来可以找谁、怎么办。",
    "unit": "请选择承办单位。",
    "note": "请写一句办理情况，说明做了什么。",
    "answer": "请写一句给反映人的答复。",
    "category": "请选择类别。",
    "area": "请选择地点。",
    "words": "请写下要说的话。",
    "stars": "请选择一到五颗星。",
    "solved": "请选择“已解决”或“未解决”。",
    "seat": "请选择由谁办理。",
    "call_result": "请选择告知结果。",
}


def transition(
    verb: str,
    label: str,
    sources: set[State] | frozenset[State],
    targets: tuple[State, ...],
    relations: set[Relation],
    needs: tuple[str, ...] = (),
    takes: tuple[str, ...] = (),
    *,
    audience: str = "handlers",
    is_main: bool = False,
    is_grave: bool = False,
    said: str = "",
) -> Transition:
    """One row of the table below."""
    return Transition(
        verb=verb,
        label=label,
        sources=frozenset(sources),
        targets=targets,
        relations=frozenset(relations),
        needs=needs,
        takes=takes,
        audience=audience,
        is_main=is_main,
        is_grave=is_grave,
        said=said or label,
    )


S, R = State, Relation

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        transition(
            "accept", "受理", {S.REPORTED}, (S.ACCEPTED,), {R.DESK},
            takes=("note",), audience="public", is_main=True, said="已受理",
        ),
        transition(
            "decline", "不予受理", {S.REPORTED, S.ACCEPTED}, (S.DECLINED,), {R.DESK},
            needs=("reason", "advice"), audience="public", is_grave=True, said="没有受理",
        ),
        transition(
            "dispatch", "交办", {S.ACCEPTED}, (S.DISPATCHED,), {R.DESK},
            needs=("unit",), takes=("seat", "assignee", "note"), audience="public",
            is_main=True, said="已交办",
        ),
        transition(
            "assign", "指定承办人", {S.DISPATCHED, S.TAKEN}, (), {R.LEAD},
            needs=("seat",), takes=("note",), said="已指定承办人",
        ),
        transition(
            "take", "签收", {S.DISPATCHED}, (S.TAKEN,), {R.HOLDER, R.LEAD},
            takes=("note",), audience="public", is_main=True, said="已签收，开始办理",
        ),
        transition(
            "settle", "办结", {S.TAKEN}, (S.SETTLED,), {R.HOLDER, R.LEAD},
            needs=("note",), takes=("photos",), audience="public", is_main=True, said="已办结",
        ),
        transition(
            "settle_on_spot", "现场办结", {S.REPORTED, S.ACCEPTED, S.DISPATCHED},
            (S.SETTLED, S.CLOSED), {R.KEEPER},
            needs=("note",), takes=("photos",), audience="public", said="现场办结",
        ),
        transition(
            "send_back", "退回", {S.DISPATCHED, S.TAKEN}, (S.ACCEPTED,), {R.HOLDER, R.LEAD},
            needs=("reason",), is_grave=True, said="退回重新交办",
        ),
        transition(
            "report_back", "反馈", {S.SETTLED}, (S.ANSWERED,), {R.DESK, R.TELLER},
            needs=("answer",), audience="public", is_main=True, said="已反馈",
        ),
        transition(
            "tell", "告知", AWAITING_RESIDENT, (), {R.DESK, R.TELLER},
            needs=("call_result",), takes=("words",), said="已当面或电话告知",
        ),
        transition(
            "rate", "评价", {S.ANSWERED, S.RATED, S.CLOSED}, (S.RATED, S.CLOSED), {R.REPORTER},
            needs=("stars", "solved"), takes=("words",), audience="public", is_main=True,
            said="已评价",
        ),
        transition(
            "close", "结案", {S.SETTLED, S.ANSWERED, S.RATED}, (S.CLOSED,), {R.DESK, R.SYSTEM},
            takes=("call_result", "words"), audience="public", said="已结案",
        ),
        transition(
            "reopen", "重新办理", {S.ANSWERED, S.RATED, S.CLOSED}, (S.TAKEN, S.ACCEPTED),
            {R.REPORTER, R.DESK}, needs=("reason",), audience="public", said="重新办理",
        ),
        transition(
            "withdraw", "撤回", {S.REPORTED, S.ACCEPTED, S.DISPATCHED}, (S.WITHDRAWN,),
            {R.REPORTER}, takes=("reason",), audience="public", is_grave=True, said="反映人撤回",
        ),
        transition(
            "recategorise", "改类别", OPEN, (), {R.DESK},
            needs=("category",), takes=("reason",), said="改了类别",
        ),
        transition(
            "relocate", "改地点", OPEN, (), {R.DESK},
            needs=("area",), takes=("reason",), said="改了地点",
        ),
        transition(
            "comment", "留言", OPEN | AWAITING_RESIDENT, (),
            {R.DESK, R.HOLDER, R.LEAD, R.KEEPER, R.REPORTER, R.ABOVE},
            needs=("words",), takes=("photos",), said="留言",
        ),
    ),
)  # fmt: skip
