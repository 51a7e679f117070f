"""Carrying a community's file into the register: what people do with it, and what the worker does."""

from louzhang.register.actions.importing.office import (
    confirm_import,
    drop_import,
    map_import,
    return_import,
    upload_import,
)
from louzhang.register.actions.importing.purging import defer_lost_imports, purge_imports
from louzhang.register.actions.importing.reading import preview_import, read_import
from louzhang.register.actions.importing.returning import take_back_import
from louzhang.register.actions.importing.storing import store_import
from louzhang.register.actions.importing.working import go_on

__all__ = [
    "confirm_import",
    "defer_lost_imports",
    "drop_import",
    "go_on",
    "map_import",
    "preview_import",
    "purge_imports",
    "read_import",
    "return_import",
    "store_import",
    "take_back_import",
    "upload_import",
]
