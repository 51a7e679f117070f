"""What the register answers already: questions from above matched to its entries by their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from louzhang.register.imports.columns import Column, column_of, plain_heading


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the register knows of a home, a household or its people; `words` are how people ask for it."""

    code: str
    label: str
    words: tuple[str, ...] = ()
    column: Column | None = None


ENTRIES = (
    Entry("household.people", "住几个人", ("几口人", "几个人", "多少人", "家庭人口", "人口数", "常住人数", "成员人数")),
    Entry("resident.name", "姓名", ("姓名", "户主是谁", "叫什么"), Column.NAME),
    Entry("resident.birth", "出生日期和年龄", ("出生", "年龄", "岁数", "多大"), Column.BIRTH),
    Entry("resident.sex", "性别", ("性别",), Column.SEX),
    Entry("resident.id_number", "证件号码", ("身份证", "证件号"), Column.ID_NUMBER),
    Entry("resident.phone", "电话", ("电话", "手机", "联系方式"), Column.PHONE),
    Entry("resident.registered", "户籍地址", ("户籍", "户口"), Column.REGISTERED),
    Entry("resident.tie", "与户主关系", ("与户主", "家庭关系"), Column.TIE),
    Entry(
        "dwelling.kind", "房屋怎么用", ("有人住", "空置", "出租", "租户", "自住", "房屋类型", "房屋性质", "房屋用途"),
        Column.KIND,
    ),
    Entry("dwelling.address", "住址", ("住址", "地址", "门牌", "楼栋", "单元号", "房号"), Column.ADDRESS),
    Entry("household.since", "什么时候住进来的", ("入住", "搬来", "搬入", "什么时候住"), Column.SINCE),
)  # fmt: skip
_BY_CODE = {entry.code: entry for entry in ENTRIES}
_BY_COLUMN = {entry.column: entry for entry in ENTRIES if entry.column is not None}
# What sounds like it but asks for what people want or think.
NOT_KNOWN = ("满意", "希望", "愿意", "想要", "建议", "需要", "意见", "是否同意")


def known_as(text: str) -> str:
    """The code of the entry that answers a question; empty where the register does not know."""
    if any(word in text for word in NOT_KNOWN):
        return ""
    column = column_of(text)
    if column in _BY_COLUMN:
        return _BY_COLUMN[column].code
    plain = plain_heading(text)
    return next((entry.code for entry in ENTRIES if any(word in plain for word in entry.words)), "")


def label_of(code: str) -> str:
    """What an entry is called; the code itself for one that is none."""
    return _BY_CODE[code].label if code in _BY_CODE else code


def labels_of(codes: Iterable[str]) -> list[str]:
    """What several are called, each once, in order."""
    return list(dict.fromkeys(label_of(code) for code in codes if code))
