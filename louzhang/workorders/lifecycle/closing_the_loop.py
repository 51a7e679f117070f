"""The closed loop itself: report → accept → dispatch → take → settle → report back → rate → close."""

from __future__ import annotations

from louzhang.workorders.lifecycle.rows import transition
from louzhang.workorders.lifecycle.states import AWAITING_RESIDENT, OPEN, Relation, State

S, R = State, Relation

MAIN = (
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
        needs=("unit",), takes=("seat", "assignee", "assists", "note"), audience="public",
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
        "tell", "告知回访", AWAITING_RESIDENT | {S.CLOSED}, (), {R.DESK, R.TELLER},
        needs=("call_result",), takes=("solved", "words"), said="已当面或电话告知",
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
        {R.REPORTER, R.SYSTEM}, takes=("reason",), audience="public", is_grave=True, said="已撤回",
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
)  # fmt: skip
