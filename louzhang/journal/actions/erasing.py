"""Erasing personal words and files, leaving tombstones that the chain names."""

from __future__ import annotations

from datetime import datetime

from louzhang.journal.models import Words


def erase_words(words: Words, *, rule: str, at: datetime) -> None:
    """Empty the words of one event under a named rule, leaving the tombstone.

    The caller records an `erase` event on the same subject that names the sequence number:
    a tombstone without it is a broken chain.
    """
    words.spoken, words.salt = {}, b""
    words.erased_at, words.erased_rule = at, rule
    words.save(update_fields=["spoken", "salt", "erased_at", "erased_rule"])
