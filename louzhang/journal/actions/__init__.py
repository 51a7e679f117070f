"""Writing to the journal: append an event, keep a file, erase words, log a reveal, answer a repeat once."""

from louzhang.journal.actions.erasing import erase_words
from louzhang.journal.actions.recording import (
    SALT_BYTES,
    canonical,
    event_hash,
    prepare_event,
    record,
)
from louzhang.journal.actions.requests import body_digest, once
from louzhang.journal.actions.revealing import log_reveal

__all__ = [
    "SALT_BYTES",
    "body_digest",
    "canonical",
    "erase_words",
    "event_hash",
    "log_reveal",
    "once",
    "prepare_event",
    "record",
]
