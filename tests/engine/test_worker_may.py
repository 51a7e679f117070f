"""Every job that runs by the clock has the rights it needs, as the role of the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from psycopg import sql

from louzhang.kit import queue
from tests.cast import cast_of_now

pytestmark = pytest.mark.django_db
# The queue's own jobs use its own connection; the seal waits until no transaction runs, and a test is one.
NOT_HERE = ("louzhang.shell.tasks.", "louzhang.journal.tasks.seal_day")


def jobs() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for entry in queue.app.periodic_registry.periodic_tasks.values():
        if not entry.task.name.startswith(NOT_HERE):
            found[entry.task.name] = partial(entry.task.func, timestamp=0)
    for act, _ in queue._steady:
        found[f"{act.__module__}.{act.__qualname__}"] = act
    return found


@pytest.fixture
def as_worker() -> Iterator[None]:
    cast_of_now()
    login = sql.Identifier(settings.DATABASE_LOGINS["worker"])
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(login))
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_there_are_jobs_of_every_kind():
    assert len(jobs()) > 25
    assert {name.split(".")[1] for name in jobs()} >= {"journal", "notices", "register", "workorders", "fieldwork"}


@pytest.mark.usefixtures("as_worker")
def test_every_job_may_do_what_it_does():
    refused = []
    for name, act in jobs().items():
        try:
            with transaction.atomic():
                act()
        except ProgrammingError as error:
            refused.append(f"{name}: {str(error).splitlines()[0]}")
    assert refused == []
