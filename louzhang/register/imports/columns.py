"""Which column of a community's table is what, proposed by the words of its heading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from louzhang.kit.workbooks import Line
from louzhang.register.forbidden import forbidden_in

HEADING_ROWS = 20
FEWEST_KNOWN = 2
SHOWN_LENGTH = 30

_NOISE = re.compile(r"[\s*：:、,，。.()（）【】\[\]“”\"'_-]+|必填|选填")
_ASIDE = re.compile(r"[(（【\[].*?[)）】\]]")


class Column(StrEnum):
    """What a column can be."""

    ESTATE = "estate"
    BUILDING = "building"
    STAIRWELL = "stairwell"
    DOOR = "door"
    ADDRESS = "address"
    FLOOR = "floor"
    KIND = "kind"
    FAMILY = "family"
    HEAD = "head"
    TIE = "tie"
    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    REGISTERED = "registered"
    SINCE = "since"


LABELS: dict[str, str] = {
    Column.ESTATE: "小区",
    Column.BUILDING: "楼栋",
    Column.STAIRWELL: "单元",
    Column.DOOR: "门牌（房号）",
    Column.ADDRESS: "完整住址（楼栋单元门牌写在一起）",
    Column.FLOOR: "楼层",
    Column.KIND: "房屋类型",
    Column.FAMILY: "户编号",
    Column.HEAD: "户主姓名",
    Column.TIE: "与户主关系",
    Column.NAME: "姓名",
    Column.SEX: "性别",
    Column.BIRTH: "出生日期",
    Column.ID_NUMBER: "证件号码",
    Column.PHONE: "电话",
    Column.REGISTERED: "户籍地址",
    Column.SINCE: "入住日期",
}

# The first word is the one of our own example; headings are compared without blanks, signs and what stands in brackets.
WORDS: dict[Column, tuple[str, ...]] = {
    Column.ESTATE: ("小区", "小区名称", "所属小区", "小区院落", "院落", "楼盘"),
    Column.BUILDING: ("楼栋", "楼号", "楼栋号", "栋", "栋号", "幢", "幢号", "楼", "楼栋名称", "楼幢", "楼座", "座"),
    Column.STAIRWELL: ("单元", "单元号", "门洞", "门栋", "单元门"),
    Column.DOOR: (
        "门牌",
        "门牌号",
        "房号",
        "房间号",
        "室",
        "室号",
        "户号",
        "房屋编号",
        "门牌号码",
        "房间",
        "房屋号",
        "房门号",
    ),
    Column.ADDRESS: (
        "住址",
        "地址",
        "现住址",
        "现住地址",
        "居住地址",
        "家庭住址",
        "详细地址",
        "房屋地址",
        "现居住地",
        "居住地",
    ),
    Column.FLOOR: ("楼层", "层", "层数", "所在层", "所在楼层"),
    Column.KIND: (
        "房屋类型",
        "房屋性质",
        "房屋用途",
        "居住类型",
        "住房性质",
        "居住性质",
        "房屋状态",
        "居住状态",
        "房屋类别",
        "使用情况",
    ),
    Column.FAMILY: ("户编号", "家庭编号", "户序号", "户籍编号", "户序"),
    Column.HEAD: ("户主姓名", "户主", "户主名"),
    Column.TIE: ("与户主关系", "和户主关系", "与户主的关系", "户主关系", "家庭关系", "关系", "成员关系"),
    Column.NAME: (
        "姓名",
        "居民姓名",
        "人员姓名",
        "住户姓名",
        "家庭成员",
        "成员姓名",
        "家庭成员姓名",
        "业主姓名",
        "名字",
        "住户",
    ),
    Column.SEX: ("性别",),
    Column.BIRTH: ("出生日期", "出生年月", "出生年月日", "生日", "出生年", "出生时间", "出生"),
    Column.ID_NUMBER: (
        "证件号码",
        "身份证号",
        "身份证号码",
        "身份证",
        "证件号",
        "公民身份号码",
        "公民身份证号码",
        "居民身份证号",
    ),
    Column.PHONE: ("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系手机", "本人电话"),
    Column.REGISTERED: ("户籍地址", "户籍地", "户籍所在地", "户口所在地", "户口地址", "户籍", "户口所在地址"),
    Column.SINCE: ("入住日期", "入住时间", "居住起始日期", "搬入日期", "迁入日期", "迁入时间", "居住时间", "何时入住"),
}
_KNOWN = {word: column for column, words in WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading of a sheet: its texts by place, the line below which the rows begin."""

    texts: tuple[str, ...]
    line: int
    is_double: bool = False


def plain_heading(text: str) -> str:
    """A heading without blanks, signs and asides."""
    folded = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", _ASIDE.sub("", folded)) or _NOISE.sub("", folded)


def column_of(text: str) -> Column | None:
    """What a heading means, if it is known."""
    return _KNOWN.get(plain_heading(text))


def find_headings(lines: Sequence[Line]) -> Headings | None:
    """The heading among the first rows of a sheet: one row, or two of which the upper groups the lower."""
    best: Headings | None = None
    best_score = FEWEST_KNOWN - 1
    for place, (line, cells) in enumerate(lines[:HEADING_ROWS]):
        upper = lines[place - 1] if place else None
        found = [Headings(tuple(cells), line)]
        if upper is not None and line == upper[0] + 1:
            found.append(Headings(_joined(upper[1], cells), line, is_double=True))
        for headings in found:
            if (score := _score(headings.texts)) > best_score:
                best, best_score = headings, score
    return best


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Column by column the lower text; the upper one where there is none below it."""
    width = max(len(upper), len(lower))
    above, below = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    return tuple(low or high for high, low in zip(above, below, strict=True))


def _score(texts: Sequence[str]) -> int:
    return len({column for text in texts if (column := column_of(text)) is not None})


def proposed(texts: Sequence[str]) -> list[str]:
    """A column for each heading, blank where none is proposed; each column once."""
    taken: set[Column] = set()
    columns = []
    for text in texts:
        column = column_of(text)
        is_free = column is not None and column not in taken
        columns.append(column.value if column is not None and is_free else "")
        if column is not None:
            taken.add(column)
    return columns


def never_read(texts: Sequence[str]) -> list[str]:
    """Headings of what the register must not hold; their columns cannot be chosen."""
    return [text for text in texts if forbidden_in(text)]
