"""Places as people write them: 第1单元, 1单元, 一单元; 101, 1-1-101, 3号楼2单元501室; full-width digits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100}
_WORDS = re.compile("[零〇一二两三四五六七八九十百]+")
_BLANK = re.compile(r"[\s'’]+")
_DASHES = re.compile(r"[-‐-―−－~～/\\_]+")
_BUILDING_ENDS = ("号楼栋", "号楼", "楼栋", "号栋", "号幢", "栋", "幢", "座", "楼", "号", "#")
_STAIRWELL_ENDS = ("单元门", "单元", "号门", "门洞", "门栋", "梯", "门")
_DOOR_ENDS = ("号房", "房间", "室", "房", "号", "户")
_WHOLE = re.compile(
    r"(?P<before>.*?)(?P<building>[甲乙丙丁A-Z东西南北]?第?[0-9]+[A-Z]?|[A-Z]|[甲乙丙丁])(?:号楼栋|号楼|号栋|楼栋|栋|幢|座|#楼?|楼)"
    r"(?:第?(?P<stairwell>[0-9]+|[A-Z]|[甲乙丙丁东西中])(?:单元门?|门洞|梯|门))?"
    r"(?:(?P<floor>-?[0-9]+)层)?(?P<door>[0-9A-Z-]+)?(?:号房|室|房|号|户)?"
)
_STAIRWELL_FIRST = re.compile(
    r"第?(?P<stairwell>[0-9]+|[A-Z])(?:单元门?|门洞|梯)(?P<door>[0-9A-Z]+)(?:号房|室|房|号|户)?"
)
_PARTS = re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+){1,2}")
_STOREY = re.compile(r"(?P<below>[B负-])?(?P<number>[0-9]{3,4})[A-Z]?")
_SHORTEST_ROW = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A door as it was written, in parts; blank where a part was not said."""

    estate: str = ""
    building: str = ""
    stairwell: str = ""
    door: str = ""


def folded(text: str) -> str:
    """Half-width, upper case, without blanks, numbers in figures: "第十二 号楼" → "第12号楼"."""
    plain = _BLANK.sub("", unicodedata.normalize("NFKC", text)).upper()
    return _DASHES.sub("-", _WORDS.sub(lambda found: _figures(found[0]), plain))


def _figures(words: str) -> str:
    """A number in words: 十二 → 12, 一百零三 → 103, 五〇一 → 501."""
    if not any(sign in _SCALES for sign in words):
        return "".join(str(_DIGITS[sign]) for sign in words)
    total, digit = 0, 0
    for sign in words:
        if sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return str(total + digit)


def _key(text: str, ends: tuple[str, ...]) -> str:
    key = folded(text).removeprefix("第")
    for end in ends:
        if key.endswith(end) and key != end:
            key = key.removesuffix(end)
            break
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", key)


def building_key(text: str) -> str:
    """What all ways to write a building have in common: 12号楼, 第十二栋, 12# → "12"."""
    return _key(text, _BUILDING_ENDS)


def stairwell_key(text: str) -> str:
    """The same of a stairwell: 第1单元, 1单元, 一单元, 1 → "1"."""
    return _key(text, _STAIRWELL_ENDS)


def door_key(text: str) -> str:
    """The same of a door: ５０１室 → "501"."""
    key = folded(text)
    for end in _DOOR_ENDS:
        if key.endswith(end) and key != end:
            return key.removesuffix(end)
    return key


def split_place(text: str) -> Place:
    """A place written in one piece: 3号楼2单元501, 3-2-501, 2-501, 501; unread where it is something else."""
    plain = folded(text)
    if found := _PARTS.fullmatch(door_key(text)):
        *front, door = found[0].split("-")
        building = building_key(front[0]) if len(front) == _SHORTEST_ROW else ""
        return Place("", building, stairwell_key(front[-1]), door)
    if found := _STAIRWELL_FIRST.fullmatch(plain):
        return Place("", "", stairwell_key(found["stairwell"]), door_key(found["door"]))
    if found := _WHOLE.fullmatch(plain):
        return _whole(found)
    return Place("", "", "", door_key(text))


def _whole(found: re.Match[str]) -> Place:
    door = (found["door"] or "").strip("-")
    if not found["stairwell"] and "-" in door:
        stairwell, _, door = door.rpartition("-")
    else:
        stairwell = found["stairwell"] or ""
    return Place(found["before"], building_key(found["building"]), stairwell_key(stairwell), door_key(door))


def floor_of(door: str) -> int | None:
    """The storey that the number of a door says: 501 → 5, 1203 → 12, B101 → -1; None where it says none."""
    found = _STOREY.fullmatch(door)
    if found is None:
        return None
    storey = int(found["number"][:-2])
    return (-storey if found["below"] else storey) or None


def position_of(door: str) -> int:
    """The place in the row that the number of a door says: 503 → 3."""
    found = _STOREY.fullmatch(door)
    return max(1, int(found["number"][-2:])) if found else 1
