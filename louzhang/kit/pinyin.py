"""How Chinese names sort and what their initials are, with surnames read as surnames.

The key of a sealed name is a personal word too: keep it only where the name may stand in the clear.
"""

import re
import unicodedata
from functools import lru_cache

from louzhang.kit.surnames import READINGS, surname_length

_PARTS = re.compile(r"[0-9]+|[a-z]+|[^\W0-9a-z_]+")
_NUMBER_WIDTH = 6


def sort_key(name: str) -> str:
    """Give a key whose plain order is the order of pinyin: 单小芳 → "shan xiao fang"; numbers count by value."""
    return " ".join(_padded(syllable) for syllable in _syllables(name))


def initials(name: str) -> str:
    """Give the first letters, by which a name is picked from a list: 单小芳 → "sxf", 3号楼 → "3hl"."""
    return "".join(part if part.isdecimal() else part[:1] for part in _syllables(name))


@lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", name).casefold()
    syllables: list[str] = []
    for part in _PARTS.findall(folded):
        syllables += [part] if part.isascii() else _read(part)
    return tuple(syllables)


def _read(words: str) -> list[str]:
    from pypinyin import lazy_pinyin  # a quarter of a second and its dictionaries, only where names are read

    for length in (surname_length(words), 1):
        reading = READINGS.get(words[:length])
        if reading:
            return [*reading, *lazy_pinyin(words[length:])]
    return list(lazy_pinyin(words))


def _padded(syllable: str) -> str:
    return syllable.zfill(_NUMBER_WIDTH) if syllable.isdecimal() else syllable
