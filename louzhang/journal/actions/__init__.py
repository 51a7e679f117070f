"""Writing to the journal: append an event, keep a file, erase words, log a reveal, answer a repeat once."""

from louzhang.journal.actions.attachments import drop_attachment, receive_attachment
from louzhang.journal.actions.blurring import BOXES_AT_MOST, copy_blurred
from louzhang.journal.actions.copying import copy_for_another
from louzhang.journal.actions.developing import (
    defer_lost_photos,
    fail_attachment,
    purge_drafts,
    reencode_attachment,
)
from louzhang.journal.actions.erasing import erase_files, erase_subject, erase_words
from louzhang.journal.actions.keeping import attachment_fact, remove_unreferenced
from louzhang.journal.actions.pouring import ManyEvents
from louzhang.journal.actions.reading import read_new_events, retry_stuck
from louzhang.journal.actions.recording import (
    SALT_BYTES,
    canonical,
    event_hash,
    prepare_event,
    record,
)
from louzhang.journal.actions.requests import body_digest, once, purge_request_keys
from louzhang.journal.actions.revealing import log_reveal
from louzhang.journal.actions.sealing import NotQuiet, seal_journal
from louzhang.journal.actions.setting_aside import drop_set_aside, hand_over, set_aside

__all__ = [
    "BOXES_AT_MOST",
    "SALT_BYTES",
    "ManyEvents",
    "NotQuiet",
    "attachment_fact",
    "body_digest",
    "canonical",
    "copy_blurred",
    "copy_for_another",
    "defer_lost_photos",
    "drop_attachment",
    "drop_set_aside",
    "erase_files",
    "erase_subject",
    "erase_words",
    "event_hash",
    "fail_attachment",
    "hand_over",
    "log_reveal",
    "once",
    "prepare_event",
    "purge_drafts",
    "purge_request_keys",
    "read_new_events",
    "receive_attachment",
    "record",
    "reencode_attachment",
    "remove_unreferenced",
    "retry_stuck",
    "seal_journal",
    "set_aside",
]
