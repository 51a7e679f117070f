"""Housekeeping of accounts: windows of limits that ended long ago go."""

from __future__ import annotations

from louzhang.accounts import limits
from louzhang.kit import clock, queue


@queue.app.periodic(cron="41 3 * * *")
@queue.app.task(queueing_lock="forget_old_windows")
def forget_old_windows(timestamp: int) -> None:
    """Drop the counts of windows that ended more than two days ago."""
    limits.forget_old_windows(clock.now())
