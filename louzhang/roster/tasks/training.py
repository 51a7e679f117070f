"""Background work of training: people are reminded of a course that falls due."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.roster.actions.training.reminding import remind_of_training

log = logging.getLogger(__name__)


@queue.app.periodic(cron="20 8 * * *")
@queue.app.task(queueing_lock="training_reminders")
def remind_of_courses(timestamp: int) -> None:
    """Once a day, in the morning."""
    if told := remind_of_training(at=clock.now()):
        log.info("reminded of training: %s", told)
