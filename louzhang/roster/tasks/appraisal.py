"""Background work of appraisals: months begin, are computed at night, star sheets go out."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.roster.actions.appraisal import ask_all_stars, compute_months, open_months

log = logging.getLogger(__name__)


@queue.app.periodic(cron="25 1 * * *")
@queue.app.task(queueing_lock="appraisals")
def compute_appraisals(timestamp: int) -> None:
    """Begin the month of every community and compute those that are not published, all together."""
    at = clock.now()
    begun = open_months(at=at)
    log.info("appraisals begun: %s, computed: %s", begun, compute_months(at=at))
    if asked := ask_all_stars(at=at):
        log.info("communities whose households are asked for stars: %s", asked)
