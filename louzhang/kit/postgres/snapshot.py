"""Looks at a whole database: one view shared with pg_dump, the rows of every table, what is in the way."""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from louzhang.kit.archive import Programs
from louzhang.kit.postgres.server import EmbeddedServer


def share(connection: BaseDatabaseWrapper) -> str:
    """Fix the view of this transaction and return the name under which pg_dump can share it."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def count_rows(connection: BaseDatabaseWrapper, *schemas: str) -> dict[str, int]:
    """Count the rows of every table, named `schema.table`."""
    counted = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2", [list(schemas)]
        )
        for schema, table in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
            counted[f"{schema}.{table}"] = int(cursor.fetchone()[0])
    return counted


def programs(connection: BaseDatabaseWrapper) -> Programs:
    """Return the client programs that fit the database: the wheel's for the embedded one, else the system's."""
    params = connection.get_connection_params()
    embedded = connection.settings_dict.get("EMBEDDED")
    folder = EmbeddedServer(Path(embedded["var"])).place.programs if embedded else None
    return Programs(folder, {key: str(value) for key, value in params.items() if value is not None})
