"""Envelopes: what somebody voted and whether they did, sealed in bundles under the round key; no database here.

A bundle is the plain of 128 envelopes of one length each, sealed as a whole (SM4-GCM, a fresh nonce each time, bound to
poll and row). Whoever sees two versions of it learns that one of 128 was written, or none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from louzhang.ballots.rules import ITEMS_AT_MOST

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
CIPHER_KEY_BYTES: Final = 16
ENVELOPE_BYTES: Final = 40
SHEET_BYTES: Final = 4096
Sealed = bytes | memoryview


class Unreadable(Exception):
    """What was sealed cannot be opened with this key at this place: changed, moved, or of another round."""


class Mark(IntEnum):
    """What lies in an envelope."""

    NOTHING = 0
    VOTE = 1
    PAPER = 2


@dataclass(frozen=True, slots=True)
class Envelope:
    """One elector's: nothing yet, a vote (one number an item), or the mark of a paper ballot handed out."""

    mark: Mark = Mark.NOTHING
    values: tuple[int, ...] = ()


def seal_bundle(key: bytes, poll: UUID, bundle: UUID, envelopes: Sequence[Envelope]) -> bytes:
    """Seal envelopes together; the length hangs on their number alone."""
    return _sealed(key, f"bundle:{poll}:{bundle}", b"".join([_packed(each) for each in envelopes]))


def open_bundle(key: bytes, poll: UUID, bundle: UUID, sealed: Sealed, items: int) -> list[Envelope]:
    """The envelopes of a bundle, with as many numbers as there are items; raises `Unreadable`."""
    plain = _opened(key, f"bundle:{poll}:{bundle}", sealed)
    parts = [plain[start : start + ENVELOPE_BYTES] for start in range(0, len(plain), ENVELOPE_BYTES)]
    return [Envelope(Mark(part[0]), tuple(part[1 : 1 + items]) if part[0] == Mark.VOTE else ()) for part in parts]


def seal_sheet(key: bytes, poll: UUID, owner: int, totals: Mapping[str, Any]) -> bytes:
    """Seal somebody's totals of paper ballots, all of one length."""
    plain = json.dumps(totals, sort_keys=True).encode("ascii")
    if len(plain) > SHEET_BYTES:
        raise ValueError("totals of paper ballots are longer than their sheet")
    return _sealed(key, f"sheet:{poll}:{owner}", plain.ljust(SHEET_BYTES))


def open_sheet(key: bytes, poll: UUID, owner: int, sealed: Sealed) -> dict[str, Any]:
    """The totals again; raises `Unreadable`."""
    totals: dict[str, Any] = json.loads(_opened(key, f"sheet:{poll}:{owner}", sealed))
    return totals


def _packed(envelope: Envelope) -> bytes:
    if len(envelope.values) > ITEMS_AT_MOST:
        raise ValueError("an envelope holds no more numbers than a ballot has items")
    return bytes([envelope.mark, *envelope.values]).ljust(ENVELOPE_BYTES, b"\0")


def _cipher(key: bytes) -> algorithms.SM4:
    mac = HMAC(key, SM3())
    mac.update(b"ballot envelopes")
    return algorithms.SM4(mac.finalize()[:CIPHER_KEY_BYTES])


def _sealed(key: bytes, place: str, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(_cipher(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place.encode())
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _opened(key: bytes, place: str, sealed: Sealed) -> bytes:
    whole = bytes(sealed)
    nonce, tag = whole[:NONCE_BYTES], whole[-TAG_BYTES:]
    decryptor = Cipher(_cipher(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(place.encode())
    try:
        return decryptor.update(whole[NONCE_BYTES:-TAG_BYTES]) + decryptor.finalize()
    except InvalidTag as error:
        raise Unreadable("an envelope does not open at this place") from error
