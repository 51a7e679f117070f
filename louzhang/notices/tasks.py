"""Background work: batches whose time has come, old lines."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.notices import actions

log = logging.getLogger(__name__)


@queue.steadily(seconds=3)
def send_due() -> None:
    """Send what is due; red batches leave within seconds."""
    while actions.send_due(at=clock.now()):
        pass


@queue.app.periodic(cron="17 3 * * *")
@queue.app.task(queueing_lock="purge_notices")
def purge_notices(timestamp: int) -> None:
    """Remove notices older than 90 days."""
    log.info("notices purged: %s", actions.purge_notices(at=clock.now()))
