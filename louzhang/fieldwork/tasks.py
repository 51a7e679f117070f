"""Background work of the field: days laid out and gathered again, leaves and ends of posts, what is past its time."""

from __future__ import annotations

import logging

from louzhang.areas.queries import setting
from louzhang.fieldwork.actions.admitting import end_past
from louzhang.fieldwork.actions.errands import erase_old_errands
from louzhang.fieldwork.actions.handing import forget_moved, hand_over_ended, turn_leaves
from louzhang.fieldwork.actions.making import make_days, refresh_stale
from louzhang.fieldwork.actions.moving import hand_on_talks_of_units
from louzhang.fieldwork.actions.patrols import run_out
from louzhang.fieldwork.actions.purging import forget_lines, forget_words
from louzhang.fieldwork.actions.rhythms import start_rhythm
from louzhang.fieldwork.actions.work_logs import erase_old_logs
from louzhang.kit import clock, queue

log = logging.getLogger(__name__)


@queue.app.periodic(cron="*/15 * * * *")
@queue.app.task(queueing_lock="make_days")
def make_days_of_today(timestamp: int) -> None:
    """From the district's hour on, lay out the days that are not laid out yet: a new post gets one within minutes."""
    at = clock.now()
    if clock.local(at).hour < int(setting("day_hour", at)):
        return
    if made := make_days(day=clock.local_date(at), at=at):
        log.info("days laid out: %s", made)


@queue.steadily(seconds=3)
def refresh_days_that_changed() -> None:
    """Gather again the days in which something happened."""
    refresh_stale(at=clock.now())


@queue.app.task()
def begin_rhythm(rhythm_id: int) -> None:
    """Lay down the rows of a rhythm that was just set."""
    log.info("households under a new rhythm: %s", start_rhythm(rhythm_id=rhythm_id, at=clock.now()))


@queue.app.periodic(cron="47 1 * * *")
@queue.app.task(queueing_lock="forget_lines")
def forget_old_lines(timestamp: int) -> None:
    """The lines of long past days go, then what was written about them; what people did stays in the journal."""
    at = clock.now()
    log.info("lines of past days gone: %s, words erased: %s", forget_lines(at=at), forget_words(at=at))


@queue.app.periodic(cron="12 1 * * *")
@queue.app.task(queueing_lock="end_admissions")
def end_admissions_that_are_past(timestamp: int) -> None:
    """What was let in until yesterday is over."""
    log.info("admissions over: %s", end_past(at=clock.now()))


@queue.steadily(seconds=5)
def hand_over_posts_that_ended() -> None:
    """What was due in a post that has just ended is with the next one within seconds."""
    at = clock.now()
    if moved := hand_over_ended(at=at):
        log.info("posts handed over: %s", moved)
    if talks := hand_on_talks_of_units(at=at):
        log.info("mediations of units handed on: %s", talks)


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
