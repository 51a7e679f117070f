"""Background work of a day in the field: lists made in the morning, gathered again when something happened."""

from __future__ import annotations

import logging

from louzhang.areas.queries import setting
from louzhang.fieldwork import rounds_tasks  # noqa: F401 - declares its jobs beside these
from louzhang.fieldwork.actions.admitting import end_past
from louzhang.fieldwork.actions.making import make_days, refresh_stale
from louzhang.fieldwork.actions.purging import forget_lines, forget_words
from louzhang.fieldwork.actions.rhythms import start_rhythm
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
