"""Lets every request of the tests act with the rights of the role `web`, as it does in a real place.

Without this a page that deletes where only the owner may would pass its tests and fail its users.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from psycopg import pq, sql

GetResponse = Callable[[HttpRequest], HttpResponse]


class WebRoleMiddleware:
    """Changes the role for the time of one request; not counted among its queries."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._say(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.DATABASE_LOGINS["web"])))
        try:
            return self.get_response(request)
        finally:
            self._say(sql.SQL("RESET ROLE"))

    def _say(self, statement: sql.Composed | sql.SQL) -> None:
        # Past Django, which would count it and refuse it in a test without a database.
        raw: Any = connection.connection
        if raw is not None and not raw.closed and raw.info.transaction_status != pq.TransactionStatus.INERROR:
            raw.execute(statement)
