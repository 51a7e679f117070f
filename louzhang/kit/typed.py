"""What stands in an address or a field that no form reads: a number, an id, a word; anything else is none of them."""

from __future__ import annotations

from uuid import UUID

DIGITS_AT_MOST = 18  # what fits a column of the database


def number_of(typed: str | None) -> int | None:
    """The number that was typed, in plain digits; None for anything else."""
    if not typed or len(typed) > DIGITS_AT_MOST or not (typed.isascii() and typed.isdecimal()):
        return None
    return int(typed)


def uid_of(typed: str | None) -> UUID | None:
    """The id that was sent; None for anything else."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None


def word_of(typed: str | None) -> str:
    """What was typed, without what no row can hold (NUL) and without blanks around."""
    return (typed or "").replace("\x00", "").strip()
