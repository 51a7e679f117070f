"""Codes that people read out, type and lose: tracking codes, sign-in codes and order numbers with a check digit."""

import re
import secrets
import unicodedata
from datetime import date

TRACKING_LENGTH = 10
SIGN_IN_DIGITS = 8
SEQUENCE_DIGITS = 6
PLATE_LENGTH = 6

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = re.compile(r"[\s\-‐-―−_]+")
_PLATE = re.compile(rf"[{_CROCKFORD}]{{{PLATE_LENGTH}}}")
_TRACKING = re.compile(rf"[{_CROCKFORD}]{{{TRACKING_LENGTH}}}")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_ORDER_NUMBER = re.compile(r"(?P<body>[A-Z][A-Z0-9]{0,7}(?P<day>[0-9]{6})[0-9]{6})(?P<check>[0-9])")


def tracking_code() -> str:
    """10 random Crockford base32 characters (50 bits): nobody finds another person's report by trying."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(TRACKING_LENGTH))


def tracking_code_of(digest: str) -> str:
    """The tracking code that belongs to a keyed digest in hex: always the same, and kept nowhere."""
    number = int(digest, 16)
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(TRACKING_LENGTH))


def normal_tracking_code(typed: str) -> str | None:
    """Give the code somebody meant, forgiving case, I/L/O, blanks, dashes and full-width signs; None if it is none."""
    code = _compact(typed).translate(_READ_AS)
    return code if _TRACKING.fullmatch(code) else None


def shown_tracking_code(code: str) -> str:
    """Show the code in two halves for reading aloud: ABCDE-FGHJK."""
    half = TRACKING_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def plate_code() -> str:
    """6 random Crockford base32 characters that stand on a plate in a public place: short enough to type."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(PLATE_LENGTH))


def normal_plate_code(typed: str) -> str | None:
    """Give the code of a plate somebody meant, as forgiving as with tracking codes; None if it is none."""
    code = _compact(typed).translate(_READ_AS)
    return code if _PLATE.fullmatch(code) else None


def sign_in_code() -> str:
    """8 random digits, spoken or printed by the community for one sign-in."""
    return f"{secrets.randbelow(10**SIGN_IN_DIGITS):0{SIGN_IN_DIGITS}d}"


def check_digit(digits: str) -> str:
    """Give the check digit of ISO 7064 MOD 11,10; letters count as the two digits 10 (A) to 35 (Z).

    It catches every single wrong digit, and every swap of two neighbouring digits but those the standard
    itself misses (about 2 in 100).
    """
    product = 10
    for digit in _as_digits(digits):
        product = ((product + digit) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def order_number(prefix: str, day: date, sequence: int) -> str:
    """District prefix (a letter, then up to 7 letters or digits), YYMMDD, 6 digits of the sequence, check digit."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("an order prefix is a capital letter and up to seven capitals or digits")
    body = f"{prefix}{day:%y%m%d}{sequence % 10**SEQUENCE_DIGITS:0{SEQUENCE_DIGITS}d}"
    return body + check_digit(body)


def is_order_number(text: str) -> bool:
    """Whether the text, as ``normal_order_number`` gives it, could be a number of ours: shape, day, check digit."""
    match = _ORDER_NUMBER.fullmatch(text)
    if match is None or match["check"] != check_digit(match["body"]):
        return False
    return _is_day(match["day"])


def normal_order_number(typed: str) -> str:
    """Give what was typed in capitals and half-width signs, without blanks and dashes."""
    return _compact(typed)


def _is_day(digits: str) -> bool:
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return False
    return True


def _compact(typed: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()


def _as_digits(text: str) -> list[int]:
    if not re.fullmatch(r"[0-9A-Z]*", text):
        raise ValueError("a check digit is made over digits and capital letters")
    return [int(digit) for sign in text for digit in str(int(sign, 36))]
