"""Background work beside the day: leaves begin and end, posts that ended are handed over, old words are erased."""

from __future__ import annotations

import logging

from louzhang.fieldwork.actions.errands import erase_old_errands
from louzhang.fieldwork.actions.handing import forget_moved, hand_over_ended, turn_leaves
from louzhang.fieldwork.actions.patrols import run_out
from louzhang.fieldwork.actions.work_logs import erase_old_logs
from louzhang.kit import clock, queue

log = logging.getLogger(__name__)


@queue.steadily(seconds=5)
def hand_over_posts_that_ended() -> None:
    """What was due in a post that has just ended is with the next one within seconds."""
    if moved := hand_over_ended(at=clock.now()):
        log.info("posts handed over: %s", moved)


@queue.app.periodic(cron="*/5 * * * *")
@queue.app.task(queueing_lock="turn_leaves")
def begin_and_end_leaves(timestamp: int) -> None:
    """Stand-ins of leaves whose day has come; those whose day is over have lost access with the day."""
    if turned := turn_leaves(at=clock.now()):
        log.info("leaves begun or ended: %s", turned)


@queue.app.periodic(cron="17 0 * * *")
@queue.app.task(queueing_lock="run_out_rounds")
def end_rounds_of_yesterday(timestamp: int) -> None:
    """Rounds that nobody ended are walked in part."""
    log.info("rounds left open: %s", run_out(at=clock.now()))


@queue.app.periodic(cron="53 1 * * *")
@queue.app.task(queueing_lock="erase_old_work")
def erase_words_of_old_work(timestamp: int) -> None:
    """Words, photos and contacts of errands and logs of more than a year ago."""
    at = clock.now()
    log.info("errands erased: %s, logs erased: %s", erase_old_errands(at=at), erase_old_logs(at=at))
    log.info("handovers no longer named: %s", forget_moved(at=at))
