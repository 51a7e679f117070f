"""Background work of the register: what is past its time ends and goes, every night."""

from __future__ import annotations

import logging

from louzhang.kit import clock, queue
from louzhang.register.actions import counting, importing
from louzhang.register.actions.consenting import expire_consents
from louzhang.register.actions.entries import forget_entries
from louzhang.register.actions.notes import forget_notes
from louzhang.register.actions.purging import purge_past_care
from louzhang.register.actions.rights import remind_of_requests
from louzhang.register.actions.sheltering import end_shelters

log = logging.getLogger(__name__)


@queue.app.periodic(cron="17 1 * * *")
@queue.app.task(queueing_lock="end_care")
def end_care(timestamp: int) -> None:
    """End consents by age, purge care tags past their end, lift protection orders past theirs."""
    at = clock.now()
    ended, purged, lifted = expire_consents(at=at), purge_past_care(at=at), end_shelters(at=at)
    log.info("consents ended: %s, care tags purged: %s, shelters lifted: %s", ended, purged, lifted)


@queue.app.periodic(cron="3 0-9 * * *")
@queue.app.task(queueing_lock="remind_of_requests")
def tell_of_requests(timestamp: int) -> None:
    """Remind offices, through their working day, of requests about own data that fall due."""
    log.info("offices reminded of requests: %s", remind_of_requests(at=clock.now()))


@queue.app.task()
def work_on_import(batch_id: int) -> None:
    """Do the next thing with an import: read it, hold it against the register, carry it in or take it back."""
    importing.go_on(batch_id=batch_id, at=clock.now())


@queue.app.periodic(cron="*/10 * * * *")
@queue.app.task(queueing_lock="keep_imports")
def keep_imports(timestamp: int) -> None:
    """Delete what was brought and is needed no more; find imports whose job got lost."""
    at = clock.now()
    log.info(
        "imports emptied: %s, found again: %s", importing.purge_imports(at=at), importing.defer_lost_imports(at=at)
    )


@queue.app.periodic(cron="27 1 * * *")
@queue.app.task(queueing_lock="end_notes")
def end_notes(timestamp: int) -> None:
    """Empty the own notes of posts that have ended, forget entries of phones that are long settled."""
    at = clock.now()
    log.info("notes emptied: %s, entries forgotten: %s", forget_notes(at=at), forget_entries(at=at))


@queue.app.periodic(cron="*/5 * * * *")
@queue.app.task(queueing_lock="count_stale")
def count_stale(timestamp: int) -> None:
    """Count the communities again in which somebody came or went."""
    log.info("communities counted: %s", counting.count_stale(at=clock.now()))


@queue.app.periodic(cron="37 1 * * *")
@queue.app.task(queueing_lock="count_all")
def count_all(timestamp: int) -> None:
    """Count every community again, whatever the journal says."""
    log.info("communities counted: %s", counting.count_all(at=clock.now()))
