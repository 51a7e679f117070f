"""Pairs of neighbouring characters, by which Chinese text is searched in any two characters.

Stored texts keep their pairs in a PostgreSQL array; a search asks for the rows whose array contains all pairs
of what was typed. That finds every text containing the words, and now and then one that has the pairs elsewhere.
"""

import re
import unicodedata
from itertools import chain

TEXT_LIMIT = 2000
QUERY_LIMIT = 64

_RUNS = re.compile(r"[^\W_]+")


def bigrams(text: str) -> list[str]:
    """Give the pairs of a text to store, unique and sorted; a character standing alone stands for itself.

    Width and case do not matter; blanks and punctuation separate; only the first 2,000 characters count.
    """
    return sorted(set(chain.from_iterable(_pairs(run) or [run] for run in _runs(text, TEXT_LIMIT))))


def query_terms(typed: str) -> list[str]:
    """Give the pairs that a text must all contain to answer what was typed; fewer than two characters give none.

    A character standing alone among others is left out: a stored text need not have it alone.
    """
    return sorted(set(chain.from_iterable(_pairs(run) for run in _runs(typed, QUERY_LIMIT))))


def _runs(text: str, limit: int) -> list[str]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:limit]).casefold())
    return _RUNS.findall(folded[:limit])


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]
