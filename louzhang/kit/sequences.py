"""Numbers for rows that must know their own before they are stored, because a chain covers it."""

from django.db import connection


def reserve_ids(table: str, count: int) -> list[int]:
    """Take the next numbers of a table's ``id``; numbers that stay unused are a gap and no harm."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
