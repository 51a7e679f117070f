"""Today's six digits: by them a resident knows that whoever stands at the door holds the post they name.

They follow from post and day by a keyed hash, so nothing is stored and nobody without the key can tell them.
"""

from __future__ import annotations

import hmac
from datetime import date

from louzhang.kit import crypto

DIGITS = 6


def code_of(post_id: int, day: date) -> str:
    """The six digits of a post on a day."""
    number = int(crypto.blind_index(f"{post_id}:{day.isoformat()}", purpose="visit_code"), 16)
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def normal_code(typed: str) -> str:
    """What was typed as six digits; empty where it is none."""
    digits = "".join(letter for letter in typed if not letter.isspace())
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() else ""


def is_code_of(post_id: int, day: date, typed: str) -> bool:
    """Whether these are the digits of a post on a day."""
    return hmac.compare_digest(code_of(post_id, day), normal_code(typed) or "-")
