"""Background work on mediations: the day to look back is told of, keeping times erase words and names."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.mediation.actions import erase_due_mediations, remind_follow_ups

log = logging.getLogger(__name__)


@queue.app.periodic(cron="37 3 * * *")
@queue.app.task(queueing_lock="mediations_due")
def mediations_due(timestamp: int) -> None:
    """Erase what is past its keeping time."""
    log.info("mediations erased: %s", erase_due_mediations(at=clock.now()))


@queue.app.periodic(cron="*/20 * * * *")
@queue.app.task(queueing_lock="mediations_to_follow_up")
def mediations_to_follow_up(timestamp: int) -> None:
    """Tell mediators that the day to look back has come."""
    log.info("mediators told to look back: %s", remind_follow_ups(at=clock.now()))
