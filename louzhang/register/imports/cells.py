"""Single cells as communities fill them: days in five forms, numbers Excel has spoilt, words for sex and ties.

What cannot be read is a `CellRefused` with a sentence that repeats nothing of the cell: the wrong row itself goes
back to who brought it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from louzhang.kit.id_numbers import InvalidIdNumber, normal_id_number
from louzhang.kit.phones import InvalidPhone, normal_phone
from louzhang.kit.workbooks import Day, Number
from louzhang.register.models import EARLIEST_YEAR, Sex, Tie

NAME_LENGTH = 40
ADDRESS_LENGTH = 120
DOOR_LENGTH = 20
ID_DIGITS = 18
SHORT_ID_DIGITS = 15

_BLANKS = frozenset(("", "无", "/", "-", "—", "不详", "未知", "暂无", "空", "没有"))
_YMD = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_SIX = re.compile(r"((?:19|20)\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?")
_SERIAL = re.compile(r"(\d{1,6})(?:\.\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_LATEST_SERIAL = 73_415  # the end of 2100
_SPOILT_ID = "身份证号码被 Excel 变成了数字，后几位已经丢失。请把这一列设为文本格式，重新填写号码。"
_NO_DAY = "日期认不出来，请写成 2026-03-02 这样。"

SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "M": Sex.MALE, "1": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE,
         "F": Sex.FEMALE, "2": Sex.FEMALE}  # fmt: skip
_TIE_WORDS = {
    Tie.HEAD: "户主 本人 户主本人 业主",
    Tie.SPOUSE: "配偶 妻 妻子 夫 丈夫 爱人 夫妻 老伴",
    Tie.CHILD: "子女 子 女 儿子 女儿 长子 次子 三子 长女 次女 三女 独生子 独生女 儿媳 媳妇 女婿 养子 养女 继子 继女",
    Tie.PARENT: "父母 父 母 父亲 母亲 岳父 岳母 岳父母 公公 婆婆 公婆 继父 继母",
    Tie.GRANDCHILD: "孙辈 孙 孙子 孙女 孙子女 外孙 外孙子 外孙女 曾孙",
    Tie.GRANDPARENT: "祖辈 祖父 祖母 祖父母 爷爷 奶奶 外公 外婆 姥姥 姥爷 外祖父 外祖母",
    Tie.SIBLING: "兄弟姐妹 兄弟 姐妹 兄 弟 姐 妹 哥 哥哥 弟弟 姐姐 妹妹",
    Tie.RELATIVE: "其他亲属 亲属 亲戚 侄 侄子 侄女 甥 外甥 外甥女 叔 姑 舅 姨 嫂子",
    Tie.OTHER: "非亲属 其他 租客 租户 承租人 房客 合租 同住人 保姆 朋友 同事",
}
TIES = {word: tie.value for tie, words in _TIE_WORDS.items() for word in words.split()}


class CellRefused(ValueError):
    """A cell that cannot be read; the sentence says what to do."""


def plain(cell: str) -> str:
    """A cell in half-width signs without blanks around; blank for 无, 不详 and the like."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return "" if text in _BLANKS else text


def whole_number(cell: str) -> str:
    """The digits of a number cell as they stand in the file: 1.3912345678E10 → 13912345678."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return cell
    return format(number, "f").rstrip("0").rstrip(".") if "." in format(number, "f") else format(number, "f")


def name_of(cell: str) -> str:
    """The name of a person; blanks between two characters are taken out."""
    text = plain(cell)
    if not text.isascii():
        text = re.sub(r"\s+", "", text)
    if len(text) > NAME_LENGTH or (text and not text.isprintable()) or text.isdecimal():
        raise CellRefused(f"姓名不像姓名，请填写姓名，最多 {NAME_LENGTH} 个字。")
    return text


def id_number_of(cell: str) -> str:
    """A normal ID number; one of which Excel has kept all digits is taken, one that lost some is refused."""
    text = plain(cell)
    if not text:
        return ""
    is_number = isinstance(cell, Number) or bool(re.fullmatch(r"\d(?:\.\d+)?E\+?1[4-7]", text.upper()))
    if isinstance(cell, Day):
        raise CellRefused(_SPOILT_ID)
    if is_number:
        text = _kept_digits(text)
    try:
        return normal_id_number(text)
    except InvalidIdNumber as wrong:
        raise CellRefused(str(wrong)) from None


def _kept_digits(raw: str) -> str:
    """The digits of a number, refused where more are meant than the file kept."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    kept = len(number.as_tuple().digits)
    digits = whole_number(raw)
    if len(digits) >= SHORT_ID_DIGITS + 1 and (kept < len(digits) or digits.endswith("000")):
        raise CellRefused(_SPOILT_ID)
    return digits


def phone_of(cell: str) -> str:
    """A normal phone number; of several the first."""
    text = whole_number(plain(cell)) if isinstance(cell, Number) else plain(cell)
    if not text:
        return ""
    first = re.split(r"[、，,;；/\n]|\s{2,}| (?=1\d{10})", text)[0]
    try:
        return normal_phone(first)
    except InvalidPhone as wrong:
        raise CellRefused(f"电话不对：{wrong}") from None


def day_of(cell: str) -> tuple[int | None, date | None]:
    """(year, day) in five forms and Excel's own number; the day is None where only a year or month was written."""
    text = plain(cell)
    if not text:
        return None, None
    compact = re.sub(r"\s+", " ", text)
    for pattern in (_YMD, _EIGHT):
        if found := pattern.fullmatch(compact) or pattern.fullmatch(compact.replace(" ", "")):
            day = _day(*(int(part) for part in found.groups()))
            return day.year, day
    return _part_of_a_day(text, is_number=isinstance(cell, Number))


def _part_of_a_day(text: str, *, is_number: bool) -> tuple[int, date | None]:
    if (found := _YEAR.fullmatch(text)) and EARLIEST_YEAR <= int(found[1]) <= _EXCEL_EPOCH.year + 201:
        return int(found[1]), None
    if is_number and (found := _SERIAL.fullmatch(text)) and 0 < int(found[1]) <= _LATEST_SERIAL:
        day = _EXCEL_EPOCH + timedelta(days=int(found[1]))
        return day.year, day
    if found := _MONTH.fullmatch(text) or _SIX.fullmatch(text):
        first = _day(int(found[1]), int(found[2]), 1)
        return first.year, None
    raise CellRefused(_NO_DAY)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellRefused("这一天不存在，请核对日期。") from None


def sex_of(cell: str) -> str:
    """Sex as the register writes it; blank where it was left out."""
    text = plain(cell).upper()
    if text and text not in SEXES:
        raise CellRefused("性别请填“男”或“女”，不清楚就空着。")
    return str(SEXES[text]) if text else ""


def tie_of(cell: str) -> str:
    """What somebody is to the head; blank where it was left out."""
    text = re.sub(r"^(户主|之|的|与户主)(?=.)", "", plain(cell))
    text = re.sub(r"[0-9、.]+", "", text)
    if text and text not in TIES:
        raise CellRefused(
            "与户主关系认不出来，可以填：户主、配偶、子女、父母、孙辈、祖辈、兄弟姐妹、其他亲属、非亲属。"
        )
    return str(TIES[text]) if text else ""


def door_cell(cell: str) -> str:
    """A door or another part of a place; refused where Excel has made a day of it (3-12 becomes 3月12日)."""
    if isinstance(cell, Day):
        raise CellRefused("门牌被 Excel 变成了日期，请把这一列设为文本格式，重新填写。")
    return whole_number(plain(cell)) if isinstance(cell, Number) else plain(cell)
