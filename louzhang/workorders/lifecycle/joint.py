"""Several units on one order: helping, handing on, and what the level above decides (主办/协办, 会商).

`take_part`, `reply_part`, `release_part` and the contact verbs move a part along its own table
(`lifecycle.parts`) in the same transaction; the order stays where it is.
"""

from __future__ import annotations

from louzhang.workorders.lifecycle.rows import transition
from louzhang.workorders.lifecycle.states import Relation, State

S, R = State, Relation

# An order on which units can work together.
JOINT_STATES = frozenset({S.ACCEPTED, S.DISPATCHED, S.TAKEN})
# So many send-backs and transfers together, and only the level above decides.
BOUNCES_AT_MOST = 2
# What the units and the desk may no longer do with such an order.
ABOVE_ONLY = frozenset({"dispatch", "transfer", "send_back"})
# What the unit named by the level above may not do.
BOUND = frozenset({"transfer", "send_back"})
CONTESTED = "这件事已经退回或转办两次，只能由上一级会商决定交给谁。请等上一级的决定，或联系上一级办公室。"
DECIDED = "这件事由上一级会商决定交给现在的承办单位，不能再退回或转办。确有困难的，请联系作出决定的办公室。"

JOINT = (
    transition(
        "ask_assist", "请求协办", JOINT_STATES, (), {R.DESK, R.LEAD},
        needs=("units", "task"), takes=("due_at",), said="请求协办",
    ),
    transition(
        "take_part", "签收协办", JOINT_STATES, (), {R.ASKED},
        takes=("part", "note"), is_main=True, said="已签收协办",
    ),
    transition(
        "reply_part", "回复协办", JOINT_STATES, (), {R.HELPING},
        needs=("reply",), takes=("part", "photos"), is_main=True, said="协办已回复",
    ),
    transition(
        "release_part", "免除协办", JOINT_STATES, (), {R.DESK, R.LEAD, R.ARBITER},
        needs=("part", "reason"), said="免除协办",
    ),
    transition(
        "ask_contact", "申请联系方式", JOINT_STATES, (), {R.ASSIST},
        needs=("reason",), takes=("part",), said="申请看反映人的联系方式",
    ),
    transition(
        "grant_contact", "同意提供联系方式", JOINT_STATES, (), {R.DESK, R.LEAD},
        needs=("part",), takes=("reason",), said="同意协办单位看联系方式",
    ),
    transition("remind_part", "提醒协办", JOINT_STATES, (), {R.SYSTEM}, needs=("part",), said="提醒：协办快到时限"),
    transition("overdue_part", "协办超期", JOINT_STATES, (), {R.SYSTEM}, needs=("part",), said="协办超期"),
    transition(
        "recompute_part", "重算协办时限", JOINT_STATES, (), {R.SYSTEM}, needs=("part",), said="协办时限重新计算",
    ),
    transition(
        "transfer", "转办", {S.DISPATCHED, S.TAKEN}, (S.DISPATCHED,), {R.LEAD},
        needs=("unit", "reason"), is_grave=True, said="转给别的单位办理",
    ),
    transition(
        "arbitrate", "会商决定", JOINT_STATES, (S.DISPATCHED,), {R.ARBITER},
        needs=("unit", "clause", "decision"), takes=("assists",), is_main=True, said="会商决定交给",
    ),
)  # fmt: skip


def bar_of(verb: str, *, bounces: int, is_decided: bool) -> str:
    """Why a verb is closed to everybody but the level above; empty where it is not."""
    if verb in ABOVE_ONLY and bounces >= BOUNCES_AT_MOST:
        return CONTESTED
    return DECIDED if verb in BOUND and is_decided else ""
