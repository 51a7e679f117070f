"""The code of a household in one survey: by it the household answers itself, without an account.

It follows from the household's row by a keyed hash, so nothing is stored and nobody without the key can tell it.
"""

from __future__ import annotations

import hmac
from uuid import UUID

from louzhang.kit import crypto

DIGITS = 8


def code_of(target: UUID) -> str:
    """The eight digits of a household, as they stand in its address."""
    number = int(crypto.blind_index(str(target), purpose="survey_home"), 16)
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def spoken_code(target: UUID) -> str:
    """The same as it is printed: two groups of four."""
    code = code_of(target)
    return f"{code[:4]} {code[4:]}"


def is_code_of(target: UUID, typed: str) -> bool:
    """Whether these are the digits of a household, however they are grouped."""
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdecimal())
    return hmac.compare_digest(code_of(target), digits or "-")
