"""Background work of the duty lists: red cases that nobody takes may not wait a minute longer than they must."""

from __future__ import annotations

import logging

from louzhang.duty.actions import call_due
from louzhang.kit import clock, queue

log = logging.getLogger(__name__)


@queue.steadily(seconds=10)
def call_who_is_on_duty() -> None:
    """Call the next person about every red case that waits too long."""
    if called := call_due(at=clock.now()):
        log.info("people on duty called: %s", called)
