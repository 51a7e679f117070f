"""Single cells of tables, and the refusal of a whole file."""

import re

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class BadTable(ValueError):
    """The file cannot be read as a table; the message is for the person who brought it."""


def safe_cell(text: str) -> str:
    """Neutralise a cell that Excel would run as a formula, by an apostrophe; plain numbers stay numbers."""
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def plain_cell(text: str) -> str:
    """Take back what ``safe_cell`` did, and the blanks around."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text
