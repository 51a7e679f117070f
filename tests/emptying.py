"""Empties the database behind a test that committed: only tables with rows, the many empty ones cost nothing."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from psycopg import sql

# What a migration leaves, and no test changes.
STANDING = ("django_migrations", "django_content_type", "auth_permission")
# Their ties are looked at row by row: what others point at goes last.
LAST = ("procrastinate_jobs", "procrastinate_workers")
OURS = """
    SELECT relname FROM pg_class
     WHERE relkind IN ('r', 'p') AND NOT relispartition
       AND relnamespace::regnamespace::text = ANY(current_schemas(false))
       AND relname <> ALL(%s)
     ORDER BY array_position(%s, relname::text) NULLS FIRST, relname
"""


def empty_tables(*_: Any) -> None:
    """Delete every row of every table; the ties between tables are looked at when all of them are gone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OURS, [list(STANDING), list(LAST)])
        tables = [name for (name,) in cursor.fetchall()]
        asked = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {name} WHERE EXISTS (SELECT FROM {table})").format(
                name=sql.Literal(table), table=sql.Identifier(table)
            )
            for table in tables
        )
        cursor.execute(asked.as_string(None))
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)).as_string(None))
