"""`manage.py prepare_database`: schemas, tables, rights of the roles. Quick when nothing is to do."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from louzhang.kit.postgres import rights


class Command(BaseCommand):
    """Bring the database to the state this version needs."""

    help = "建立或更新数据库的表，并重新授予 web 与 worker 的权限。"
    requires_system_checks = ()  # `make check` has run them; here they would cost every start half a second

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate when a migration is missing; renew the rights in any case."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=options["verbosity"], interactive=False)
        else:
            rights.grant(connection, settings.DATABASE_LOGINS, settings.SCHEMA, settings.QUEUE_SCHEMA)
