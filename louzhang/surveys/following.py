"""What an answer sets going, without the database: which answers do, and how far what came of one is (R1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from louzhang.kit.lifecycle import Lifecycle, Transition
from louzhang.surveys.questions import CHOOSING, Asked, Kind

FOLLOWED = frozenset({*CHOOSING, Kind.NUMBER})
"""Kinds whose answers lie in the clear and can be asked by a rule. What lies sealed sets nothing going."""


class FollowState(StrEnum):
    """Where a follow-up stands that is called on; of an order or a need the order or the need itself says it."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


class FollowTie(StrEnum):
    """How an actor stands to a follow-up."""

    HANDLER = "handler"
    CLOCK = "clock"


LABELS = {FollowState.WAITING: "等跟进", FollowState.DONE: "已跟进", FollowState.DROPPED: "不用跟进"}
_HANDLER = frozenset({FollowTie.HANDLER})

LOOP = Lifecycle(
    labels=LABELS,
    missing={"reason": "请写明为什么不用跟进。", "role": "请选谁上门。"},
    transitions=(
        Transition(
            "follow", "已跟进", frozenset({FollowState.WAITING}), (FollowState.DONE,), _HANDLER,
            takes=("words",), is_main=True, said="跟进了",
        ),
        Transition(
            "drop", "不用跟进", frozenset({FollowState.WAITING}), (FollowState.DROPPED,),
            frozenset({FollowTie.HANDLER, FollowTie.CLOCK}), needs=("reason",), said="不用跟进",
        ),
        Transition(
            "pass_on", "换人跟进", frozenset({FollowState.WAITING}), (), frozenset({FollowTie.CLOCK}),
            needs=("role",), said="换了人跟进",
        ),
    ),
)  # fmt: skip


def is_met(condition: Mapping[str, Any], answer: Any) -> bool:
    """Whether an answer is one of those a rule waits for; 不愿回答 and no answer never are."""
    if isinstance(answer, bool) or answer in (None, "", "-"):
        return False
    if wanted := condition.get("answers"):
        said = answer if isinstance(answer, list) else [answer]
        return any(each in wanted for each in said)
    if not isinstance(answer, int | float):
        return False
    least, most = condition.get("least"), condition.get("most")
    if least is None and most is None:
        return False
    return (least is None or answer >= least) and (most is None or answer <= most)


def problem_with(asked: Asked, condition: Mapping[str, Any]) -> str:
    """What is wrong with a condition on a question, as a sentence; empty where nothing is."""
    if asked.kind not in FOLLOWED:
        return "只有选择题和数字题能设跟进。文字和家里每个人的情况是密存的，不会自动转出去。"
    if asked.kind is Kind.NUMBER:
        least, most = condition.get("least"), condition.get("most")
        if least is None and most is None:
            return "请写从几起，或到几为止。"
        return "最小不能大于最大。" if least is not None and most is not None and least > most else ""
    wanted = set(condition.get("answers", ()))
    codes = {option.code for option in asked.choices}
    return "" if wanted and wanted <= codes else "请选哪些答案要跟进。“不愿回答”不会引起任何跟进。"


def words_of(asked: Asked, condition: Mapping[str, Any]) -> str:
    """A condition in words."""
    if wanted := condition.get("answers"):
        chosen = [option.words for option in asked.choices if option.code in wanted]
        return "答“" + "”或“".join(chosen) + "”"
    least, most = condition.get("least"), condition.get("most")
    if least is not None and most is not None:
        return f"从 {least} 到 {most}"
    return f"{least} 或更多" if least is not None else f"{most} 或更少"
