"""Background work on polls: they open and close on the hour, bundles are stirred, spent keys destroyed."""

from __future__ import annotations

import logging

from louzhang.ballots.actions.sweeping import destroy_spent_keys, run_due_polls, stir_open_polls
from louzhang.kit import clock, queue

log = logging.getLogger(__name__)


@queue.app.periodic(cron="* * * * *")
@queue.app.task(queueing_lock="polls_to_run")
def polls_to_run(timestamp: int) -> None:
    """Do what is due, then see that no key outlives its poll."""
    at = clock.now()
    if done := run_due_polls(at=at):
        log.info("steps of polls taken: %s", done)
    if destroyed := destroy_spent_keys(at=at):
        log.info("keys of polls destroyed: %s", destroyed)


@queue.app.periodic(cron="*/20 * * * *")
@queue.app.task(queueing_lock="polls_to_stir")
def polls_to_stir(timestamp: int) -> None:
    """Seal all bundles of open polls anew."""
    stir_open_polls()
