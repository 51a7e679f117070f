"""Background work of the own entries: they go with the last post."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.roster.actions.membership import purge_own_entries

log = logging.getLogger(__name__)


@queue.app.periodic(cron="40 3 * * *")
@queue.app.task(queueing_lock="purge_own_entries")
def purge_entries(timestamp: int) -> None:
    """Empty, once a night, what people told of themselves who hold no post any more."""
    if emptied := purge_own_entries(at=clock.now()):
        log.info("own entries emptied: %s", emptied)
