"""What is done beside the main loop: urge, supervise, shelve, escalate, verify, settle by explanation.

Most of these verbs leave the order where it stands and change a mark on it (`supervision`, `explanation`,
`shelved_until`, `is_to_verify`). `ONLY_WHILE` says which marks a verb needs; code, buttons and lists read it.
A supervision (督办) has a small loop of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.workorders.lifecycle.rows import MISSING, transition
from louzhang.workorders.lifecycle.states import AWAITING_RESIDENT, IN_PROGRESS, OPEN, Relation, State
from louzhang.workorders.lifecycle.time import TIME_ONLY_WHILE

S, R = State, Relation


class SupervisionState(StrEnum):
    """Where a supervision stands; the order carries it while it is not lifted."""

    ASKED = "asked"
    SIGNED = "signed"
    REPLIED = "replied"
    LIFTED = "lifted"


class Explanation(StrEnum):
    """Whether an order is to be settled by explanation: proposed, or agreed by the second reader."""

    ASKED = "asked"
    AGREED = "agreed"


SUPERVISION_LABELS = {
    SupervisionState.ASKED: "待签收",
    SupervisionState.SIGNED: "待回复",
    SupervisionState.REPLIED: "待解除",
    SupervisionState.LIFTED: "已解除",
}
STANDING = frozenset({SupervisionState.ASKED, SupervisionState.SIGNED, SupervisionState.REPLIED})
# Only what has been accepted and is not done can be put on the shelf; whoever moves on leaves it.
SHELVABLE = frozenset({S.ACCEPTED, S.DISPATCHED, S.TAKEN})
VERIFIED_IN = frozenset({S.SETTLED, *AWAITING_RESIDENT})

OVERSIGHT = (
    transition(
        "urge", "催办", IN_PROGRESS, (), {R.REPORTER, R.DESK, R.ABOVE},
        takes=("words",), said="催办",
    ),
    transition(
        "supervise", "督办", OPEN, (), {R.OVER},
        needs=("demand", "due_date"), said="督办",
    ),
    transition(
        "sign_supervision", "签收督办", set(S), (), {R.ADDRESSEE},
        takes=("note",), is_main=True, said="签收了督办",
    ),
    transition(
        "reply_supervision", "回复督办", set(S), (), {R.ADDRESSEE},
        needs=("reply",), takes=("photos",), is_main=True, said="回复了督办",
    ),
    transition(
        "lift_supervision", "解除督办", set(S), (), {R.OVER},
        takes=("reason",), said="解除了督办",
    ),
    transition(
        "shelve", "挂账", SHELVABLE, (), {R.DESK},
        needs=("explanation", "review_date"), audience="public", said="挂账，暂缓办理",
    ),
    transition(
        "unshelve", "恢复办理", SHELVABLE, (), {R.DESK, R.SYSTEM},
        takes=("reason",), audience="public", said="恢复办理",
    ),
    transition(
        "escalate", "提级办理", IN_PROGRESS, (), {R.DESK},
        needs=("reason",), said="提级办理，交上一级",
    ),
    transition(
        "verify", "核实", VERIFIED_IN, (), {R.KEEPER, R.DESK},
        needs=("note",), takes=("photos",), audience="public", is_main=True, said="已到现场核实",
    ),
    transition(
        "refute", "核实没办好", VERIFIED_IN, (S.TAKEN, S.ACCEPTED), {R.KEEPER, R.DESK},
        needs=("reason",), takes=("photos",), audience="public", is_grave=True,
        said="现场核实还没有办好，重新办理",
    ),
    transition(
        "settle_by_explanation", "解释说明", {S.TAKEN}, (), {R.HOLDER, R.LEAD},
        needs=("explanation", "basis"), takes=("clause",), said="提出解释说明，等待复核",
    ),
    transition(
        "confirm_explanation", "复核同意", {S.TAKEN}, (S.SETTLED,), {R.DESK, R.OVER},
        takes=("note",), audience="public", is_main=True, said="解释说明",
    ),
    transition(
        "return_explanation", "复核不同意", {S.TAKEN}, (), {R.DESK, R.OVER},
        needs=("reason",), is_grave=True, said="解释说明没有通过复核，继续办理",
    ),
)  # fmt: skip

V = SupervisionState
SUPERVISION_LOOP = Lifecycle(
    labels=SUPERVISION_LABELS,
    missing=MISSING,
    transitions=(
        Transition("sign_supervision", "签收督办", frozenset({V.ASKED}), (V.SIGNED,), frozenset({R.ADDRESSEE})),
        Transition("reply_supervision", "回复督办", frozenset({V.SIGNED}), (V.REPLIED,), frozenset({R.ADDRESSEE})),
        Transition("lift_supervision", "解除督办", STANDING, (V.LIFTED,), frozenset({R.OVER})),
    ),
)

# Which marks of an order a verb needs, and the sentence for whoever comes too late. Keys are columns of the
# order, with `__in` or `__isnull` where it is not one value.
ONLY_WHILE: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "urge": ({"shelved_until__isnull": True}, "这件事已经挂账，到复查日期会恢复办理，请先看挂账的说明。"),
    "supervise": ({"supervision": ""}, "这件事正在督办中，请先看督办的进展，或解除以后重新督办。"),
    "sign_supervision": ({"supervision": V.ASKED}, "现在没有等待签收的督办，请刷新页面，按最新状态处理。"),
    "reply_supervision": ({"supervision": V.SIGNED}, "没有等待回复的督办。没签收的请先签收，已回复的请等上级解除。"),
    "lift_supervision": ({"supervision__in": sorted(STANDING)}, "这件事现在没有督办，请刷新页面。"),
    "shelve": ({"shelved_until__isnull": True}, "这件事已经挂账了。要改复查日期，请先恢复办理，再重新挂账。"),
    "unshelve": ({"shelved_until__isnull": False}, "这件事没有挂账，请刷新页面。"),
    "verify": ({"is_to_verify": True}, "这件事现在不需要核实，请刷新页面。"),
    "refute": ({"is_to_verify": True}, "这件事现在不需要核实，请刷新页面。"),
    "close": ({"is_to_verify": False}, "这类事项要先到现场核实才能结案。请楼长、网格员或受理人员先做“核实”。"),
    "settle_by_explanation": ({"explanation": ""}, "已经提出过解释说明，正在等人复核，请等复核的结果。"),
    "confirm_explanation": ({"explanation": Explanation.ASKED}, "现在没有等待复核的解释说明，请刷新页面。"),
    "return_explanation": ({"explanation": Explanation.ASKED}, "现在没有等待复核的解释说明，请刷新页面。"),
    **TIME_ONLY_WHILE,
}  # fmt: skip


def lacks(verb: str, column: Callable[[str], Any]) -> str:
    """Why the marks of an order, read by `column`, close a verb; empty where they do not."""
    wanted, sentence = ONLY_WHILE.get(verb, ({}, ""))
    return "" if all(_holds(name, value, column) for name, value in wanted.items()) else sentence


def _holds(name: str, wanted: Any, column: Callable[[str], Any]) -> bool:
    field, _, how = name.partition("__")
    found = column(field)
    if how == "in":
        return found in wanted
    return (found is None) is wanted if how == "isnull" else bool(found == wanted)
