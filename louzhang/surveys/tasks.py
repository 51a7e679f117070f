"""Background work on surveys: they end by the clock, their answers go on the purge day."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.surveys.actions.ending import close_due_surveys
from louzhang.surveys.actions.purging import purge_due_surveys

log = logging.getLogger(__name__)


@queue.app.periodic(cron="* * * * *")
@queue.app.task(queueing_lock="surveys_to_close")
def surveys_to_close(timestamp: int) -> None:
    """End what is over."""
    if closed := close_due_surveys(at=clock.now()):
        log.info("surveys closed: %s", closed)


@queue.app.periodic(cron="23 2 * * *")
@queue.app.task(queueing_lock="surveys_to_purge")
def surveys_to_purge(timestamp: int) -> None:
    """Leave only counts of what is past its purge day."""
    log.info("surveys purged: %s", purge_due_surveys(at=clock.now()))
