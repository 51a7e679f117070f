"""The time of an order: first contact, pauses, extensions, and what the clock itself does.

None of these verbs moves the order; they change what is due and what is asked of the desk.
`TIME_ONLY_WHILE` says which marks a verb needs, as in `oversight`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from louzhang.workorders.lifecycle.rows import transition
from louzhang.workorders.lifecycle.states import IN_PROGRESS, Relation, State

S, R = State, Relation

IN_HAND = frozenset({S.DISPATCHED, S.TAKEN})

TIME = (
    transition(
        "contact", "先行联系", IN_HAND, (), {R.HOLDER, R.LEAD},
        needs=("contact_result",), takes=("note",), audience="public", said="先行联系反映人",
    ),
    transition(
        "ask_pause", "申请暂停", IN_HAND, (), {R.HOLDER, R.LEAD},
        needs=("pause_for", "reason"), said="申请暂停计时",
    ),
    transition(
        "grant_pause", "同意暂停", IN_HAND, (), {R.DESK},
        takes=("note",), is_main=True, said="同意暂停计时",
    ),
    transition(
        "refuse_pause", "不同意暂停", IN_HAND, (), {R.DESK},
        needs=("reason",), is_grave=True, said="不同意暂停计时",
    ),
    transition(
        "pause", "暂停计时", IN_PROGRESS, (), {R.DESK},
        needs=("pause_for", "reason"), said="暂停计时",
    ),
    transition(
        "resume", "恢复计时", IN_PROGRESS, (), {R.DESK, R.HOLDER, R.LEAD},
        takes=("reason",), said="恢复计时",
    ),
    transition(
        "ask_extension", "申请延期", IN_HAND, (), {R.HOLDER, R.LEAD},
        needs=("amount", "reason"), said="申请延期",
    ),
    transition(
        "grant_extension", "同意延期", IN_HAND, (), {R.DESK},
        takes=("amount", "note"), is_main=True, said="同意延期",
    ),
    transition(
        "refuse_extension", "不同意延期", IN_HAND, (), {R.DESK},
        needs=("reason",), is_grave=True, said="不同意延期",
    ),
    transition("remind", "到时提醒", IN_PROGRESS, (), {R.SYSTEM}, said="提醒：快到时限"),
    transition("overdue", "超期上报", IN_PROGRESS, (), {R.SYSTEM}, said="超期，报上一级"),
    transition("recompute", "重算时限", IN_PROGRESS, (), {R.SYSTEM}, said="时限重新计算"),
)  # fmt: skip

RUNNING: dict[str, Any] = {"paused_at__isnull": True, "shelved_until__isnull": True}
STALE = "请刷新页面，按最新状态处理。"
NOT_RUNNING = f"这件事的时间现在停着，不能再暂停。{STALE}"
ASKED_ALREADY = "这件事已经有一个暂停或延期的申请在等受理单位答复，请等答复以后再提。"
NO_PAUSE_ASKED = f"现在没有等待答复的暂停申请。{STALE}"
NO_EXTENSION_ASKED = f"现在没有等待答复的延期申请。{STALE}"

TIME_ONLY_WHILE: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "ask_pause": (RUNNING | {"asked": ""}, f"{NOT_RUNNING}已经有申请的，请等受理单位答复。"),
    "grant_pause": ({"asked__in": ["pause", "wait"]}, NO_PAUSE_ASKED),
    "refuse_pause": ({"asked__in": ["pause", "wait"]}, NO_PAUSE_ASKED),
    "pause": (RUNNING | {"asked": ""}, f"{NOT_RUNNING}承办单位有申请的，请先答复申请。"),
    "resume": ({"paused_at__isnull": False}, f"这件事的时间没有停着。{STALE}"),
    "ask_extension": ({"asked": "", "shelved_until__isnull": True}, ASKED_ALREADY),
    "grant_extension": ({"asked": "extension"}, NO_EXTENSION_ASKED),
    "refuse_extension": ({"asked": "extension"}, NO_EXTENSION_ASKED),
}
