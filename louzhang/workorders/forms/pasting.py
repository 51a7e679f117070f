"""A message copied from a chat group, read as the beginning of a report: who wrote it, what, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from louzhang.kit.phones import phone_in
from louzhang.workorders.models import WORDS_AT_MOST
from louzhang.workorders.queries.choices import Group

SENDER_LENGTH = 20
# What a chat puts before a message: a name with a colon, or a name with the day and time.
HEADS = (
    re.compile(rf"^(?P<sender>[^\s:：，。！？,!?]{{1,{SENDER_LENGTH}}})\s*[:：]\s*(?P<rest>.*)$"),
    re.compile(
        rf"^(?P<sender>\S{{1,{SENDER_LENGTH}}})\s+(?:\d{{2,4}}[-/年.]\S+\s+)?\d{{1,2}}:\d{{2}}(?::\d{{2}})?$(?P<rest>)"
    ),
)
# What names somebody else or shows nothing once it is copied.
LEFT_OUT = re.compile(r"@\S+[\s\u2005]?|\[(?:图片|视频|语音|动画表情)\]")
_SPACES = re.compile(r"[ \t\u2005\u3000]+")


@dataclass(frozen=True, slots=True)
class GroupMessage:
    """What was found in it; `area_id` only where the words name one of the reader's own places."""

    words: str
    sender: str
    area_id: int | None


def read_message(text: str, places: Sequence[Group]) -> GroupMessage:
    """Take the head of the chat, names called and placeholders out, and look for a place of one's own."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    sender = ""
    for head in HEADS:
        found = head.match(lines[0]) if lines else None
        if found:
            sender = found["sender"]
            lines = [found["rest"], *lines[1:]]
            break
    clean = [_SPACES.sub(" ", LEFT_OUT.sub("", line)).strip() for line in lines]
    words = "\n".join(line for line in clean if line)[:WORDS_AT_MOST]
    return GroupMessage(words, sender, _place_named(f"{sender} {words}", places))


def take_phone(words: str) -> tuple[str, str]:
    """The words without the number that stands among them, and the number; both as they are where there is none."""
    phone = phone_in(words)
    if not phone:
        return words, ""
    lines = words.replace(phone, "").splitlines()
    return "\n".join(_SPACES.sub(" ", line).strip() for line in lines), phone


def _place_named(text: str, places: Sequence[Group]) -> int | None:
    """The place whose name stands in the words, the most exact one; none where two are meant equally."""
    squeezed = re.sub(r"\s", "", text)
    named = {
        choice.value: len(label)
        for group in places
        for choice in group.choices
        if _stands_in(label := choice.label.replace(" ", ""), squeezed)
    }
    longest = max(named.values(), default=0)
    best = [value for value, length in named.items() if length == longest]
    return int(best[0]) if len(best) == 1 else None


def _stands_in(label: str, text: str) -> bool:
    """Whether a name stands there as itself: 2号楼 does not stand in 12号楼."""
    before = r"(?<!\d)" if label[:1].isdigit() else ""
    return bool(label) and re.search(before + re.escape(label), text) is not None
