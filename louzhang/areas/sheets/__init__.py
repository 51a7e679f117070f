"""Lists of the district as files: read, tried line by line, shown, then stored whole or not at all."""

from louzhang.areas.sheets.frame import (
    INFORMING,
    Bring,
    Column,
    Outcome,
    Result,
    Sheet,
    Told,
    bring_in,
    compared,
    example_book,
    read_sheet,
    store_sheet,
)

__all__ = [
    "INFORMING",
    "Bring",
    "Column",
    "Outcome",
    "Result",
    "Sheet",
    "Told",
    "bring_in",
    "compared",
    "example_book",
    "read_sheet",
    "store_sheet",
]
