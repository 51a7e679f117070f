"""The database wrapper named by DATABASES["default"]["ENGINE"]."""

import re
import select
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import register_tzloader
from psycopg import RawCursor, adapters, pq
from psycopg.abc import Buffer
from psycopg.types.datetime import TimestamptzLoader

from louzhang.kit import postgres
from louzhang.kit.postgres.place import LOGINS

TIMESTAMPTZ = adapters.types["timestamptz"].oid


class UtcLoader(TimestamptzLoader):
    """Moments as Django wants them, read by the interpreter's own parser: a list of orders has hundreds.

    The connection speaks UTC and ISO, so `2026-03-20 06:00:00.5+00` is all there is; what lies outside
    Python's years is left to psycopg.
    """

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        """The moment in UTC."""
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return super().load(data)


class PreparedCursor(base.CursorMixin, RawCursor[Any]):
    """A cursor whose texts carry `$1`, `$2` …: nothing of them is read again at each run."""


def numbered(text: str) -> str:
    """The text of Django's compilers with numbered places: `%s` → `$1` …, `%%` → `%`."""
    numbers = count(1)
    return re.sub("%[s%]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", text)


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
        opened: Any = super().get_new_connection(conn_params)
        if self.timezone == UTC:
            opened.adapters.register_loader("timestamptz", UtcLoader)
        return opened

    def prepared_cursor(self) -> Any:
        """A cursor for numbered texts, which the server keeps prepared when they come often (`numbered`)."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(self.connection)
            loader = self.connection.adapters.get_loader(TIMESTAMPTZ, pq.Format.TEXT)
            if self.timezone != loader.timezone:
                register_tzloader(self.timezone, cursor)
        wrapper: Any = self  # the stubs leave out what counts and logs queries
        return wrapper._prepare_cursor(cursor)  # noqa: SLF001 - as `cursor()` does

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
