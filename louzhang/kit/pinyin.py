"""How Chinese names sort and what their initials are, with surnames read as surnames.

Whether a name is a person's (单小芳 is shan) or a place's (单元 is dan) is guessed by its length and by the words
of the dictionary; a caller who knows says ``person``.

The key of a sealed name is a personal word too: keep it only where the name may stand in the clear.
"""

import re
import unicodedata
from functools import lru_cache

from louzhang.kit.surnames import READINGS, surname_length

_PARTS = re.compile(r"[0-9]+|[a-z]+|[^\W0-9a-z_]+")
_NUMBER_WIDTH = 6
_NAME_LENGTHS = range(1, 5)
_SHORTEST_NAME = 2


def sort_key(name: str, *, person: bool | None = None) -> str:
    """Give a key whose plain order is the order of pinyin: 单小芳 → "shan xiao fang"; numbers count by value."""
    return " ".join(_padded(syllable) for syllable in _syllables(name, person=person))


def initials(name: str, *, person: bool | None = None) -> str:
    """Give the first letters, by which a name is picked from a list: 单小芳 → "sxf", 3号楼 → "3hl"."""
    return "".join(part if part.isdecimal() else part[:1] for part in _syllables(name, person=person))


@lru_cache(maxsize=4096)
def _syllables(name: str, *, person: bool | None) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", name).casefold()
    parts = _PARTS.findall(folded)
    if person is None:
        person = len(parts) == 1 and _is_like_a_person(parts[0])
    syllables: list[str] = []
    for place, part in enumerate(parts):
        syllables += [part] if part.isascii() else _read(part, surname_first=bool(person and place == 0))
    return tuple(syllables)


def _is_like_a_person(words: str) -> bool:
    from pypinyin.constants import PHRASES_DICT

    known_as_compound = surname_length(words) > 1
    return len(words) in _NAME_LENGTHS and (known_as_compound or words[:_SHORTEST_NAME] not in PHRASES_DICT)


@lru_cache(maxsize=16384)
def _read(words: str, *, surname_first: bool) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # a quarter of a second and its dictionaries, only where names are read

    lengths = (surname_length(words), 1) if surname_first else ()
    for length in lengths:
        reading = READINGS.get(words[:length])
        if reading:
            return (*reading, *lazy_pinyin(words[length:]))
    return tuple(lazy_pinyin(words))


def _padded(syllable: str) -> str:
    return syllable.zfill(_NUMBER_WIDTH) if syllable.isdecimal() else syllable
