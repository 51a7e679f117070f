"""Background work on mediations: keeping times erase words and names."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.mediation.actions import erase_due_mediations

log = logging.getLogger(__name__)


@queue.app.periodic(cron="37 3 * * *")
@queue.app.task(queueing_lock="mediations_due")
def mediations_due(timestamp: int) -> None:
    """Erase what is past its keeping time."""
    log.info("mediations erased: %s", erase_due_mediations(at=clock.now()))
