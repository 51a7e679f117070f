"""Sealing of personal words, blind indexes and keyed hashes, all in the SM family of ciphers.

A sealed value is ``keyid.base64url(nonce | ciphertext | tag)`` (SM4-GCM, 96-bit random nonce). The additional
data bind it to its place, so a value copied to another row or field does not open there. Keys come from the
settings ``SEAL_KEYS`` (the first one seals, all of them unseal), ``INDEX_KEY`` and ``CHAIN_KEY``.
"""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
TAG_BYTES = 16
SEAL_KEY_BYTES = 16
SHORTEST_MAC_KEY = 16

_SM3 = SM3()


class Unsealable(Exception):
    """The value cannot be opened: unknown key, another place, or changed since it was sealed."""


def seal(text: str, *, aad: str) -> str:
    """Encrypt ``text`` with the current key, bound to ``aad`` ("table:uid:field")."""
    key_id, key = _current_key()
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(_cipher(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad.encode())
    ciphertext = encryptor.update(text.encode()) + encryptor.finalize()
    return f"{key_id}.{_to_text(nonce + ciphertext + encryptor.tag)}"


def unseal(value: str, *, aad: str) -> str:
    """Give back the text sealed for the same ``aad``, else raise ``Unsealable``."""
    key_id = key_id_of(value)
    key = settings.SEAL_KEYS.get(key_id)
    if key is None:
        raise Unsealable(f"no seal key named {key_id!r}")
    sealed = _to_bytes(value[len(key_id) + 1 :])
    nonce, ciphertext, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(_cipher(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(aad.encode())
    try:
        return (decryptor.update(ciphertext) + decryptor.finalize()).decode()
    except InvalidTag as error:
        raise Unsealable("the value was sealed for another place or has been changed") from error


def reseal(value: str, aad: str) -> str:
    """Give the same text under the current key; a value that already is comes back unchanged."""
    if key_id_of(value) == _current_key()[0]:
        return value
    return seal(unseal(value, aad=aad), aad=aad)


def key_id_of(value: str) -> str:
    """Name the key that sealed ``value``."""
    key_id, dot, _ = value.partition(".")
    if not (key_id and dot):
        raise Unsealable("this is not a sealed value")
    return key_id


def blind_index(text: str, *, purpose: str) -> str:
    """64 hex characters by which equal texts of one purpose are found without being readable."""
    return _mac_of(settings.INDEX_KEY, (b"index", purpose.encode(), text.encode())).hex()


def token_hash(token: str) -> str:
    """64 hex characters under which a tracking code, device token or API token is stored."""
    return _mac_of(settings.INDEX_KEY, (b"token", token.encode())).hex()


def keyed_hash(*parts: bytes) -> bytes:
    """32 bytes over the parts with the chain key; each part carries its length, so parts never run together."""
    return _mac_of(settings.CHAIN_KEY, parts)


def salted_digest(salt: bytes, content: bytes) -> bytes:
    """32 bytes (SM3) over a salt and content, each with its length; without the salt nothing can be guessed."""
    digest = Hash(_SM3)
    digest.update(_joined((salt, content)))
    return digest.finalize()


def _current_key() -> tuple[str, bytes]:
    try:
        return next(iter(settings.SEAL_KEYS.items()))
    except StopIteration:
        raise ImproperlyConfigured("SEAL_KEYS is empty: nothing personal can be stored") from None


@lru_cache(maxsize=32)
def _cipher(key: bytes) -> algorithms.SM4:
    if len(key) != SEAL_KEY_BYTES:
        raise ImproperlyConfigured(f"a seal key has {SEAL_KEY_BYTES} bytes, not {len(key)}")
    return algorithms.SM4(key)


@lru_cache(maxsize=32)
def _keyed(key: bytes) -> HMAC:
    if len(key) < SHORTEST_MAC_KEY:
        raise ImproperlyConfigured(f"INDEX_KEY and CHAIN_KEY need at least {SHORTEST_MAC_KEY} bytes")
    return HMAC(key, _SM3)


def _mac_of(key: bytes, parts: tuple[bytes, ...]) -> bytes:
    mac = _keyed(key).copy()
    mac.update(_joined(parts))
    return mac.finalize()


def _joined(parts: tuple[bytes, ...]) -> bytes:
    return b"".join([len(part).to_bytes(8, "big") + part for part in parts])


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _to_bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unsealable("this is not a sealed value") from error
    if len(raw) < NONCE_BYTES + TAG_BYTES:
        raise Unsealable("the sealed value is cut short")
    return raw
