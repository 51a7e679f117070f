"""Work done later by the worker, stored in the same database and the same transaction as its cause.

`tasks.py` of an app declares its jobs with `@queue.app.task(...)` and defers them inside the action's
transaction: a rolled back action leaves no job. Queue names carry the district, since one cluster
can hold many districts and the queue's notifications are per database.
"""

from datetime import datetime, timedelta
from typing import Final

import procrastinate
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

__all__ = ["BEAT_SECONDS", "SILENCE", "app", "last_beat", "name", "on_app_ready", "worker_is_up"]

BEAT_SECONDS: Final = 10
SILENCE: Final = timedelta(seconds=3 * BEAT_SECONDS)


def name() -> str:
    """Return the queue of this district."""
    return str(settings.QUEUE_NAME)


def on_app_ready(ready: procrastinate.App) -> None:
    """Give every job declared without a queue the district's own one."""
    for task in ready.tasks.values():
        if task.queue == "default":
            task.queue = name()


def last_beat() -> datetime | None:
    """Return when a worker last said that it is alive, by the database's clock; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        row = cursor.fetchone()
    return row[0] if row else None


def worker_is_up() -> bool:
    """Tell whether a worker was heard of within the last half minute."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - max(last_heartbeat) <= %s FROM procrastinate_workers", [SILENCE])
        row = cursor.fetchone()
    return bool(row and row[0])
