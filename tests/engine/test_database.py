"""The roles' rights, the queue's place, and the health of connections."""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from louzhang.kit import queue
from louzhang.kit.postgres import rights

pytestmark = pytest.mark.django_db


def may(role: str, table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [settings.DATABASE_LOGINS[role], table, right])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("role", ["web", "worker"])
def test_an_event_is_added_and_read_and_that_is_all(role: str):
    granted = [right for right in ("SELECT", "INSERT", "UPDATE", "DELETE") if may(role, "journal_event", right)]
    assert granted == ["SELECT", "INSERT"]


@pytest.mark.parametrize("role", ["web", "worker"])
def test_no_lesser_role_changes_the_shape_of_the_database(role: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(%s, current_schema(), 'CREATE')", [settings.DATABASE_LOGINS[role]])
        assert cursor.fetchone() == (False,)
    assert not may(role, "django_migrations", "INSERT")


def test_deleting_is_refused_wherever_the_table_of_exceptions_is_silent():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = ANY(current_schemas(false))")
        tables = [name for (name,) in cursor.fetchall()]
    found = {(table, role) for table in tables for role in ("web", "worker") if may(role, table, "DELETE")}
    assert found == {(table, role) for table, roles in rights.DELETABLE.items() for role in roles if table in tables}


def test_the_queue_lives_in_a_schema_of_its_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%'")
        assert cursor.fetchall() == [(settings.QUEUE_SCHEMA,)]
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations'")
        assert cursor.fetchall() == [(settings.SCHEMA,)]


def test_a_rolled_back_action_leaves_no_job():
    task = queue.app.tasks["louzhang.shell.tasks.retry_stalled_jobs"]
    with transaction.atomic():
        task.defer(timestamp=1)
        assert jobs() == 1
        transaction.set_rollback(True)
    assert jobs() == 0


def test_a_job_goes_to_the_queue_of_the_district():
    queue.app.tasks["louzhang.shell.tasks.retry_stalled_jobs"].defer(timestamp=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name FROM procrastinate_jobs")
        assert cursor.fetchall() == [(queue.name(),)]


def test_a_worker_silent_for_too_long_counts_as_down():
    assert not queue.worker_is_up()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '31 seconds')")
        assert not queue.worker_is_up()
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        assert queue.worker_is_up()


def test_the_web_role_defers_a_job_but_removes_none():
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_LOGINS['web']}")
        queue.app.tasks["louzhang.shell.tasks.retry_stalled_jobs"].defer(timestamp=1)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("DELETE FROM procrastinate_jobs")


def test_health_of_an_idle_connection_costs_no_query(django_assert_num_queries):
    connection.ensure_connection()
    with django_assert_num_queries(0):
        assert connection.is_usable()


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def test_pages_are_tested_with_the_rights_of_the_web_role(client, monkeypatch):
    seen = []

    def note() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            seen.append(cursor.fetchone()[0])
        return True

    monkeypatch.setattr(queue, "worker_is_up", note)
    assert client.get("/healthz").json() == {"web": "up", "database": "up", "worker": "up"}
    assert seen == [settings.DATABASE_LOGINS["web"]]
    assert note()
    assert seen[-1] == settings.DATABASE_LOGINS["owner"]
