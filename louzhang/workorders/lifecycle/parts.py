"""A part of a joint order (协办): what one unit is asked to do, its own small loop.

asked → taken → replied, or released with a reason. It lapses by itself where its order is declined or
withdrawn, and where its unit becomes the lead. What its clocks do, it does by itself too.
"""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.workorders.lifecycle.rows import MISSING
from louzhang.workorders.lifecycle.states import Relation


class PartState(StrEnum):
    """Where a part stands."""

    ASKED = "asked"
    TAKEN = "taken"
    REPLIED = "replied"
    RELEASED = "released"


PART_LABELS = {
    PartState.ASKED: "待签收",
    PartState.TAKEN: "协办中",
    PartState.REPLIED: "已回复",
    PartState.RELEASED: "已免除",
}
OPEN_PARTS = frozenset({PartState.ASKED, PartState.TAKEN})

P, R = PartState, Relation


def _step(
    verb: str, label: str, sources: frozenset[PartState], target: PartState, relations: set[Relation]
) -> Transition:
    return Transition(verb, label, frozenset(sources), (target,), frozenset(relations))


PART_LOOP = Lifecycle(
    labels=PART_LABELS,
    missing=MISSING,
    transitions=(
        _step("take_part", "签收协办", frozenset({P.ASKED}), P.TAKEN, {R.ASSIST}),
        _step("reply_part", "回复协办", frozenset({P.TAKEN}), P.REPLIED, {R.ASSIST}),
        _step("release_part", "免除协办", OPEN_PARTS, P.RELEASED, {R.DESK, R.LEAD, R.ARBITER}),
        _step("lapse", "随工单结束", OPEN_PARTS, P.RELEASED, {R.SYSTEM}),
        Transition("follow", "时限随工单变化", OPEN_PARTS, (), frozenset({R.SYSTEM})),
        Transition("remind", "到时提醒", OPEN_PARTS, (), frozenset({R.SYSTEM})),
        Transition("overdue", "超期", OPEN_PARTS, (), frozenset({R.SYSTEM})),
        Transition("recompute", "重算时限", OPEN_PARTS, (), frozenset({R.SYSTEM})),
        Transition("ask_contact", "申请联系方式", frozenset(set(P) - {P.RELEASED}), (), frozenset({R.ASSIST})),
        Transition("grant_contact", "同意提供", frozenset(set(P) - {P.RELEASED}), (), frozenset({R.DESK, R.LEAD})),
    ),
)
