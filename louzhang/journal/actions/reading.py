"""Handing new events to the readers of the journal, each once (see `journal.readers`)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from louzhang.journal.models import Event, Stuck, Unread
from louzhang.journal.readers import Reader, reader_named, readers

AT_ONCE = 500
# One hand-out at a time, so that each chain is read in its order.
READING_LOCK = 5_301_001
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)

log = logging.getLogger(__name__)

EVENTS_OF = """
    SELECT event.* FROM journal_{table} AS named
    JOIN journal_event AS event USING (subject_kind, subject_id, seq)
    WHERE named.id = ANY(%s) ORDER BY named.id
"""


def read_new_events(*, at: datetime, most: int = AT_ONCE) -> int:
    """Hand the next unread events to every reader and say how many they were; 0 when all is read.

    A reader that fails is asked again event by event; what it cannot read waits in `Stuck`, and
    neither the other events nor the other readers wait with it.
    """
    with transaction.atomic():
        if not _is_alone():
            return 0
        ids = list(Unread.objects.order_by("pk").values_list("pk", flat=True)[:most])
        if not ids:
            return 0
        events = list(Event.objects.raw(EVENTS_OF.format(table="unread"), [ids]))
        for reader in readers():
            _hand(reader, [event for event in events if event.subject_kind in reader.kinds], at)
        Unread.objects.filter(pk__in=ids).delete()
    return len(ids)


def retry_stuck(*, at: datetime, most: int = AT_ONCE) -> int:
    """Hand events that a reader failed on to it again, those whose time has come; says how many it read now."""
    read = 0
    for stuck in Stuck.objects.filter(next_at__lte=at).order_by("next_at", "pk")[:most]:
        with transaction.atomic():
            if _is_alone():
                read += _retry(stuck, at)
    return read


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [READING_LOCK])
        (is_alone,) = cursor.fetchone()
    return bool(is_alone)


def _hand(reader: Reader, events: Sequence[Event], at: datetime) -> None:
    if not events or _failure(reader, events) is None:
        return
    for event in events:
        if error := _failure(reader, [event]):
            Stuck.objects.create(
                reader=reader.name,
                subject_kind=event.subject_kind,
                subject_id=event.subject_id,
                seq=event.seq,
                error=error,
                next_at=at + FIRST_WAIT,
            )


def _failure(reader: Reader, events: Sequence[Event]) -> str | None:
    """The name of the error with which a reader failed; then it has written nothing."""
    try:
        with transaction.atomic():
            reader.read(events)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other readers go on
        name = type(error).__name__
        log.error("reader %s failed on %s events: %s", reader.name, len(events), name)  # noqa: TRY400 - its words may be personal
        return name
    return None


def _retry(stuck: Stuck, at: datetime) -> bool:
    reader = reader_named(stuck.reader)
    event = Event.objects.get(subject_kind=stuck.subject_kind, subject_id=stuck.subject_id, seq=stuck.seq)
    error = _failure(reader, [event]) if reader else None
    if error is None:
        stuck.delete()
        return True
    wait = min(FIRST_WAIT * 2 ** min(stuck.attempts, 20), LONGEST_WAIT)
    Stuck.objects.filter(pk=stuck.pk).update(attempts=F("attempts") + 1, error=error, next_at=at + wait)
    return False
