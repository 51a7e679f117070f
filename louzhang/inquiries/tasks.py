"""Background work on questions: the clock closes what was answered, keeping times erase words."""

from __future__ import annotations

import logging

from louzhang.inquiries.actions import close_due_inquiries, erase_due_inquiries
from louzhang.kit import clock, queue

log = logging.getLogger(__name__)


@queue.app.periodic(cron="23 3 * * *")
@queue.app.task(queueing_lock="inquiries_due")
def inquiries_due(timestamp: int) -> None:
    """Close and erase what is due."""
    at = clock.now()
    log.info("inquiries closed: %s, erased: %s", close_due_inquiries(at=at), erase_due_inquiries(at=at))
