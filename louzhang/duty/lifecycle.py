"""A sign-over as data: written by who leaves, countersigned by who comes (交接班)."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class HandoverState(StrEnum):
    """Where a sign-over stands."""

    WRITTEN = "written"
    SIGNED = "signed"


class Tie(StrEnum):
    """How an actor stands to a sign-over."""

    GIVER = "giver"  # wrote it
    TAKER = "taker"  # is to countersign it
    MEMBER = "member"  # works in the same unit
    ABOVE = "above"  # works in the command centre


LABELS = {HandoverState.WRITTEN: "等接班人签字", HandoverState.SIGNED: "已交接"}
MISSING = {"taker": "请选择接班的人。"}

LOOP = Lifecycle(
    labels=LABELS,
    missing=MISSING,
    transitions=(
        Transition(
            "countersign", "接班签字", frozenset({HandoverState.WRITTEN}), (HandoverState.SIGNED,),
            frozenset({Tie.TAKER}), takes=("words",), is_main=True, said="接班签字",
        ),
    ),
)  # fmt: skip
