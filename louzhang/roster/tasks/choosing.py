"""Background work on rounds: naming and notices end on their day, old words are erased."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.roster.actions.choosing import erase_old_rounds, erase_old_voices, turn_rounds

log = logging.getLogger(__name__)


@queue.app.periodic(cron="*/10 * * * *")
@queue.app.task(queueing_lock="turn_choosing_rounds")
def turn_choosing_rounds(timestamp: int) -> None:
    """Naming ends after its last day, a notice with its last working day once every objection is answered."""
    if turned := turn_rounds(at=clock.now()):
        log.info("choosing rounds turned: %s", turned)


@queue.app.periodic(cron="41 2 * * *")
@queue.app.task(queueing_lock="erase_old_choosing")
def erase_words_of_old_rounds(timestamp: int) -> None:
    """Words and names go a year after the round, sentences of households a year after they were said."""
    at = clock.now()
    log.info("erased: rounds %s, voices %s", erase_old_rounds(at=at), erase_old_voices(at=at))
