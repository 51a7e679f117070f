"""Background work on the district: the working calendar reaches into the next year."""

from __future__ import annotations

import logging

from louzhang.areas.actions import fill_coming_years
from louzhang.areas.queries import district
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock, queue

log = logging.getLogger(__name__)


@queue.app.periodic(cron="23 2 * * *")
@queue.app.task(queueing_lock="fill_calendar")
def fill_calendar(timestamp: int) -> None:
    """Fill this year and the next, and take over what has been published since."""
    if district() is not None:
        log.info("days filled into the working calendar: %s", fill_coming_years(actor=SYSTEM, at=clock.now()))
