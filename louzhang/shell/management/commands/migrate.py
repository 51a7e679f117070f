"""`manage.py migrate`: Django's own, with the queue in its schema and the roles' rights renewed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from louzhang.kit.migrating import new_tables_render_alone
from louzhang.kit.postgres import rights

QUEUE_APP: Final = "procrastinate"


class Command(migrate.Command):
    """Migrate, the queue's tables first and into the queue's schema, then renew the grants."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the queue's tables a place of their own, then do what Django does."""
        connection = connections[options["database"]]
        with new_tables_render_alone():
            self._migrate(connection, args, options)

    def _migrate(self, connection: BaseDatabaseWrapper, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        only_looking = options["plan"] or options["check_unapplied"]
        if not only_looking:
            _make_schemas(connection)
        if not only_looking and options["app_label"] in (None, QUEUE_APP):
            with _queue_first(connection):
                super().handle(*args, **(options | {"app_label": QUEUE_APP, "run_syncdb": False}))
        if options["app_label"] != QUEUE_APP or only_looking:
            super().handle(*args, **options)
        if not only_looking:
            rights.grant(connection, settings.DATABASE_LOGINS, settings.SCHEMA, settings.QUEUE_SCHEMA)


def _make_schemas(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name in (settings.SCHEMA, settings.QUEUE_SCHEMA):
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    MigrationRecorder(connection).ensure_schema()


@contextmanager
def _queue_first(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Create tables in the queue's schema while Django's list of migrations stays where it is."""
    both = (settings.SCHEMA, settings.QUEUE_SCHEMA)
    _search(connection, *reversed(both))
    try:
        yield
    finally:
        _search(connection, *both)


def _search(connection: BaseDatabaseWrapper, *schemas: str) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, schemas))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET search_path TO {}").format(names))
