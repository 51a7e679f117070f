"""Says whether the web server, its database and the worker are well."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from louzhang.kit import queue


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages can be served; a missing worker is said but does not take the site down."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        worker = "up" if queue.worker_is_up() else "down"
    except DatabaseError:
        return JsonResponse({"web": "up", "database": "down", "worker": "unknown"}, status=503)
    return JsonResponse({"web": "up", "database": "up", "worker": worker})
