"""The database wrapper named by DATABASES["default"]["ENGINE"]."""

import select
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from psycopg import pq

from louzhang.kit import postgres
from louzhang.kit.postgres.place import LOGINS


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django knows it; `EMBEDDED` in the settings names folder, role and durability."""

    def get_connection_params(self) -> dict[str, Any]:
        """Add socket, login and password of the embedded server, which are known only on this machine."""
        params: dict[str, Any] = super().get_connection_params()
        if embedded := self.settings_dict.get("EMBEDDED"):
            place = postgres.Place(Path(embedded["var"]))
            params |= place.connection(LOGINS[embedded["role"]], params["dbname"])
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, having started the embedded server when that is the one."""
        if embedded := self.settings_dict.get("EMBEDDED"):
            postgres.attached(Path(embedded["var"]), durable=embedded["durable"])
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Tell whether the connection still stands.

        A server that has gone leaves an end-of-file or a farewell on the idle socket. A silent socket
        is taken as healthy, which saves one round trip for every request.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            return bool(super().is_usable())
        readable, _, _ = select.select([self.connection.fileno()], [], [], 0)
        return not readable or bool(super().is_usable())
