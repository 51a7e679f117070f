"""The daily seal: how many events there are and the head of their heads, also outside the database.

**Definition.** A seal stands over every event whose id is at most `last_event_id`. Its head is

    fold(head of the seal before it, (id, hash) of each event above the last seal, by id)

closed with the day, `last_event_id` and `event_count` (`closing_head`). The fold takes 1,000
events at a time, so both sealing a day and proving all days read the journal once, in order of
id, in constant memory. `event_count` counts from the very first event.

**Late commits.** Ids are given when a row is written, but a row is seen when its transaction
commits: a lower id can appear after a higher one. So `last_event_id` is the highest id seen at
one moment, and the seal is made only when every transaction that ran a second after that moment
has ended; from then on no id at or below it can appear. While one still runs `NotQuiet` is
raised, nothing is written, and the job is tried again a minute later.

**Outside.** The row is committed first; then every row missing in the file under
`settings.SEALS_PLACE` is appended to it and forced to the disk. A killed process leaves at most
a row without a line, which the next run adds. Whoever cuts the tail of the journal in the
database, rows of seals included, leaves lines that no longer hold.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from louzhang.journal.actions.holding import hold
from louzhang.journal.actions.recording import canonical
from louzhang.journal.models import Event, Seal
from louzhang.kit import clock, crypto

FOLD: Final = 1_000
SETTLE_SECONDS: Final = 1.0
LOOKS: Final = 40
BETWEEN_LOOKS: Final = 0.5
ID_BYTES: Final = 8


class NotQuiet(RuntimeError):
    """A transaction from before still runs; an event with a lower id may yet appear."""


class Fold:
    """The running head over (id, hash) pairs in order of id, 1,000 at a time from the last seal."""

    def __init__(self, head: bytes = b"") -> None:
        self.count = 0
        self.last_event_id = 0
        self._head = head
        self._parts: list[bytes] = []

    def add(self, event_id: int, event_hash: bytes) -> None:
        """Take one event; ids rise."""
        self.count += 1
        self.last_event_id = event_id
        self._parts.append(event_id.to_bytes(ID_BYTES, "big") + event_hash)
        if len(self._parts) == FOLD:
            self._fold()

    def close(self, day: date) -> bytes:
        """Give the head of a seal of this day, and begin the next stretch from it."""
        self._fold()
        facts = canonical([day.isoformat(), self.last_event_id, self.count])
        self._head = crypto.keyed_hash(b"seal", self._head, facts)
        return self._head

    def _fold(self) -> None:
        if self._parts:
            self._head = crypto.keyed_hash(self._head, b"".join(self._parts))
            self._parts = []


def seal_journal(*, at: datetime) -> Seal | None:
    """Seal everything up to now under the district's day of `at`, inside and outside; outside a transaction.

    A day is sealed once; a second run only writes lines still missing outside. None when there
    is nothing to seal. Raises `NotQuiet` while older transactions run.
    """
    day = clock.local_date(at)
    seal = Seal.objects.filter(day=day).first()
    if seal is None:
        last_event_id = _settled_end()
        seal = _seal_up_to(last_event_id, day=day, at=at) if last_event_id else None
    write_outside()
    return seal


def _settled_end() -> int:
    """The highest event id below which nothing can appear any more; 0 without events."""
    last_event_id = _number("SELECT coalesce(max(id), 0) FROM journal_event")
    time.sleep(SETTLE_SECONDS)  # between taking an id and being seen as running lie microseconds
    newest = _number("SELECT pg_current_xact_id()::text::bigint")  # every transaction from before has a lower one
    for _ in range(LOOKS):
        if _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") > newest:
            return last_event_id
        time.sleep(BETWEEN_LOOKS)
    raise NotQuiet("a transaction that began before the seal still runs; try again in a minute")


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _seal_up_to(last_event_id: int, *, day: date, at: datetime) -> Seal:
    with transaction.atomic():
        hold("seal")
        if seal := Seal.objects.filter(day=day).first():
            return seal  # another run was faster
        before = Seal.objects.order_by("-day").first()
        fold = Fold(bytes(before.head) if before else b"")
        since = before.last_event_id if before else 0
        fold.count, fold.last_event_id = (before.event_count, since) if before else (0, 0)
        fresh = Event.objects.filter(pk__gt=since, pk__lte=last_event_id).order_by("pk")
        for event_id, event_hash in fresh.values_list("pk", "hash").iterator(chunk_size=5_000):
            fold.add(event_id, bytes(event_hash))
        return Seal.objects.create(
            day=day,
            head=fold.close(day),
            last_event_id=fold.last_event_id,
            event_count=fold.count,
            sealed_at=at,
        )


def line_of(seal: Seal) -> dict[str, Any]:
    """What the file outside says of a seal."""
    return {
        "day": seal.day.isoformat(),
        "last_event_id": seal.last_event_id,
        "event_count": seal.event_count,
        "head": bytes(seal.head).hex(),
        "sealed_at": seal.sealed_at.isoformat(),
    }


def seals_file() -> Path:
    """Where the seals of this district stand outside the database."""
    return Path(settings.SEALS_PLACE) / f"{settings.SCHEMA}.jsonl"


def lines_outside() -> list[dict[str, Any]]:
    """The lines of the file outside, oldest first; raises ValueError for one that was changed.

    A line torn by a power cut is passed over: the last one, or one whose whole stands below it.
    """
    path = seals_file()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = []
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        if line.endswith("}"):
            found.append(json.loads(line))
        elif below and not below.startswith(line):
            raise ValueError("a line of the seals outside cannot be read")
    return found


def write_outside() -> None:
    """Append every seal that the file does not have yet, forced to the disk."""
    written = {line["day"] for line in lines_outside()}
    missing = [line_of(seal) for seal in Seal.objects.order_by("day") if seal.day.isoformat() not in written]
    if missing:
        _append(missing)


def _append(lines: Iterable[dict[str, Any]]) -> None:
    path = seals_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    torn = path.exists() and not path.read_bytes().endswith(b"\n")
    text = ("\n" if torn else "") + "".join(json.dumps(line) + "\n" for line in lines)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
