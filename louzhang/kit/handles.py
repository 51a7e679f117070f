"""Opaque handles: words about people as they may stand in a URL.

A handle is the words sealed for one purpose, so an address, a log or a bookmark tells nothing, and
whoever the page lets in reads them again.
"""

from louzhang.kit import crypto


def handle_of(words: str, *, purpose: str) -> str:
    """Seal words for one purpose; the same words give another handle every time."""
    return crypto.seal(words, aad=_aad(purpose))


def words_of(handle: str, *, purpose: str) -> str:
    """Give the words behind a handle; empty for one of another purpose or a made-up one."""
    try:
        return crypto.unseal(handle, aad=_aad(purpose))
    except crypto.Unsealable:
        return ""


def _aad(purpose: str) -> str:
    return f"handle:{purpose}:words"
