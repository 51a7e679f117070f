"""Numbers for rows that must know their own before they are stored, because a chain covers it."""

from django.db import connection


def reserve_ids(table: str, count: int) -> list[int]:
    """Take the next numbers of a table's ``id``; numbers that stay unused are a gap and no harm."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            # the sequence is looked up once, not for every number
            "SELECT nextval(own.seq) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS seq OFFSET 0) AS own,"
            " generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]
