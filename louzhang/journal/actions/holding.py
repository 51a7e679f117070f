"""Locks on things that have no row of their own."""

from __future__ import annotations

from django.db import connection


def hold(key: str) -> None:
    """Keep others who ask for the same key waiting until this transaction ends.

    The key carries the schema: districts of one cluster do not wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))", [f":{key}"])
