"""What every test gets: no way out to the network, media in a folder of its own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis

from tests import kept_database
from tests.emptying import empty_tables

# The same examples in every run, however busy the machine; `--hypothesis-profile deep` looks further by hand.
hypothesis.register_profile("steady", deadline=None, derandomize=True)
hypothesis.register_profile("deep", deadline=None, max_examples=2_000)
hypothesis.load_profile("steady")

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse connections that leave this machine: a test that needs the world is not a test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    """Keep uploaded files of a test in its own temporary folder."""
    settings.MEDIA_PLACE = settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEALS_PLACE = tmp_path / "seals"
    settings.BALLOT_KEYS_PLACE = tmp_path / "ballots"


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Keep nothing of the test before: the cast has the same ids in every test. A worker counts as alive."""
    cache.clear()
    cache.set("worker.is_up", True, None)


@pytest.fixture(scope="session")
def database_kept(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[Callable[[], None]]:
    """Copy the database of an earlier run; where there is none, the run that migrates gives a copy."""
    with ExitStack() as held:
        held.enter_context(kept_database.alone())
        name, of_test = kept_database.kept_name(), connection.settings_dict["TEST"]
        with django_db_blocker.unblock():
            is_there = kept_database.stands(name)
        if is_there:
            of_test["TEMPLATE"] = name

        def made() -> None:
            if not is_there:
                with django_db_blocker.unblock():
                    kept_database.keep(connection.settings_dict["NAME"], name)
            held.close()

        yield made


@pytest.fixture(scope="session")
def django_db_setup(database_kept: Callable[[], None], django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End sessions that still hold the test database when it goes: a browser's last request, a thread's."""
    database_kept()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.fixture(autouse=True, scope="session")
def quick_flush() -> Iterator[None]:
    """Empty what a committing test filled, the queue too, instead of truncating some hundred tables and filling two."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
    yield
    patch.undo()
