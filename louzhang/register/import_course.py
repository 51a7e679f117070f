"""An import as data: a file is read, its columns are agreed on, looked at, carried in, and perhaps taken back."""

from __future__ import annotations

from enum import StrEnum

from louzhang.kit.lifecycle import Lifecycle, Transition


class ImportState(StrEnum):
    """Where an import stands."""

    RECEIVED = "received"
    READ = "read"
    MAPPED = "mapped"
    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    STORED = "stored"
    RETURNING = "returning"
    RETURNED = "returned"
    REFUSED = "refused"
    DROPPED = "dropped"


class Tie(StrEnum):
    """How an actor stands to an import."""

    OFFICE = "office"  # works in the office of the community
    CLOCK = "clock"  # the worker


LABELS = {
    ImportState.RECEIVED: "正在读文件",
    ImportState.READ: "等您核对各列",
    ImportState.MAPPED: "正在核对各行",
    ImportState.PREVIEWED: "等您确认",
    ImportState.CONFIRMED: "正在导入",
    ImportState.STORED: "已导入",
    ImportState.RETURNING: "正在撤销",
    ImportState.RETURNED: "已撤销",
    ImportState.REFUSED: "读不了",
    ImportState.DROPPED: "已放弃",
}

# Where the worker has something to do, and the page shows a bar.
WORKING = frozenset({ImportState.RECEIVED, ImportState.MAPPED, ImportState.CONFIRMED, ImportState.RETURNING})
ENDED = frozenset({ImportState.STORED, ImportState.RETURNED, ImportState.REFUSED, ImportState.DROPPED})
OPEN = frozenset(ImportState) - ENDED - {ImportState.CONFIRMED, ImportState.RETURNING}

_OFFICE, _CLOCK = frozenset({Tie.OFFICE}), frozenset({Tie.CLOCK})

LOOP = Lifecycle(
    labels=LABELS,
    missing={"columns": "请先选好各列是什么。"},
    transitions=(
        Transition(
            "read", "读文件", frozenset({ImportState.RECEIVED}), (ImportState.READ, ImportState.REFUSED), _CLOCK,
            said="读完文件",
        ),
        Transition(
            "map", "核对各行", frozenset({ImportState.READ, ImportState.PREVIEWED}), (ImportState.MAPPED,), _OFFICE,
            needs=("columns",), is_main=True, said="核对了各列",
        ),
        Transition(
            "preview", "核对", frozenset({ImportState.MAPPED, ImportState.CONFIRMED}),
            (ImportState.PREVIEWED, ImportState.REFUSED), _CLOCK, said="核对完各行",
        ),
        Transition(
            "confirm", "全部导入", frozenset({ImportState.PREVIEWED}), (ImportState.CONFIRMED,), _OFFICE,
            is_main=True, said="确认导入",
        ),
        Transition(
            "store", "存入", frozenset({ImportState.CONFIRMED}), (ImportState.STORED,), _CLOCK, said="已导入",
        ),
        Transition(
            "return", "撤销这次导入", frozenset({ImportState.STORED}), (ImportState.RETURNING,), _OFFICE,
            is_grave=True, said="要求撤销",
        ),
        Transition(
            "take_back", "撤销", frozenset({ImportState.RETURNING}), (ImportState.RETURNED, ImportState.STORED), _CLOCK,
            said="撤销完成",
        ),
        Transition(
            "drop", "放弃", OPEN, (ImportState.DROPPED,), _OFFICE | _CLOCK, is_grave=True, said="放弃导入",
        ),
    ),
)  # fmt: skip
