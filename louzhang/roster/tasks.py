"""Background work of the roster: terms that end."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.roster import appraisal_tasks, choosing_tasks, honours_tasks, training_tasks
from louzhang.roster.actions.posted import expire_postings

# Each part declares its own jobs; those of posted cadres stand here.
__all__ = ["appraisal_tasks", "choosing_tasks", "end_terms", "honours_tasks", "training_tasks"]

log = logging.getLogger(__name__)


@queue.app.periodic(cron="20 * * * *")
@queue.app.task(queueing_lock="expire_postings")
def end_terms(timestamp: int) -> None:
    """End the postings whose term is over, within the hour the day begins."""
    if ended := expire_postings(at=clock.now()):
        log.info("postings ended: %s", ended)
