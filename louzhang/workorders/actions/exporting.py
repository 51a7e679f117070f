"""Taking a list out of the place: who did, when, which list, how many rows."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotYours

REASON_LENGTH = 200


def log_export(*, filters: str, count: int, actor: Actor, at: datetime) -> None:
    """Log an export beside the reveals (standards.md, "People's data"); `filters` holds no personal word.

    Raises `NotYours` for a read-only token.
    """
    if actor.is_read_only:
        raise NotYours("这个访问令牌只能查看，不能导出。请换一个可以办理的令牌。")
    log_reveal(
        subject_kind="workorder",
        subject_id=0,
        what="export",
        reason=f"{count} 行：{filters or '全部'}"[:REASON_LENGTH],
        actor=actor,
        at=at,
    )
