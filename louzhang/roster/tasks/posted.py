"""Background work of posted cadres: terms that end."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.roster.actions.posted import expire_postings

log = logging.getLogger(__name__)


@queue.app.periodic(cron="20 * * * *")
@queue.app.task(queueing_lock="expire_postings")
def end_terms(timestamp: int) -> None:
    """End the postings whose term is over, within the hour the day begins."""
    if ended := expire_postings(at=clock.now()):
        log.info("postings ended: %s", ended)
