"""Background work of honours: own entries go with the last post, names without a post a while after they ended."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from louzhang.kit import clock, queue
from louzhang.roster.actions.honours.consenting import purge_ended
from louzhang.roster.actions.membership import purge_own_entries

HALF_A_YEAR: Final = timedelta(days=180)

log = logging.getLogger(__name__)


@queue.app.periodic(cron="40 3 * * *")
@queue.app.task(queueing_lock="purge_own_entries")
def purge_entries(timestamp: int) -> None:
    """Empty, once a night, what people told of themselves who hold no post any more."""
    if emptied := purge_own_entries(at=clock.now()):
        log.info("own entries emptied: %s", emptied)


@queue.app.periodic(cron="50 3 * * *")
@queue.app.task(queueing_lock="purge_ended_honours")
def purge_honours(timestamp: int) -> None:
    """Empty, once a night, who was put forward without a post and not given anything, half a year after it ended."""
    at = clock.now()
    if emptied := purge_ended(before=at - HALF_A_YEAR, at=at):
        log.info("names in honours emptied: %s", emptied)
