"""The same matter reported more than once: merged and taken apart again, told to neighbours, photos made safe.

`merge` and `gather` are the two ends of one act, as are `unmerge` and `split_off`: one walks the order that
is merged, the other the one it goes into, both in the same transaction.
"""

from __future__ import annotations

from louzhang.workorders.lifecycle.rows import transition
from louzhang.workorders.lifecycle.states import ENDED, IN_PROGRESS, OPEN, Relation, State

S, R = State, Relation

DUPLICATES = (
    transition(
        "merge", "并入", IN_PROGRESS, (S.MERGED,), {R.DESK},
        needs=("into",), takes=("reason",), said="并入了相同的一件",
    ),
    transition(
        "gather", "合并到本件", IN_PROGRESS, (), {R.DESK},
        needs=("others",), takes=("reason",), said="合并了相同的反映",
    ),
    transition(
        "unmerge", "撤销并入", {S.MERGED}, (S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.TAKEN), {R.DESK},
        takes=("reason",), said="撤销了并入，单独办理",
    ),
    transition(
        "split_off", "拆出", OPEN, (), {R.DESK},
        needs=("other",), takes=("reason",), said="拆出了一件，单独办理",
    ),
    transition(
        "announce", "公开给邻居", IN_PROGRESS, (), {R.DESK},
        needs=("words",), takes=("photo",), said="公开了一句说明，邻居可以点“我也遇到”",
    ),
    transition(
        "unannounce", "收回公开说明", set(S) - ENDED, (), {R.DESK},
        takes=("reason",), said="收回了公开说明",
    ),
    transition(
        "blur", "遮挡照片", set(S) - ENDED, (), {R.DESK},
        needs=("photo", "boxes"), said="遮挡了照片里的人脸或车牌",
    ),
)  # fmt: skip
