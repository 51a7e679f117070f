"""Chinese ID numbers (GB 11643): one written form per number, the check digit verified, what the number says.

Other documents (passport, travel permit) begin with a letter; of those only the form is looked at.
"""

import re
import unicodedata
from datetime import date

_IGNORED = re.compile(r"[\s\-‐-―−'’]+")
_LONG = re.compile(r"[0-9]{17}[0-9X]")
_SHORT = re.compile(r"[0-9]{15}")
_OTHER = re.compile(r"[A-Z][A-Z0-9]{6,19}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class InvalidIdNumber(ValueError):
    """No ID number; the message is for the person who typed it and repeats nothing of it."""


def normal_id_number(typed: str) -> str:
    """Eighteen signs (fifteen are lengthened), or another document as written; else ``InvalidIdNumber``."""
    number = _IGNORED.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if not number:
        raise InvalidIdNumber("请填写证件号码。")
    if _SHORT.fullmatch(number):
        number = _lengthened(number)
    if _LONG.fullmatch(number):
        _refuse_wrong(number)
        return number
    if _OTHER.fullmatch(number):
        return number
    raise InvalidIdNumber("身份证号码应是 18 位（最后一位可以是 X），请核对有没有多写或漏写。")


def check_digit(first_17: str) -> str:
    """The sign that belongs behind seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def birth_date_of(number: str) -> date | None:
    """The day of birth that a normal number says; None for other documents."""
    if not _LONG.fullmatch(number):
        return None
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_female(number: str) -> bool | None:
    """What the number says of the sex; None for other documents."""
    return int(number[16]) % 2 == 0 if _LONG.fullmatch(number) else None


def _lengthened(number: str) -> str:
    first = f"{number[:6]}19{number[6:]}"
    return first + check_digit(first)


def _refuse_wrong(number: str) -> None:
    try:
        birth_date_of(number)
    except ValueError:
        raise InvalidIdNumber("身份证号码里的出生日期不存在，请核对第 7 到 14 位。") from None
    if check_digit(number[:17]) != number[17]:
        raise InvalidIdNumber("身份证号码的最后一位校验不对，请逐位核对。")
