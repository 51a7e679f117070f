"""Appending to a chain: the next event of a subject, hashed over the one before it."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from louzhang.journal.actor import Actor
from louzhang.journal.models import Audience, Chained, Event, Words
from louzhang.journal.readers import unread
from louzhang.kit import clock, crypto

SALT_BYTES = 16

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)

# The columns of an event that its hash covers; the digest of its words and the hash before it join them.
HASHED = (
    "subject_kind",
    "subject_id",
    "seq",
    "verb",
    "happened_at",
    "recorded_at",
    "actor_kind",
    "user_id",
    "post_id",
    "unit_id",
    "token_id",
    "area_ids",
    "audience",
    "entry_id",
    "payload",
)


def canonical(value: object) -> bytes:
    """The bytes that stand for a JSON value in a hash: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(value).encode()


def event_hash(event: Event, previous: bytes) -> bytes:
    """The keyed hash of an event over the hash before it and every column of its row."""
    return chain_hash([getattr(event, name) for name in HASHED], bytes(event.words_digest), previous)


def chain_hash(columns: Iterable[object], words_digest: bytes, previous: bytes) -> bytes:
    """The same over plain columns, in the order of `HASHED`; moments count in microseconds."""
    row = [microseconds(value) if isinstance(value, datetime) else value for value in columns]
    return crypto.keyed_hash(bytes(previous), canonical(row), words_digest)


def microseconds(moment: datetime) -> int:
    """A moment as it counts in a hash."""
    return int(moment.timestamp() * 1_000_000)


def prepare_event(
    subject: Chained,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    audience: str = Audience.HANDLERS,
    payload: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    area_ids: Iterable[int] = (),
    post_id: int | None = None,
    unit_id: int | None = None,
    entry_id: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
) -> tuple[Event, Words | None]:
    """Make the next event of a locked or new subject, unsaved, and move the end of its chain.

    The caller saves the event, its words and the subject's `chain_seq` and `chain_head` in one
    transaction. Blank words are left out; with none left there is no words row.
    """
    spoken = {name: value for name, value in (words or {}).items() if value not in ("", None)}
    salt = secrets.token_bytes(SALT_BYTES) if spoken else b""
    seq = subject.chain_seq + 1
    event = Event(
        subject_kind=subject.subject_kind,
        subject_id=subject.pk,
        seq=seq,
        verb=verb,
        happened_at=at,
        recorded_at=recorded_at or clock.now(),
        actor_kind=actor.kind.value,
        user_id=actor.user_id,
        post_id=post_id,
        unit_id=unit_id,
        token_id=actor.token_id,
        area_ids=list(area_ids),
        audience=audience,
        entry_id=entry_id,
        payload=dict(payload or {}),
        words_digest=crypto.salted_digest(salt, canonical(spoken)) if spoken else b"",
    )
    event.hash = event_hash(event, bytes(subject.chain_head))
    subject.chain_seq, subject.chain_head = seq, event.hash
    if not spoken:
        return event, None
    return event, Words(
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        seq=seq,
        spoken=spoken,
        salt=salt,
    )


def record(
    subject: Chained,
    verb: str,
    *,
    actor: Actor,
    at: datetime,
    audience: str = Audience.HANDLERS,
    payload: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    area_ids: Iterable[int] = (),
    entry_id: uuid.UUID | None = None,
    save: Iterable[str] = (),
) -> Event:
    """Append one event to a saved subject and save the subject's chain with the fields named.

    For rows without a lifecycle (areas, posts, units, people): the caller has locked the row
    or has just made it, inside the same transaction.
    """
    line = list(area_ids)
    event, said = prepare_event(
        subject,
        verb,
        actor=actor,
        at=at,
        audience=audience,
        payload=payload,
        words=words,
        area_ids=line,
        post_id=actor.post_on(line),
        entry_id=entry_id,
    )
    event.save(force_insert=True)
    for beside in (said, unread(event)):
        if beside is not None:
            beside.save(force_insert=True)
    subject.save(update_fields=["chain_seq", "chain_head", *save])
    return event
