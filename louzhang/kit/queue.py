"""Work done later by the worker, stored in the same database and the same transaction as its cause.

`tasks.py` of an app declares jobs with `@queue.app.task(queueing_lock=…)` and an action defers them
inside its transaction (`tasks.tell.defer(event_id=…)`): a rolled back action leaves no job. Queue
names carry the district, since one cluster can hold many districts and the queue's notifications
are per database. The worker says every ten seconds that it lives; pages read `worker_is_up()`.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import procrastinate
from django.conf import settings
from django.db import close_old_connections, connection, transaction
from procrastinate import exceptions, manager, tasks
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params

__all__ = ["app", "defer", "last_beat", "name", "on_app_ready", "steadily", "work", "worker_is_up"]

BEAT_SECONDS: Final = 10
SILENCE_SECONDS: Final = 3 * BEAT_SECONDS
LAST_JOB_SECONDS: Final = 10
NICE: Final = 15
DECLARED_WITHOUT_QUEUE: Final = "default"

log = logging.getLogger(__name__)
_steady: list[tuple[Callable[[], None], float]] = []


def name() -> str:
    """Return the queue of this district."""
    return str(settings.QUEUE_NAME)


def on_app_ready(ready: procrastinate.App) -> None:
    """Give every job declared without a queue the district's own one."""
    for task in ready.tasks.values():
        if task.queue == DECLARED_WITHOUT_QUEUE:
            task.queue = name()


def defer(task: str, *, key: str, **arguments: int | str) -> bool:
    """Leave a job by its name ("louzhang.journal.tasks.develop") in the transaction of the caller.

    Inside the worker too, where `app`'s own connection is another one. Jobs of one `key` never
    run at once, and while one waits a second is not stored: then the answer is False.
    """
    own = f"{name()}:{key}"
    deferrer = tasks.configure_task(
        name=task, job_manager=manager.JobManager(DjangoConnector()), queue=name(), lock=own, queueing_lock=own
    )
    try:
        with transaction.atomic():
            deferrer.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def last_beat() -> datetime | None:
    """Return when a worker last said that it is alive, by the database's clock; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        row = cursor.fetchone()
    return row[0] if row else None


def worker_is_up() -> bool:
    """Tell whether a worker was heard of within the last half minute; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_heartbeat) >= now() - make_interval(secs => %s) FROM procrastinate_workers",
            [SILENCE_SECONDS],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def steadily(*, seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Have the worker do something again and again, this long after it was done; for what may not wait a minute."""

    def declare(do: Callable[[], None]) -> Callable[[], None]:
        _steady.append((do, seconds))
        return do

    return declare


def work() -> None:
    """Do this district's jobs, one at a time, until TERM; the running job may finish within ten seconds.

    Where the processors are all busy, whoever waits for a page goes before what can wait.
    """
    os.nice(NICE)
    connection.ensure_connection()  # starts the embedded server when that is the one
    connector = procrastinate.PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3)
    with _steady_work(), app.replace_connector(connector) as working:
        working.run_worker(
            queues=[name()],
            concurrency=1,
            update_heartbeat_interval=BEAT_SECONDS,
            stalled_worker_timeout=SILENCE_SECONDS,
            shutdown_graceful_timeout=LAST_JOB_SECONDS,
        )


@contextmanager
def _steady_work() -> Iterator[None]:
    """Each steady piece of work in a thread of its own, until the block ends."""
    stop = threading.Event()
    threads = [threading.Thread(target=_keep_doing, args=(do, seconds, stop)) for do, seconds in _steady]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(LAST_JOB_SECONDS)


def _keep_doing(do: Callable[[], None], seconds: float, stop: threading.Event) -> None:
    while not stop.wait(seconds):
        try:
            do()
        except Exception as error:  # noqa: BLE001 - the database may be away for a while; the next round tries again
            log.error("%s failed: %s", do.__name__, type(error).__name__)  # noqa: TRY400 - its words may be personal
        finally:
            close_old_connections()
    connection.close()
