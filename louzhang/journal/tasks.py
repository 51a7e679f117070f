"""Background work of the journal: photos, drafts, the daily seal, request keys past their time."""

from __future__ import annotations

import logging
from typing import Final

from procrastinate import JobContext, RetryStrategy

from louzhang.journal import actions
from louzhang.journal.darkroom import DarkroomFailed
from louzhang.kit import clock, queue
from louzhang.kit.images import BROKEN_PHOTO

TRIES: Final = 3

log = logging.getLogger(__name__)


@queue.app.task(retry=RetryStrategy(max_attempts=TRIES, wait=20), pass_context=True)
def reencode_photo(context: JobContext, attachment_id: int) -> None:
    """Re-encode one received photo; a photo that kills the child three times is given up."""
    try:
        actions.reencode_attachment(attachment_id=attachment_id, at=clock.now())
    except DarkroomFailed:
        log.warning("photo %s was not re-encoded, try %s", attachment_id, context.job.attempts + 1)
        if context.job.attempts + 1 < TRIES:
            raise
        actions.fail_attachment(attachment_id=attachment_id, reason=BROKEN_PHOTO, at=clock.now())


@queue.app.task(retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def release_stored_content(digest: str) -> None:
    """Remove a stored file that no row refers to any more."""
    actions.remove_unreferenced(digest)


@queue.steadily(seconds=1)
def read_new_events() -> None:
    """Hand what happened to notices, figures and every other reader, a second after it did."""
    while actions.read_new_events(at=clock.now()):
        pass


@queue.app.periodic(cron="* * * * *")
@queue.app.task(queueing_lock="retry_stuck")
def retry_stuck(timestamp: int) -> None:
    """Try again what a reader could not read."""
    actions.retry_stuck(at=clock.now())


@queue.app.periodic(cron="23 * * * *")
@queue.app.task(queueing_lock="purge_drafts")
def purge_drafts(timestamp: int) -> None:
    """Remove drafts that nobody submitted."""
    log.info("drafts purged: %s", actions.purge_drafts(at=clock.now()))


@queue.app.periodic(cron="*/5 * * * *")
@queue.app.task(queueing_lock="find_lost_photos")
def find_lost_photos(timestamp: int) -> None:
    """Give photos whose job got lost to the worker again."""
    actions.defer_lost_photos(at=clock.now())


@queue.app.periodic(cron="41 2 * * *")
@queue.app.task(queueing_lock="seal_day", retry=RetryStrategy(max_attempts=30, wait=60))
def seal_day(timestamp: int) -> None:
    """Seal what happened until now, inside and outside the database; waits for running transactions."""
    actions.seal_journal(at=clock.now())


@queue.app.periodic(cron="9 4 * * *")
@queue.app.task(queueing_lock="purge_request_keys")
def purge_request_keys(timestamp: int) -> None:
    """Forget requests that can no longer be repeated."""
    log.info("request keys purged: %s", actions.purge_request_keys(at=clock.now()))
