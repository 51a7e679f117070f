"""A connection the server has closed is noticed before it is used."""

import pytest
from django.db import connection, connections


@pytest.mark.django_db(transaction=True)
def test_a_connection_ended_by_the_server_is_not_usable():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        assert other.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert not other.is_usable()
    finally:
        other.close()
