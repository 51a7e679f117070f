"""Text that a database can store: what programs send may hold a NUL or half of a character."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def writable(text: str) -> str:
    """Give the text back; raises `ValueError` for a NUL and for half a surrogate pair."""
    if "\x00" in text:
        raise ValueError("a text holds no NUL")
    text.encode()
    return text


Writable = Annotated[str, AfterValidator(writable)]
