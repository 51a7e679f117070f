"""Chinese telephone numbers: one written form per number, so that the blind index finds it however it was typed."""

import re
import unicodedata

_IGNORED = re.compile(r"[\s\-‐-―−()._·]+")
_COUNTRY = re.compile(r"(?:\+|00)86")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_AMONG_WORDS = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_LANDLINE = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<line>[1-9][0-9]{6,7})")


class InvalidPhone(ValueError):
    """Not a Chinese mobile or landline number; the message is for the person who typed it."""


def normal_phone(typed: str) -> str:
    """Digits only: 11 of a mobile number, or area code and number of a landline; else ``InvalidPhone``."""
    digits = _domestic(_IGNORED.sub("", unicodedata.normalize("NFKC", typed)))
    if not digits:
        raise InvalidPhone("请填写电话号码。")
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    raise InvalidPhone(_reason(digits))


def looks_like_phone(typed: str) -> bool:
    """Whether ``normal_phone`` would accept it."""
    try:
        normal_phone(typed)
    except InvalidPhone:
        return False
    return True


def phone_in(typed: str) -> str:
    """Give the number that was typed, alone or as a mobile number among other words; empty where there is none."""
    if looks_like_phone(typed):
        return normal_phone(typed)
    found = _AMONG_WORDS.search(unicodedata.normalize("NFKC", typed))
    return found[0] if found else ""


def area_code_of(phone: str) -> str | None:
    """Give the area code of a normal landline number (010, 0571 …), None for a mobile number."""
    match = _LANDLINE.fullmatch(phone)
    return match["area"] if match else None


def _domestic(dialled: str) -> str:
    country = _COUNTRY.match(dialled)
    if country:
        rest = dialled[country.end() :]
        return rest if _MOBILE.fullmatch(rest) or rest.startswith("0") else f"0{rest}"
    if dialled.startswith("86") and _MOBILE.fullmatch(dialled[2:]):
        return dialled[2:]
    return dialled


def _reason(digits: str) -> str:
    if not re.fullmatch(r"[0-9]+", digits):
        return "电话号码只能包含数字，请检查后重新填写。"
    if digits.startswith("1"):
        return "手机号码应为 11 位数字，请检查后重新填写。"
    if digits.startswith("0"):
        return "固定电话应为区号加 7 至 8 位号码，请检查后重新填写。"
    return "请填写 11 位手机号码，或带区号的固定电话，例如 010-12345678。"
