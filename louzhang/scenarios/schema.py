"""A schema of one's own for a while: made, migrated, searched first, dropped whatever happens.

The district's tables and the queue get one schema each, as a district of a cluster has them, so that every
scenario shows that no schema is hard-wired. Nothing of the district that the database holds is touched.
"""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from psycopg import sql

PLACES = ("SCHEMA", "QUEUE_SCHEMA", "QUEUE_NAME")


@contextmanager
def schema_of_ones_own(name: str) -> Iterator[str]:
    """Work in new, migrated schemas until the block ends, by itself, by an error, Ctrl-C or TERM."""
    own = f"scenario_{name}_{os.getpid()}_{secrets.token_hex(3)}"
    before = {place: getattr(settings, place) for place in PLACES}
    with _ended_by_term():
        try:
            _go_to(own, f"{own}_queue", own)
            call_command("migrate", verbosity=0, interactive=False)
            yield own
        finally:
            _go_to(*before.values())
            _drop(own, f"{own}_queue")


def _go_to(schema: str, queue_schema: str, queue_name: str) -> None:
    """Have this process work in other schemas: the settings that name them, the connection, what was kept of rows."""
    for place, value in zip(PLACES, (schema, queue_schema, queue_name), strict=True):
        setattr(settings, place, value)
    connection.close()
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    options["options"] = f"-c search_path={schema},{queue_schema}"
    cache.clear()


def _drop(*schemas: str) -> None:
    with connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


@contextmanager
def _ended_by_term() -> Iterator[None]:
    """TERM ends the block as Ctrl-C does, so that what was made is dropped."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
