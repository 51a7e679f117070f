"""The key of a round: it lies outside the database, in no backup, and is destroyed after the count.

A file of its own for each poll under `settings.BALLOT_KEYS_PLACE`, sealed with the keys of the place, so that neither
the file nor the environment opens an envelope alone. Whoever keeps copies of files must leave this folder out: it says
so itself (`CACHEDIR.TAG`, which the usual programs heed).
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from louzhang.kit import crypto

KEY_BYTES: Final = 32
SUFFIX: Final = ".key"
TAG: Final = "CACHEDIR.TAG"
TAG_WORDS: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Keys of open ballots. They must not be in any backup: a copy would let its holder read how people voted.\n"
)


class KeyGone(Exception):
    """There is no key for this poll: destroyed after the count, or lost."""


def make_key(poll: UUID) -> bytes:
    """Make the key of a poll and have it on the disk before anything is sealed with it; gives the key.

    One that lies there already is of an attempt that was rolled back, and goes.
    """
    destroy_key(poll)
    key = os.urandom(KEY_BYTES)
    place = _folder()
    sealed = crypto.seal(base64.b64encode(key).decode("ascii"), aad=_aad(poll))
    _write(place / f"{poll}{SUFFIX}", sealed)
    return key


def read_key(poll: UUID) -> bytes:
    """The key of a poll; raises `KeyGone`."""
    try:
        sealed = _path(poll).read_text(encoding="ascii")
        return base64.b64decode(crypto.unseal(sealed, aad=_aad(poll)))
    except (FileNotFoundError, crypto.Unsealable) as error:
        raise KeyGone(f"no key for poll {poll}") from error


def destroy_key(poll: UUID) -> bool:
    """Write over the key, let its file go, and force both to the disk; says whether there was one."""
    path = _path(poll)
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return False
    try:
        os.write(handle, os.urandom(os.fstat(handle).st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink(missing_ok=True)
    _sync(path.parent)
    return True


def kept_keys() -> Iterator[tuple[UUID, datetime]]:
    """Every key that lies there, with the moment it was made."""
    place = _place()
    for path in sorted(place.glob(f"*{SUFFIX}")) if place.exists() else ():
        yield UUID(path.stem), datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _aad(poll: UUID) -> str:
    return f"ballot_key:{poll}:key"


def _place() -> Path:
    return Path(settings.BALLOT_KEYS_PLACE) / str(settings.SCHEMA)


def _path(poll: UUID) -> Path:
    return _place() / f"{poll}{SUFFIX}"


def _folder() -> Path:
    place = _place()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in (place.parent, place):
        each.chmod(0o700)
    tag = place.parent / TAG
    if not tag.exists():
        tag.write_text(TAG_WORDS, encoding="ascii")
    return place


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, text.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
