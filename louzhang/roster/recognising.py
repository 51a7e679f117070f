"""What in a text could tell who somebody is: numbers, doors, names. It warns and never decides; people read again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from louzhang.kit.surnames import COMPOUND

# The hundred commonest family names; further ones are found where a form of address follows.
_COMMON = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_HAN = r"[\u4e00-\u9fff]"
_SURNAME = rf"(?:{'|'.join(sorted(COMPOUND))}|[{_COMMON}])"
_ADDRESS = r"(?:先生|女士|大妈|大爷|大娘|阿姨|叔叔|大叔|大伯|奶奶|爷爷|师傅|老师|医生|大姐|大哥|老人|老太|老汉)"
_BEFORE = r"(?:名叫|姓名|叫做|叫作|居民|住户|业主|邻居|老人|女儿|儿子|妻子|丈夫|母亲|父亲|房主|租户)"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("身份证号", re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")),
    ("手机号", re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")),
    ("座机号", re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)")),
    ("银行卡号", re.compile(r"(?<!\d)(?:62|4\d|5[1-5])\d{14,17}(?!\d)")),
    ("车牌", re.compile(rf"{_HAN}[A-Z][A-Z0-9]{{5,6}}")),
    ("门牌", re.compile(r"\d{1,3}\s*(?:号楼|栋|幢)|\d{1,2}\s*单元|\d{2,4}\s*室|(?<!\d)\d{1,3}-\d{1,2}-\d{2,4}(?!\d)")),
    ("姓名", re.compile(rf"{_SURNAME}{_HAN}{{0,2}}?{_ADDRESS}")),
    ("姓名", re.compile(rf"(?<={_HAN}{_HAN}){_SURNAME}某?{_HAN}?某")),
    ("姓名", re.compile(rf"{_BEFORE}({_SURNAME}{_HAN}{{1,2}})")),
)


@dataclass(frozen=True, slots=True)
class Hint:
    """What kind of thing was found, and the very words."""

    kind: str
    words: str


def hints_in(text: str, names: Iterable[str] = ()) -> list[Hint]:
    """Everything that could tell who somebody is, each once; `names` are known ones, of those with posts."""
    found = [
        Hint(kind, match.group(1) if pattern.groups else match.group())
        for kind, pattern in PATTERNS
        for match in pattern.finditer(text)
    ]
    found += [Hint("姓名", name) for name in names if len(name) > 1 and name in text]
    return list(dict.fromkeys(found))
