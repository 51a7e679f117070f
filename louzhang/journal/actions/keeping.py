"""Stored contents and the rows that refer to them: kept under a lock, removed when nobody refers."""

from __future__ import annotations

import hashlib
import os

from django.db import transaction
from django.db.models import Q

from louzhang.journal.actions.holding import hold
from louzhang.journal.models import Attachment
from louzhang.kit import crypto, media, queue

SALT_BYTES = 16
RELEASE = "louzhang.journal.tasks.release_stored_content"


def new_salt() -> bytes:
    """A salt for the digest by which the chain names a file."""
    return os.urandom(SALT_BYTES)


def attachment_fact(attachment: Attachment) -> dict[str, str]:
    """What an event says of a file: its uid and, once it is ready, its salted digest."""
    fact = {"uid": str(attachment.uid)}
    if attachment.salt:
        fact["digest"] = chain_digest(bytes(attachment.salt), attachment.digest, attachment.thumbnail_digest)
    return fact


def chain_digest(salt: bytes, digest: str, thumbnail_digest: str) -> str:
    """The salted digest over a file and its thumbnail, in hex."""
    return crypto.salted_digest(salt, f"{digest}:{thumbnail_digest}".encode()).hex()


def keep_contents(*contents: tuple[bytes, str]) -> list[str]:
    """Store contents (bytes, suffix) for rows written in the same transaction; gives the digests.

    Two uploads of the same content share one file, so storing and removing take a lock on the
    digest until the transaction ends: a file is never removed while a new row comes to need it.
    """
    digests = [hashlib.sha256(content).hexdigest() for content, _ in contents]
    for digest in sorted(set(digests)):
        hold(f"content:{digest}")
    return [media.store(content, suffix) for content, suffix in contents]


def release_contents(*digests: str) -> None:
    """Let the worker remove these contents once the transaction that dropped them has committed."""
    for digest in set(digests) - {""}:
        queue.defer(RELEASE, key=f"content:{digest}", digest=digest)


def remove_unreferenced(digest: str) -> bool:
    """Remove a stored content unless a row still refers to it; tells whether it is gone."""
    with transaction.atomic():
        hold(f"content:{digest}")
        if Attachment.objects.filter(Q(digest=digest) | Q(thumbnail_digest=digest)).exists():
            return False
        media.remove(digest)
    return True
