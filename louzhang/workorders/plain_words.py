"""Words for residents: placeholders that are filled in, and what a resident would stumble over. Pure.

The check warns and never refuses: whoever writes knows the case.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

# The words of each step that residents read, as the fields of its form; a template fills them in this order.
REPLY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "accept": ("note",),
    "decline": ("reason", "advice"),
    "settle": ("note",),
    "settle_on_spot": ("note",),
    "report_back": ("answer",),
    "shelve": ("explanation",),
}
# What stands in braces: the word the settings show, and the key a program may write.
PLACEHOLDERS: Mapping[str, str] = {
    "number": "单号",
    "category": "类别",
    "place": "地点",
    "unit": "承办单位",
    "promised": "承诺时间",
    "desk": "受理社区",
    "phone": "社区电话",
}
LONGEST = 300
LONGEST_SENTENCE = 60
SHORTEST = 6
# Steps after which a resident may want to ask somebody.
NEED_CONTACT = frozenset({"decline", "settle", "report_back", "shelve"})
# Latin words that everybody knows.
KNOWN_LATIN = frozenset({"led", "wifi", "app", "aed", "gps", "etc", "ok", "kv", "kw", "pvc", "pm"})
# What offices say among themselves, and how to say it instead.
JARGON: Mapping[str, str] = {
    "签收": "接手",
    "交办": "安排",
    "派单": "安排",
    "转办": "请……来办",
    "退单": "退回重新安排",
    "协办": "一起办",
    "督办": "上级在跟进",
    "挂账": "暂时办不了，会再来看",
    "办结": "办好了",
    "结案": "结束",
    "闭环": "办好并答复",
    "研判": "商量",
    "处置": "处理",
    "属地": "当地社区",
    "权责清单": "按规定归谁管",
}
_BRACES = re.compile(r"\{([^{}]{0,20})\}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]+")
_SENTENCE = re.compile(r"[。！？；\n]")
_PHONE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}[- ]?\d{7,8}|\d{7,8}|[19]\d{2}|1\d{4})(?!\d)")


def unknown_placeholders(words: str) -> list[str]:
    """What stands in braces and is nothing that can be filled in."""
    known = {*PLACEHOLDERS, *PLACEHOLDERS.values()}
    return [found for found in _BRACES.findall(words) if found.strip() not in known]


def fill(words: str, values: Mapping[str, str]) -> str:
    """Words with their placeholders filled; what has no value yet stays in its braces."""
    keys = {label: key for key, label in PLACEHOLDERS.items()}

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        return values.get(keys.get(name, name)) or found[0]

    return _BRACES.sub(value, words)


def warnings(step: str, texts: Sequence[str], *, known: Collection[str] = ()) -> list[str]:
    """What a resident would stumble over in the words of a step, as sentences; `known` may stand in them."""
    words = "\n".join(text.strip() for text in texts if text.strip())
    if not words:
        return []
    found = [*_length(words), *_unfilled(words), *_codes(words, known), *_jargon(words)]
    if step in NEED_CONTACT and not _PHONE.search(words):
        found.append("没有留电话，反映人有疑问不知道找谁。")
    return found


def _length(words: str) -> list[str]:
    if len(words) < SHORTEST:
        return ["太短了，反映人可能看不明白。"]
    if len(words) > LONGEST:
        return [f"一共 {len(words)} 个字，太长了，尽量在 {LONGEST} 字以内。"]
    longest = max((len(part.strip()) for part in _SENTENCE.split(words)), default=0)
    return [f"有一句 {longest} 个字，断成两句更好读。"] if longest > LONGEST_SENTENCE else []


def _unfilled(words: str) -> list[str]:
    left = [f"{{{name}}}" for name in _BRACES.findall(words)]
    return [f"还有没填的地方：{'、'.join(dict.fromkeys(left))}。"] if left else []


def _codes(words: str, known: Collection[str]) -> list[str]:
    plain = _BRACES.sub("", words)
    codes = [code for code in _LATIN.findall(plain) if code not in known and code.lower() not in KNOWN_LATIN]
    return [f"“{'”“'.join(dict.fromkeys(codes))}”像是内部代号，反映人看不懂。"] if codes else []


def _jargon(words: str) -> list[str]:
    plain = _BRACES.sub("", words)
    return [f"“{word}”是内部的说法，可以说“{instead}”。" for word, instead in JARGON.items() if word in plain]
